using Madang.Kernel;
using Madang.Sensing.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>Messages that were refused: counted, told to the log a few times a minute, and explained to whoever wants to hear.</summary>
internal sealed partial class Refusals(TimeProvider clock, ILogger<Refusals> log)
{
    private const int LinesAMinute = 20, LongestReason = 500;

    private readonly Lock gate = new();
    private long minute;
    private int lines, silent;

    /// <summary>What an exception means to who sent the message. A bug is logged whole and told without detail.</summary>
    public Verdict Failed(Exception exception)
    {
        switch (exception)
        {
            case InvalidInputException { Field: "topic" or "path" }:
                return new Verdict(Reason.TopicNameInvalid, exception.Message);
            case InvalidInputException:
                return new Verdict(Reason.PayloadFormatInvalid, exception.Message);
            case CityRuleException { Status: 401 or 403 }:
                return new Verdict(Reason.NotAuthorized, exception.Message);
            case CityRuleException { Status: 404 or 405 }:
                return new Verdict(Reason.TopicNameInvalid, exception.Message);
            case CityRuleException:
                return new Verdict(Reason.ImplementationSpecificError, exception.Message);
            case UnavailableException:
                return new Verdict(Reason.ImplementationSpecificError, exception.Message);
            default:
                Broken(log, exception);
                return new Verdict(Reason.UnspecifiedError, "The server made a mistake.");
        }
    }

    public void Count(Verdict verdict, Session? session)
    {
        MqttMeters.Refused.Add(1, new KeyValuePair<string, object?>("reason", verdict.Reason.ToString()));
        if (session is not null && verdict.Reason == Reason.NotAuthorized)
        {
            session.Standing.Refused("mqtt", "PUBLISH", (int)verdict.Reason);
        }

        if (MaySpeak())
        {
            Refused(log, session?.ClientId ?? "?", session?.Caller.Id ?? "?", verdict.Reason, Cut(verdict.Text ?? ""));
        }
    }

    /// <summary>The reason in words, for a client that has not asked to be spared them (5.0, 3.1.2.11.7).</summary>
    public static Properties Explain(Verdict verdict, Session? session) =>
        verdict.Text is { } text && session?.Connection?.WantsReasons != false ? new Properties().Add(PropertyId.ReasonString, Cut(text)) : Properties.None;

    /// <summary>The store takes nothing now: acknowledgements are held.</summary>
    public void Held(Exception exception)
    {
        if (MaySpeak())
        {
            Holding(log, exception.Message);
        }
    }

    public static string Cut(string text) => text.Length <= LongestReason ? text : text[..LongestReason] + "…";

    private bool MaySpeak()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp() / clock.TimestampFrequency / 60;
            if (now != minute)
            {
                if (silent > 0)
                {
                    Silent(log, silent);
                }

                (minute, lines, silent) = (now, 0, 0);
            }

            if (lines >= LinesAMinute)
            {
                silent++;
                return false;
            }

            lines++;
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of the MQTT client {Client} ({Who}) was refused, {Reason}: {Text}")]
    private static partial void Refused(ILogger log, string client, string who, Reason reason, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MQTT acknowledgements are held, the store takes nothing now: {Reason}")]
    private static partial void Holding(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} more lines about MQTT messages were left out of the log; the counter madang.sensing.mqtt.messages.refused has all.")]
    private static partial void Silent(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "An MQTT message could not be handled.")]
    private static partial void Broken(ILogger log, Exception exception);
}
