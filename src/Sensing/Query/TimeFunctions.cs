using System.Globalization;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>
/// The functions on times (OGC 18-088, table 22). Times are kept in UTC, so each part is of UTC and the offset is 0; the part of
/// an interval is that of its start.
/// </summary>
internal static class TimeFunctions
{
    private const string Day = "86400000000", Hour = "3600000000", Minute = "60000000", Second = "1000000";

    /// <summary>The part of a time, date or time of day that a function names; null when it names none.</summary>
    public static Term? Part(SqlText sql, Arguments arguments)
    {
        var name = arguments.Call.Function;
        return name switch
        {
            "year" or "month" or "day" => new Term { Number = InCalendar(sql, name, DaysOf(arguments)) },
            "hour" => new Term { Number = $"({ClockOf(arguments)} / {Hour})" },
            "minute" => new Term { Number = $"({ClockOf(arguments)} / {Minute} % 60)" },
            "second" => new Term { Number = $"({ClockOf(arguments)} / {Second} % 60)" },
            "fractionalseconds" => new Term { Number = $"(({ClockOf(arguments)} % {Second}) / 1000000.0)" },
            "date" => new Term { Day = DaysOf(arguments) },
            "time" => new Term { Clock = ClockOf(arguments) },
            "totaloffsetminutes" => new Term { Number = $"({arguments.Time(0).Start} * 0)" },
            "totalseconds" => new Term { Number = $"({arguments[0].Duration ?? throw arguments.Wrong(0, "a duration")} / 1000000.0)" },
            _ => null,
        };
    }

    public static Term Now(TimeProvider clock) => Constant(clock.GetUtcNow());

    public static Term Least() => Constant(IsoTime.Earliest);

    public static Term Most() => Constant(IsoTime.Latest.AddMicroseconds(-1));

    private static Term Constant(DateTimeOffset time) => new() { Time = (time.ToMicros().ToString(CultureInfo.InvariantCulture), null) };

    private static string DaysOf(Arguments arguments) => arguments[0] switch
    {
        { Day: { } day } => day,
        { Time: { Start: var micros } } => $"(({micros} - {Clock(micros)}) / {Day})",
        _ => throw arguments.Wrong(0, "a time or date"),
    };

    private static string ClockOf(Arguments arguments) => arguments[0] switch
    {
        { Clock: { } clock } => clock,
        { Time: { Start: var micros } } => Clock(micros),
        _ => throw arguments.Wrong(0, "a time or time of day"),
    };

    /// <summary>Microseconds since midnight; before 1970 too, where a remainder is negative.</summary>
    private static string Clock(string micros) => $"(({micros} % {Day} + {Day}) % {Day})";

    private static string InCalendar(SqlText sql, string part, string days) => sql.Engine == Engine.Sqlite
        ? $"CAST(strftime('{part switch { "year" => "%Y", "month" => "%m", _ => "%d" }}', {days} * 86400, 'unixepoch') AS INTEGER)"
        : $"CAST(extract({part} FROM (DATE '1970-01-01' + CAST({days} AS integer))) AS double precision)";
}

/// <summary>
/// How two instants or intervals lie to each other (OGC 18-088, table 23). Intervals are half-open, <c>[start, end)</c>; an
/// instant begins and ends at once.
/// </summary>
internal static class IntervalRelations
{
    public static Term? Find(Arguments arguments) => arguments.Call.Function switch
    {
        "before" => Of(arguments, Comparison.Before),
        "after" => Of(arguments, (left, right) => Comparison.Before(right, left)),
        "meets" => Of(arguments, (left, right) => $"{Comparison.LastOf(left)} = {right.Start} OR {left.Start} = {Comparison.LastOf(right)}"),
        "during" => Of(arguments, During),
        "overlaps" => Of(arguments, (left, right) => $"{Begins(left, right)} AND {Begins(right, left)}"),
        "starts" => Of(arguments, (left, right) => $"{left.Start} = {right.Start}"),
        "finishes" => Of(arguments, (left, right) => $"{Comparison.LastOf(left)} = {Comparison.LastOf(right)}"),
        _ => null,
    };

    private static Term Of(Arguments arguments, Func<(string Start, string? End), (string Start, string? End), string> relation) =>
        new() { Condition = $"({relation(arguments.Time(0), arguments.Time(1))})" };

    /// <summary>The first begins before the second is over; an instant is over after itself.</summary>
    private static string Begins((string Start, string? End) first, (string Start, string? End) second) => second.End is null
        ? $"{first.Start} <= {second.Start}"
        : $"CASE WHEN {second.End} IS NULL THEN {first.Start} <= {second.Start} ELSE {first.Start} < {second.End} END";

    /// <summary>The first lies within the second; the end of an interval is no part of it, so an instant there is outside.</summary>
    private static string During((string Start, string? End) first, (string Start, string? End) second)
    {
        var ends = first.End is null ? Begins(first, second) : $"CASE WHEN {first.End} IS NULL THEN {Begins(first, second)} ELSE {first.End} <= {Comparison.LastOf(second)} END";
        return $"{first.Start} >= {second.Start} AND {ends}";
    }
}
