namespace Madang.Sensing.Health;

/// <summary>What is known of one Datastream when it is judged.</summary>
internal sealed record StreamFacts
{
    public required long Id { get; init; }

    /// <summary>When its last Observation began.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>The last result, when it is a number.</summary>
    public double? LastNumber { get; init; }

    /// <summary>How often it speaks, as it says or as was learned; null when nobody knows.</summary>
    public TimeSpan? Cadence { get; init; }

    /// <summary>What its numbers can be; null when nobody says.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>It says itself that one number for hours is normal (<c>properties.steady</c>).</summary>
    public bool IsSteady { get; init; }

    /// <summary>Its last full hours; null when it was not looked for, or there are none.</summary>
    public RecentHours? Recent { get; init; }
}

/// <summary>The last full hours of a Datastream, from its rollups.</summary>
/// <param name="Count">Readings in 24 hours.</param>
/// <param name="Hours">How many of these hours have any.</param>
/// <param name="LateCount">Readings in the last six of these hours.</param>
/// <param name="LateHours">How many of the six have any.</param>
/// <param name="LateMin">The smallest of them.</param>
/// <param name="LateMax">The greatest of them.</param>
internal sealed record RecentHours(long Count, long Hours, long LateCount, long LateHours, double? LateMin, double? LateMax);
