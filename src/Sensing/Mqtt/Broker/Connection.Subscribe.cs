using Madang.Kernel;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>What a client subscribes to (3.8 and 3.10).</summary>
internal sealed partial class Connection
{
    private async Task<bool> Subscribe(SubscribePacket subscribe)
    {
        inbox.Submit();
        var identifier = subscribe.Properties.Number(PropertyId.SubscriptionIdentifier);
        var codes = new List<byte>(subscribe.Asked.Count);
        string? why = null;
        foreach (var asked in subscribe.Asked)
        {
            var verdict = await Subscribe(asked, identifier);
            if (!verdict.IsStored)
            {
                why ??= $"{asked.Filter}: {verdict.Text}";
            }

            codes.Add(verdict.IsStored ? asked.Qos : Outgoing.Version == MqttVersion.V5 ? (byte)verdict.Reason : (byte)Reason.UnspecifiedError);
        }

        Outgoing.Send(new CodesPacket(PacketKind.SubAck, subscribe.Id, codes)
        {
            Properties = why is not null && WantsReasons ? new Properties().Add(PropertyId.ReasonString, Refusals.Cut(why)) : Properties.None,
        });
        return ending is null;
    }

    private async Task<Verdict> Subscribe(AskedSubscription asked, uint? identifier)
    {
        var mine = session!;
        if (!mine.Has(asked.Filter) && mine.SubscriptionCount >= office.Options.MaxSubscriptions)
        {
            return new Verdict(Reason.QuotaExceeded, $"A session has at most {office.Options.MaxSubscriptions} subscriptions.");
        }

        if (mine.Standing.Take() is { } wait)
        {
            mine.Standing.Refused("mqtt", "SUBSCRIBE", (int)Reason.QuotaExceeded);
            return new Verdict(Reason.QuotaExceeded, FormattableString.Invariant($"Too much was asked; try again in {Math.Ceiling(wait.TotalSeconds)} seconds."));
        }

        if (Who() is not { } caller || !StandingCaller.Meets(caller, Policies.PublicRead))
        {
            return new Verdict(Reason.NotAuthorized, "This caller may not read.");
        }

        mine.Standing.Enter(caller, "/mqtt/" + asked.Filter);

        try
        {
            var found = office.Watches.Add(mine, await office.Filters.Resolve(asked, identifier, closing.Token));
            if (!mine.Keep(found))
            {
                office.Watches.Remove(mine, found);
            }

            return new Verdict(Reason.Success);
        }
        catch (BadFilterException bad)
        {
            return new Verdict(bad.Reason, bad.Message);
        }
        catch (Exception exception) when (exception is InvalidInputException or CityRuleException)
        {
            return new Verdict(Reason.TopicFilterInvalid, exception.Message);
        }
        catch (Exception exception) when (exception is UnavailableException || StorageModule.IsOutage(exception))
        {
            return new Verdict(Reason.ImplementationSpecificError, "The store cannot be read now; try again a little later.");
        }
    }

    private void Unsubscribe(UnsubscribePacket unsubscribe)
    {
        var codes = new List<byte>(unsubscribe.Filters.Count);
        foreach (var filter in unsubscribe.Filters)
        {
            var dropped = session!.Drop(filter);
            codes.Add((byte)(dropped is null ? Reason.NoSubscriptionExisted : Reason.Success));
            if (dropped is not null)
            {
                office.Watches.Remove(session, dropped);
            }
        }

        Outgoing.Send(new CodesPacket(PacketKind.UnsubAck, unsubscribe.Id, codes));
    }
}
