using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>Something that happens at a place and that the city works on until it is closed.</summary>
public sealed record Incident
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The word of its <see cref="IncidentKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What people call the kind.</summary>
    public required RuleText KindName { get; init; }

    /// <summary>What it is, in the words of who reported it; empty when that is no longer kept.</summary>
    public required string Title { get; init; }

    /// <summary>Where, in words; null when nobody said, or when it is no longer kept.</summary>
    public required string? Place { get; init; }

    /// <summary>Degrees, WGS 84; null when not known.</summary>
    public required double? Longitude { get; init; }

    /// <summary>Degrees, WGS 84.</summary>
    public required double? Latitude { get; init; }

    /// <summary>The code of the district the place lies in; null when not known.</summary>
    public required string? District { get; init; }

    /// <summary>The department that answers for it; null when nobody said.</summary>
    public required string? Department { get; init; }

    /// <summary>How bad it is; null when nobody said.</summary>
    public required IncidentSeverity? Severity { get; init; }

    /// <summary>Real, or part of a simulation or an exercise.</summary>
    public required CityData Data { get; init; }

    /// <summary>The dispatch system that tells of it; null when a person opened it.</summary>
    public required string? System { get; init; }

    /// <summary>Its id in that system.</summary>
    public required string? ExternalId { get; init; }

    /// <summary>When it was opened here.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was closed, or went into another; null while it is open.</summary>
    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The incident it went into; null for none.</summary>
    public required long? MergedInto { get; init; }

    /// <summary>The incident it was taken out of; null for none.</summary>
    public required long? SplitFrom { get; init; }

    /// <summary>The stage it is in; null when none is known.</summary>
    public required IncidentStage? Stage { get; init; }

    /// <summary>The stages that were reached, in the order of the kind.</summary>
    public required IReadOnlyList<IncidentStageTime> Stages { get; init; }

    /// <summary>Its golden times, and what became of them.</summary>
    public required IReadOnlyList<IncidentTarget> Targets { get; init; }

    /// <summary>True while it is worked on.</summary>
    public bool IsOpen => ClosedAt is null;
}

/// <summary>When a stage was reached.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="At">When.</param>
/// <param name="ToldAt">When it was said: with a dispatch system, by its own clock.</param>
/// <param name="ToldBy">Who said it, an opaque id.</param>
/// <param name="IsDoubtful">True when a dispatch system gave it a time before that of an earlier stage: then it does not count.</param>
public sealed record IncidentStageTime(IncidentStage Stage, DateTimeOffset At, DateTimeOffset ToldAt, string? ToldBy, bool IsDoubtful);

/// <summary>A golden time of an incident.</summary>
/// <param name="From">The stage from which is counted.</param>
/// <param name="To">The stage that should be reached.</param>
/// <param name="Minutes">In at most so many minutes.</param>
/// <param name="Source">Who says so; null for the city's own.</param>
/// <param name="State">What became of it.</param>
/// <param name="DueAt">Until when; null while the first stage is not reached.</param>
/// <param name="ElapsedMinutes">How long it took, or takes so far; null while the first stage is not reached, and when the second was skipped.</param>
public sealed record IncidentTarget(IncidentStage From, IncidentStage To, int Minutes, RuleSource? Source, TargetState State, DateTimeOffset? DueAt, double? ElapsedMinutes);

/// <summary>What became of a golden time.</summary>
[JsonConverter(typeof(KebabEnum<TargetState>))]
public enum TargetState
{
    /// <summary>The stage from which is counted is not reached.</summary>
    Waiting,

    /// <summary>It can still be met.</summary>
    Running,

    /// <summary>Its time is over, and the stage is not reached.</summary>
    Late,

    /// <summary>The stage was reached in time.</summary>
    Met,

    /// <summary>The stage was reached too late.</summary>
    Missed,

    /// <summary>One of its stages was skipped, so nobody knows.</summary>
    Unknown,
}

/// <summary>How bad an incident is, in the words of CAP 1.2 (<c>severity</c>).</summary>
[JsonConverter(typeof(KebabEnum<IncidentSeverity>))]
public enum IncidentSeverity
{
    /// <summary>Little or no danger.</summary>
    Minor = 1,

    /// <summary>Some danger.</summary>
    Moderate = 2,

    /// <summary>Much danger.</summary>
    Severe = 3,

    /// <summary>Danger to the lives of many.</summary>
    Extreme = 4,
}
