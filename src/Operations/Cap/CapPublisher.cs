using Microsoft.Extensions.Logging;

namespace Madang.Operations.Cap;

/// <summary>
/// Gives out what alerts say as CAP messages. It looks at the stories of alerts and not at facts, so that a crash, another
/// node or an alert from before this module loses nothing; what was said is known from what was given out.
/// </summary>
internal sealed partial class CapPublisher(CapLedger ledger, CapPlaces places, CapAuthor author, TimeProvider clock, ILogger<CapPublisher> log)
{
    /// <summary>How often all stories are looked at. Between, only a new line makes it look: on PostgreSQL a line may be committed after one with a greater number.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(30);

    private long newest = -1;
    private long? looked;

    /// <summary>Says what is due.</summary>
    public async Task Turn(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var last = await ledger.Newest(cancel);
        if (last != newest || looked is not { } before || clock.GetElapsedTime(before) >= Whole)
        {
            var unsaid = await ledger.ListUnsaid(now - CapPlan.Validity, cancel);
            await Say(unsaid, now, cancel);
            (newest, looked) = (unsaid.Count < CapLedger.AtOnce ? last : -1, clock.GetTimestamp());
        }

        await Say(await ledger.ListOld(now, cancel), now, cancel);
    }

    /// <summary>One that cannot be said holds up no other; it is tried again when all are looked at.</summary>
    private async Task Say(IReadOnlyList<long> alerts, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var alert in alerts)
        {
            try
            {
                await Say(alert, now, cancel);
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                SayFailed(log, alert, exception);
            }
        }
    }

    private async Task Say(long alert, DateTimeOffset now, CancellationToken cancel)
    {
        if (await ledger.Find(alert, cancel) is not { Lines.Count: > 0 } chain)
        {
            return;
        }

        var (due, renewAt) = chain.Rule.IsPublic ? CapPlan.Of(chain, now, (number, sent) => author.Name(alert, number, sent)) : ([], null);
        var line = Math.Max(chain.Line, chain.Lines[^1].Id);
        if (due.Count == 0 && line == chain.Line)
        {
            return;
        }

        var area = due.Count == 0 ? [] : await places.Find(chain.Rule, chain.Subject, chain.SubjectName, chain.IsStorm ? chain.Members : null, cancel);
        var messages = due.Select((each, index) => author.Write(chain, each, chain.Number + index + 1, area)).ToList();
        await ledger.Keep(chain, line, messages, renewAt, cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Alert {Alert} could not be given out as CAP; trying again soon.")]
    private static partial void SayFailed(ILogger log, long alert, Exception exception);
}
