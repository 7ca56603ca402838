namespace Madang.Operations.Rules;

/// <summary>When a step of time can be judged: when all who speak have spoken after its end, or have had time enough to.</summary>
internal sealed class StepClock(TimeZoneInfo zone)
{
    private const int LooksBack = 12, SilentSteps = 3;

    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(2);

    /// <summary>How long a step of a signal is; nothing for those that know no steps.</summary>
    public static TimeSpan WidthOf(RuleSignal signal) => signal switch { MeanSignal mean => TimeSpan.FromMinutes(mean.StepMinutes), UsualSignal => TimeSpan.FromHours(1), NeighboursSignal near => TimeSpan.FromMinutes(near.StepMinutes), _ => TimeSpan.Zero };

    /// <summary>Up to where a subject can be judged now: the end of its newest step that is over, at least where it is judged already; null when nothing was heard of it.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="now">The city's clock: real data are judged by it, simulated ones by their own newest reading.</param>
    public DateTimeOffset? FindEnd(StepSubject subject, DateTimeOffset now)
    {
        if (subject.Rule.Rule.Signal is ScheduleSignal schedule)
        {
            var steps = ScheduleSteps.Of(schedule, zone, subject.JudgedUntil, now.AddTicks(1)).ToList();
            return steps.Count > 1 || (steps[0].Value == 1) != (subject.Level > 0) ? now : subject.JudgedUntil;
        }

        if ((subject.Rule.Rule.Data == CityData.Simulated ? subject.Newest : now) is not { } clock)
        {
            return null;
        }

        var width = WidthOf(subject.Rule.Rule.Signal);
        var end = Floor(clock, width);
        for (var looked = 0; looked < LooksBack && end > subject.JudgedUntil && !IsOver(subject, end, clock, width); looked++)
        {
            end = Floor(end.AddTicks(-1), width);
        }

        return end > subject.JudgedUntil ? end : subject.JudgedUntil;
    }

    /// <summary>The start of the step that holds a moment, as the series of Sensing cut them: days by the city's clock, all else by UTC.</summary>
    public DateTimeOffset Floor(DateTimeOffset at, TimeSpan width)
    {
        if (width < TimeSpan.FromDays(1))
        {
            return new DateTimeOffset(at.UtcTicks - (at.UtcTicks % width.Ticks), TimeSpan.Zero);
        }

        var midnight = TimeZoneInfo.ConvertTime(at, zone).Date;
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>Who has been silent for long is not waited for; who speaks rarely is waited for longer.</summary>
    private static bool IsOver(StepSubject subject, DateTimeOffset end, DateTimeOffset now, TimeSpan width)
    {
        var (all, settle) = (true, Settle);
        foreach (var (cadence, heard) in subject.Heard)
        {
            var every = cadence > width ? cadence.Value : width;
            if (heard >= end - (every * SilentSteps))
            {
                all &= heard >= end;
                settle = every / 2 > settle && cadence >= width ? every / 2 : settle;
            }
        }

        return all || now - end >= settle;
    }
}
