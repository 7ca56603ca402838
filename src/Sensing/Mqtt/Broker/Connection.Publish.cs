using System.Buffers;
using System.Security.Cryptography;
using Madang.Kernel;
using Madang.Sensing.Ingest;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Madang.Trust;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>What a client publishes (3.3).</summary>
internal sealed partial class Connection
{
    /// <summary>Who is over a limit for longer than this has used up a quota: he is told, not slowed.</summary>
    private static readonly TimeSpan LongestSlowing = TimeSpan.FromMinutes(1);

    private async ValueTask<bool> Receive(PublishPacket publish)
    {
        MqttMeters.Received.Add(1);
        var topic = Unalias(publish);
        if (publish.Retain && Outgoing.Version == MqttVersion.V5)
        {
            throw new BadPacketException(Reason.RetainNotSupported, "No retained messages are kept.");
        }

        if (publish.Properties.Has(PropertyId.SubscriptionIdentifier))
        {
            throw BadPacketException.Protocol("A client does not send a subscription identifier.");
        }

        if (session!.Standing.Take() is { } wait && !await Slow(wait, publish))
        {
            return Outgoing.Version == MqttVersion.V5 && publish.Qos > 0;
        }

        if (Who() is not { } caller)
        {
            return false;
        }

        try
        {
            TakeIn(publish, topic, caller);
        }
        catch (Exception exception) when (exception is InvalidInputException or CityRuleException)
        {
            inbox.Add(publish.Id, publish.Qos, office.Refusals.Failed(exception));
        }

        return true;
    }

    /// <summary>Reads the message while its bytes are at hand; what it asks for is done later, with others.</summary>
    private void TakeIn(PublishPacket publish, string topic, Caller caller)
    {
        var mine = session!;
        var target = TargetOf(topic);
        target.Demand(caller);
        int? mark = publish.Qos == 1 && mine.ExpirySeconds > 0 ? Mark(topic, publish.Payload) : null;
        if (publish.Dup && mark is { } known && mine.WasStored(publish.Id, known))
        {
            inbox.Add(publish.Id, publish.Qos, new Verdict(Reason.Success));
            return;
        }

        if (target.Door is { } door)
        {
            var sent = publish.Payload.ToArray();
            var identity = KeyOf(publish);
            inbox.Add(publish.Id, publish.Qos, () => Receive(door, sent, identity), mark);
            return;
        }

        using var document = office.Intake.Parse(publish.Payload);
        var single = target.IsDataArray ? null : office.Intake.ReadObservation(target, document.RootElement);
        if (single is null && !target.IsDataArray)
        {
            var payload = publish.Payload.ToArray();
            var key = KeyOf(publish);
            inbox.Add(publish.Id, publish.Qos, () => Create(target, payload, key), mark);
            return;
        }

        ReadOnlySpan<NewObservation> observations = single is not null ? [single] : [.. office.Intake.ReadArrays(document.RootElement)];
        foreach (var observation in observations)
        {
            observation.Origin = mine;
        }

        if (KeyOf(publish) is { } once)
        {
            inbox.Add(publish.Id, publish.Qos, observations, once);
        }
        else
        {
            inbox.Add(publish.Id, publish.Qos, observations, mark);
        }
    }

    private async Task<Verdict> Create(PublishTarget target, byte[] payload, IdempotencyKey? key)
    {
        await office.Intake.Create(target, payload, key, session!, closing.Token);
        return new Verdict(Reason.Success);
    }

    /// <summary>What fits through a device door is stored and what does not is kept; both are durable when it is acknowledged.</summary>
    private async Task<Verdict> Receive(string door, byte[] payload, IdempotencyKey? key)
    {
        await office.Intake.Receive(door, payload, key, closing.Token);
        return new Verdict(Reason.Success);
    }

    /// <summary>Of a message of QoS 2: by what the store knows it when it comes again.</summary>
    private IdempotencyKey? KeyOf(PublishPacket publish)
    {
        if (publish.Qos != 2)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in publish.Payload)
        {
            hash.AppendData(segment.Span);
        }

        return new IdempotencyKey(session!.KeyOfReceived(publish.Id), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static int Mark(string topic, in ReadOnlySequence<byte> payload)
    {
        var hash = new HashCode();
        hash.Add(topic, StringComparer.Ordinal);
        foreach (var segment in payload)
        {
            hash.AddBytes(segment.Span);
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// Over a limit: a little is waited out, which slows the sender and loses nothing. A quota that is used up is told to
    /// clients of 5.0; the others', and messages without an acknowledgement, end the connection.
    /// </summary>
    private async ValueTask<bool> Slow(TimeSpan wait, PublishPacket publish)
    {
        // What came before is not held up, and the bytes of this message stay where they are.
        inbox.Submit();
        for (TimeSpan? next = wait; next is { } pause; next = session!.Standing.Take())
        {
            if (pause > LongestSlowing)
            {
                session!.Standing.Refused("mqtt", "PUBLISH", (int)Reason.QuotaExceeded);
                if (Outgoing.Version == MqttVersion.V5 && publish.Qos > 0)
                {
                    inbox.Add(publish.Id, publish.Qos, new Verdict(Reason.QuotaExceeded, FormattableString.Invariant($"A quota is used up; it begins anew in {Math.Ceiling(pause.TotalMinutes)} minutes.")));
                }
                else
                {
                    End(Reason.QuotaExceeded, "A quota is used up.");
                }

                return false;
            }

            Volatile.Write(ref isWaiting, true);
            await Task.Delay(pause, CancellationToken.None);
            Volatile.Write(ref heardAt, office.Clock.GetTimestamp());
            Volatile.Write(ref isWaiting, false);
            if (ending is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The caller as he stands now; null when he is nobody any more.</summary>
    private Caller? Who()
    {
        if (session!.Standing.Now is { } caller)
        {
            return caller;
        }

        End(Reason.NotAuthorized, "The key has ended.");
        return null;
    }

    private PublishTarget TargetOf(string topic)
    {
        if (lastTarget.Target is { } known && lastTarget.Topic == topic)
        {
            return known;
        }

        if (topic.Length > office.Options.MaxTopicLength)
        {
            throw new InvalidInputException("topic", $"has more than {office.Options.MaxTopicLength} characters");
        }

        var target = PublishTarget.Parse(topic);
        lastTarget = (topic, target);
        return target;
    }

    /// <summary>The topic that an alias stands for, or that it shall stand for from now on (5.0, 3.3.2.3.4).</summary>
    private string Unalias(PublishPacket publish)
    {
        if (publish.Properties.Number(PropertyId.TopicAlias) is not { } alias)
        {
            return publish.Topic;
        }

        if (alias > TopicAliases)
        {
            throw new BadPacketException(Reason.TopicAliasInvalid, $"There are topic aliases 1 to {TopicAliases}.");
        }

        aliases ??= new string?[TopicAliases + 1];
        if (publish.Topic.Length > 0)
        {
            return aliases[alias] = publish.Topic;
        }

        return aliases[alias] ?? throw BadPacketException.Protocol("A topic alias stands for nothing yet.");
    }
}
