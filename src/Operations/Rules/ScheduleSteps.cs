namespace Madang.Operations.Rules;

/// <summary>The steps of a schedule: when its hours begin and when they end, in the city's time.</summary>
internal static class ScheduleSteps
{
    /// <summary>1 from where its hours begin and 0 from where they end, in order, from one moment until another (not included).</summary>
    public static IEnumerable<Step> Of(ScheduleSignal signal, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset until)
    {
        var was = IsWithin(signal, zone, from);
        yield return new Step(from, from, was ? 1 : 0);
        foreach (var moment in Bounds(signal, zone, from, until))
        {
            var now = IsWithin(signal, zone, moment);
            if (now != was)
            {
                yield return new Step(moment, moment, now ? 1 : 0);
                was = now;
            }
        }
    }

    /// <summary>True when the schedule counts at this moment. Hours over midnight belong to the day on which they began.</summary>
    public static bool IsWithin(ScheduleSignal signal, TimeZoneInfo zone, DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        return signal.FromTime < signal.UntilTime ? Counts(signal, day) && time >= signal.FromTime && time < signal.UntilTime
            : time >= signal.FromTime ? Counts(signal, day)
            : time < signal.UntilTime && Counts(signal, day.AddDays(-1));
    }

    private static bool Counts(ScheduleSignal signal, DateOnly day) =>
        (signal.Months.Count == 0 || signal.Months.Contains(day.Month))
        && (signal.Days.Count == 0 || signal.Days.Contains(day.DayOfWeek == DayOfWeek.Sunday ? RuleDay.Sunday : (RuleDay)day.DayOfWeek));

    /// <summary>The moments at which it may change.</summary>
    private static IEnumerable<DateTimeOffset> Bounds(ScheduleSignal signal, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset until)
    {
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime);
        for (var day = first; ; day = day.AddDays(1))
        {
            foreach (var time in new[] { signal.FromTime, signal.UntilTime }.Order())
            {
                var local = day.ToDateTime(time, DateTimeKind.Unspecified);
                var moment = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
                if (moment >= until)
                {
                    yield break;
                }

                if (moment > from)
                {
                    yield return moment;
                }
            }
        }
    }
}
