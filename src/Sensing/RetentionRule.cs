namespace Madang.Sensing;

/// <summary>How long a Datastream keeps what it was told.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="RawDays">Days for which its Observations are kept, the last one whole.</param>
/// <param name="RollupDays">Days for which what was summed up from them is kept, at least <paramref name="RawDays"/>; null for ever.</param>
/// <param name="RawFrom">Observations that start before this were removed; null when none were yet.</param>
public sealed record RetentionRule(long Datastream, string Name, int RawDays, int? RollupDays, DateTimeOffset? RawFrom);

/// <summary>What a rule removed at one time.</summary>
/// <param name="Datastream">The <c>@iot.id</c> of its Datastream.</param>
/// <param name="Before">What began before this was removed.</param>
/// <param name="Observations">How many Observations.</param>
/// <param name="Rollups">How many rollups.</param>
/// <param name="EndedAt">When it was done.</param>
public sealed record RetentionRun(long Datastream, DateTimeOffset Before, long Observations, long Rollups, DateTimeOffset EndedAt);
