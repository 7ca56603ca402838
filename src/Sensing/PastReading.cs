namespace Madang.Sensing;

/// <summary>A reading that has been.</summary>
/// <param name="Datastream">The Datastream's <c>@iot.id</c>.</param>
/// <param name="At">The start of its phenomenon time.</param>
/// <param name="Number">The result; null when it is no number.</param>
public sealed record PastReading(long Datastream, DateTimeOffset At, double? Number);
