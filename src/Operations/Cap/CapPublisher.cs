using Madang.Operations.Duty;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Cap;

/// <summary>
/// Gives out what alerts say as CAP messages. It looks at the stories of alerts and not at facts, so that a crash, another
/// node or an alert from before this module loses nothing; what was said is known from what was given out. While an alert is
/// worked on (maintenance) nothing is said of it but the end of what was said before; what rose and ended within the work is never said.
/// </summary>
internal sealed partial class CapPublisher(CapLedger ledger, CapPlaces places, CapAuthor author, AlertCover cover, TimeProvider clock, ILogger<CapPublisher> log)
{
    /// <summary>How often all stories are looked at. Between, only a new line makes it look: on PostgreSQL a line may be committed after one with a greater number.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(30);

    /// <summary>How often it is asked whether the work is over on what should be renewed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long newest = -1;
    private long? looked;

    /// <summary>Says what is due.</summary>
    public async Task Turn(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var last = await ledger.Newest(cancel);
        if (last != newest || looked is not { } before || clock.GetElapsedTime(before) >= Whole)
        {
            var isHeld = await SayUnsaid(now, cancel);
            // The end of work is no line of a story, so what is held is looked at each time.
            (newest, looked) = (last, isHeld ? null : clock.GetTimestamp());
        }

        var old = await ledger.ListOld(now, cancel);
        var covers = await cover.Find(old, now, cancel);
        foreach (var alert in old)
        {
            await Try(() => covers[alert].Any(window => window.LastsAt(now)) ? Postpone(alert, now, cancel) : Say(alert, covers[alert], now, cancel), alert, cancel);
        }
    }

    /// <summary>Says all that is new, page after page, so that what is held holds up no other. True when something is held.</summary>
    private async Task<bool> SayUnsaid(DateTimeOffset now, CancellationToken cancel)
    {
        var (isHeld, last) = (false, 0L);
        IReadOnlyList<UnsaidAlert> page;
        do
        {
            page = await ledger.ListUnsaid(now - CapPlan.Validity, last, cancel);
            var covers = await cover.FindWithLifted([.. page.Select(each => each.Alert)], now, cancel);
            foreach (var (alert, isOver) in page)
            {
                last = alert;
                if (!isOver && covers[alert].Any(window => window.LastsAt(now)))
                {
                    isHeld = true;
                }
                else
                {
                    await Try(() => Say(alert, covers[alert], now, cancel), alert, cancel);
                }
            }
        }
        while (page.Count == CapLedger.AtOnce);
        return isHeld;
    }

    /// <summary>One that cannot be said holds up no other; it is tried again when all are looked at.</summary>
    private async Task Try(Func<Task> say, long alert, CancellationToken cancel)
    {
        try
        {
            await say();
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            SayFailed(log, alert, exception);
        }
    }

    /// <summary>What is worked on is not renewed.</summary>
    private async Task Postpone(long alert, DateTimeOffset now, CancellationToken cancel)
    {
        if (await ledger.Find(alert, cancel) is { } chain)
        {
            await ledger.Keep(chain, chain.Line, [], now + Pause, cancel);
        }
    }

    private async Task Say(long alert, IEnumerable<MaintenanceWindow> windows, DateTimeOffset now, CancellationToken cancel)
    {
        if (await ledger.Find(alert, cancel) is not { Lines.Count: > 0 } chain)
        {
            return;
        }

        var (due, renewAt) = chain.Rule.IsPublic ? CapPlan.Of(chain, now, (number, sent) => author.Name(alert, number, sent), [.. windows]) : ([], null);
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
