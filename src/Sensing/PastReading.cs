namespace Madang.Sensing;

/// <summary>A numeric reading that has been.</summary>
/// <param name="Datastream">The Datastream's <c>@iot.id</c>.</param>
/// <param name="At">The start of its phenomenon time.</param>
/// <param name="Number">The result.</param>
public readonly record struct PastReading(long Datastream, DateTimeOffset At, double Number);
