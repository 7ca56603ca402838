namespace Madang.Operations;

/// <summary>Which incidents are asked for.</summary>
public sealed record IncidentQuery
{
    /// <summary>True for those that are worked on, false for those that are closed, null for both.</summary>
    public bool? Open { get; init; }

    /// <summary>Those of one kind alone.</summary>
    public string? Kind { get; init; }

    /// <summary>Those in one district alone, by its code.</summary>
    public string? District { get; init; }

    /// <summary>Real or simulated; null for both.</summary>
    public CityData? Data { get; init; }

    /// <summary>Those with a smaller number than this: where the page before ended.</summary>
    public long? Before { get; init; }

    /// <summary>How many, 1 to 500.</summary>
    public int Top { get; init; } = 100;
}

/// <summary>What is said when an incident is opened.</summary>
public sealed record NewIncident
{
    /// <summary>The word of its <see cref="IncidentKind"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>What it is, in a line.</summary>
    public string? Title { get; init; }

    /// <summary>Where, in words.</summary>
    public string? Place { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public double? Longitude { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public double? Latitude { get; init; }

    /// <summary>The department that answers for it.</summary>
    public string? Department { get; init; }

    /// <summary>How bad it is.</summary>
    public IncidentSeverity? Severity { get; init; }

    /// <summary>Real, unless it belongs to a simulation or an exercise.</summary>
    public CityData Data { get; init; }

    /// <summary>When its first stage was; now when nobody says.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>An alert it is about.</summary>
    public long? Alert { get; init; }
}

/// <summary>What a dispatch system says of an incident.</summary>
public sealed record DispatchReport
{
    /// <summary>The word of its <see cref="IncidentKind"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>What it is, in a line.</summary>
    public string? Title { get; init; }

    /// <summary>When the system said so, by its own clock: the newest report counts, whichever comes last. When it does not say, the last time of a stage in it.</summary>
    public DateTimeOffset? SaidAt { get; init; }

    /// <summary>Where, in words.</summary>
    public string? Place { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public double? Longitude { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public double? Latitude { get; init; }

    /// <summary>The unit or department that answers for it.</summary>
    public string? Department { get; init; }

    /// <summary>How bad it is.</summary>
    public IncidentSeverity? Severity { get; init; }

    /// <summary>Real, unless it belongs to a simulation or an exercise.</summary>
    public CityData Data { get; init; }

    /// <summary>The stages that were reached so far, or some of them, in any order.</summary>
    public IReadOnlyList<DispatchStage> Stages { get; init; } = [];
}

/// <summary>When a stage was reached, as a dispatch system says it.</summary>
/// <param name="Stage">The stage's word.</param>
/// <param name="At">When.</param>
public sealed record DispatchStage(string Stage, DateTimeOffset At);

/// <summary>What became of a report of a dispatch system.</summary>
/// <param name="Id">The incident.</param>
/// <param name="IsNew">True when it was opened now.</param>
/// <param name="Changed">True when the report changed something.</param>
public sealed record DispatchReceipt(long Id, bool IsNew, bool Changed);
