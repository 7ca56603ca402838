using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Automations;

/// <summary>One turn of the clock: starts what is to start at this time, and lets lamps go whose time is over.</summary>
internal sealed partial class AutomationTurn(AutomationBook book, AutomationRunner runner, Undoing undoing, TimeProvider clock, TimeZoneInfo zone, ILogger<AutomationTurn> log)
{
    /// <summary>What should have started longer ago, while the city did not run, does not start any more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> started = new();

    /// <summary>Does what is due now.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await Try(() => undoing.GiveBackDue(cancel), "lamps", cancel);
        foreach (var revision in (await book.ListAll(cancel)).Where(known => known.Runs).Select(known => known.InForce!))
        {
            if (Slot(revision.Automation.When, now) is { } slot && slot > revision.InForceAt && now - slot <= Grace && !(started.TryGetValue(revision.Id, out var last) && last == slot))
            {
                await Try(
                    async () =>
                    {
                        await runner.Run(revision, new Occasion(FormattableString.Invariant($"at:{slot.UtcDateTime:yyyy-MM-dd'T'HH:mm}"), Occasion.City), cancel);
                        started[revision.Id] = slot;
                    },
                    revision.Id, cancel);
            }
        }
    }

    /// <summary>The last time until now at which it should start; null when no time starts it.</summary>
    private DateTimeOffset? Slot(AutomationTrigger trigger, DateTimeOffset now)
    {
        switch (trigger)
        {
            case EveryTrigger every:
                var minutes = now.ToUnixTimeSeconds() / 60;
                return DateTimeOffset.FromUnixTimeSeconds((minutes - (minutes % every.Minutes)) * 60);
            case ClockTrigger set:
                var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
                // A week back there is one, whichever days it names.
                return Enumerable.Range(0, 8).Select(back => today.AddDays(-back)).Where(day => set.Days.Count == 0 || set.Days.Contains(day.DayOfWeek == DayOfWeek.Sunday ? RuleDay.Sunday : (RuleDay)day.DayOfWeek))
                    .Select(day => Moment(day.ToDateTime(set.Time))).Cast<DateTimeOffset?>().FirstOrDefault(at => at <= now);
            default:
                return null;
        }
    }

    private DateTimeOffset Moment(DateTime local) => new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();

    private async Task Try(Func<Task> work, string what, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // One holds up no other; it is tried again with the next turn.
            CouldNotStart(log, what, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The automation {Automation} could not be started; it is tried again.")]
    private static partial void CouldNotStart(ILogger log, string automation, Exception exception);
}
