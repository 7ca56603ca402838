using System.Text;
using Madang.Kernel;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Mqtt.Topics;
using Madang.Trust;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>How a client comes in (3.1 and 3.2).</summary>
internal sealed partial class Connection
{
    private const int LongestClientId = 256;

    /// <summary>The return codes of 3.1.1 (table 3.1) for those of 5.0.</summary>
    private static byte CodeOf311(Reason reason) => reason switch
    {
        Reason.UnsupportedProtocolVersion => 1,
        Reason.ClientIdentifierNotValid => 2,
        Reason.BadUserNameOrPassword => 4,
        Reason.NotAuthorized or Reason.TopicNameInvalid or Reason.RetainNotSupported => 5,
        _ => 3,
    };

    private bool Connect(ConnectPacket connect)
    {
        if (session is not null)
        {
            throw BadPacketException.Protocol("A second CONNECT came.");
        }

        Outgoing.Version = connect.Version;
        WantsReasons = connect.Properties.Number(PropertyId.RequestProblemInformation) != 0;
        // The address pays for each attempt, before the secret is looked at: who guesses is held up as over HTTP.
        if (office.Callers.TakeAddress(peer.Address) is { } wait)
        {
            Refuse(new Verdict(Reason.QuotaExceeded, FormattableString.Invariant($"Too much was asked; try again in {Math.Ceiling(wait.TotalSeconds)} seconds.")));
            return false;
        }

        var standing = FindCaller(connect);
        var refusal = standing is null ? new Verdict(Reason.BadUserNameOrPassword, "The user name or password is wrong, or has ended.") : Judge(connect, standing);
        if (refusal is { } no)
        {
            Refuse(no);
            return false;
        }

        Open(connect, standing!);
        return true;
    }

    /// <summary>Who shows these credentials, or those of the web request; null when they are wrong.</summary>
    private StandingCaller? FindCaller(ConnectPacket connect)
    {
        var (name, secret) = (connect.UserName, connect.Password is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes) : null);
        return string.IsNullOrEmpty(name) && secret is null
            ? office.Callers.Find(null, peer.Secret, peer.Address, peer.IsNear)
            : office.Callers.Find(name, secret, peer.Address, peer.IsNear);
    }

    /// <summary>Why a client is not let in; null when it is.</summary>
    private static Verdict? Judge(ConnectPacket connect, StandingCaller standing)
    {
        if (connect.Properties.Has(PropertyId.AuthenticationMethod))
        {
            return new Verdict(Reason.BadAuthenticationMethod, "Only user names and passwords are taken.");
        }

        if (connect.ClientId.Length > LongestClientId || connect.ClientId.Any(char.IsControl) || (connect.ClientId.Length == 0 && connect.Version == MqttVersion.V311 && !connect.CleanStart))
        {
            return new Verdict(Reason.ClientIdentifierNotValid, $"The client identifier has 1 to {LongestClientId} printable characters.");
        }

        return connect.Will is { } left ? JudgeWill(left, connect.Version, standing) : null;
    }

    private static Verdict? JudgeWill(WillMessage left, MqttVersion version, StandingCaller standing)
    {
        if (left.Retain && version == MqttVersion.V5)
        {
            return new Verdict(Reason.RetainNotSupported, "No retained messages are kept.");
        }

        try
        {
            PublishTarget.Parse(left.Topic).Demand(standing.Now ?? Caller.Nobody);
            return null;
        }
        catch (InvalidInputException bad)
        {
            return new Verdict(Reason.TopicNameInvalid, "The will's " + bad.Message);
        }
        catch (CityRuleException)
        {
            return new Verdict(Reason.NotAuthorized, "This caller may not publish there, so neither may its will.");
        }
    }

    private void Refuse(Verdict verdict)
    {
        MqttMeters.Rejected.Add(1);
        if (verdict.Reason is Reason.BadUserNameOrPassword or Reason.NotAuthorized or Reason.QuotaExceeded)
        {
            office.Callers.Refused("mqtt", "CONNECT", (int)verdict.Reason, peer.Address);
        }

        var isNew = Outgoing.Version == MqttVersion.V5;
        Outgoing.Send(new ConnAckPacket(false, isNew ? (byte)verdict.Reason : CodeOf311(verdict.Reason)) { Properties = isNew ? new Properties().Add(PropertyId.ReasonString, verdict.Text!) : Properties.None });
    }

    private void Open(ConnectPacket connect, StandingCaller standing)
    {
        var caller = standing.Now!;
        var isNobody = caller.Kind == CallerKind.Anonymous;
        var clientId = connect.ClientId.Length > 0 ? connect.ClientId : $"madang-{Guid.NewGuid():N}";
        // Whoever says nothing of himself could take any nobody's session: his ends with his connection, and stands among those of his address.
        var scope = isNobody ? $"{caller.Id} {CallerAddress.Find(peer.Address)}" : caller.Id;
        var asked = connect.Version == MqttVersion.V5 ? connect.Properties.Number(PropertyId.SessionExpiryInterval) ?? 0 : connect.CleanStart ? 0 : uint.MaxValue;
        var expiry = isNobody ? 0 : Math.Min(asked, office.LongestSession);
        var (mine, isResumed, before, ended) = office.Sessions.Open(
            scope, clientId, connect.CleanStart, standing, this, (ushort)(connect.Properties.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue), connect.Properties.Number(PropertyId.MaximumPacketSize) ?? uint.MaxValue);
        before?.End(Reason.SessionTakenOver, "The same client has connected again.");
        office.SendWillOf(ended);
        (mine.ExpirySeconds, will, session) = (expiry, connect.Will, mine);
        standing.CameIn("mqtt");

        var keepAlive = connect.Version == MqttVersion.V311 ? connect.KeepAlive : (ushort)Math.Min(connect.KeepAlive == 0 ? ushort.MaxValue : connect.KeepAlive, office.Options.MaxKeepAliveSeconds);
        patience = keepAlive * 1.5;
        Outgoing.Send(new ConnAckPacket(isResumed, 0) { Properties = connect.Version == MqttVersion.V5 ? Abilities(connect, clientId, keepAlive, asked, expiry) : Properties.None });
        Outgoing.Source = mine;
        Outgoing.Wake();
    }

    /// <summary>What a client of 5.0 is told of this server (3.2.2.3).</summary>
    private Properties Abilities(ConnectPacket connect, string clientId, ushort keepAlive, uint asked, uint expiry)
    {
        var told = new Properties()
            .Add(PropertyId.ReceiveMaximum, (uint)office.Options.ReceiveMaximum)
            .Add(PropertyId.RetainAvailable, 0)
            .Add(PropertyId.MaximumPacketSize, (uint)office.Options.MaxPacketKilobytes * 1024)
            .Add(PropertyId.TopicAliasMaximum, TopicAliases)
            .Add(PropertyId.SharedSubscriptionAvailable, 0);
        if (connect.ClientId.Length == 0)
        {
            told.Add(PropertyId.AssignedClientIdentifier, clientId);
        }

        if (keepAlive != connect.KeepAlive)
        {
            told.Add(PropertyId.ServerKeepAlive, keepAlive);
        }

        return expiry == asked ? told : told.Add(PropertyId.SessionExpiryInterval, expiry);
    }
}
