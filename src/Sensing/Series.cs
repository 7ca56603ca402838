namespace Madang.Sensing;

/// <summary>How wide the buckets of a <see cref="Series"/> are, in minutes.</summary>
public enum SeriesStep
{
    /// <summary>Ten minutes, aligned to UTC.</summary>
    TenMinutes = 10,

    /// <summary>An hour, aligned to UTC.</summary>
    Hour = 60,

    /// <summary>A day of the city's own calendar (<c>Sensing:TimeZone</c>).</summary>
    Day = 1440,
}

/// <summary>The numeric Observations of one Datastream, summed up by bucket.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="Unit">The unit's symbol.</param>
/// <param name="Step">The width of the buckets.</param>
/// <param name="Points">The buckets that hold anything, in order of time; a gap is an absent bucket.</param>
public sealed record Series(long Datastream, string Unit, SeriesStep Step, IReadOnlyList<SeriesPoint> Points);

/// <summary>One bucket. An Observation belongs to the bucket in which its phenomenon time starts.</summary>
/// <param name="From">The first moment of the bucket.</param>
/// <param name="To">The first moment after it.</param>
/// <param name="Count">How many numeric Observations.</param>
/// <param name="Min">The smallest result.</param>
/// <param name="Max">The greatest result.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Last">The result with the latest phenomenon time.</param>
public sealed record SeriesPoint(DateTimeOffset From, DateTimeOffset To, long Count, double Min, double Max, double Mean, double Last);
