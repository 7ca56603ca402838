using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>Something a department is to do by a time, because a scenario was started, or an automation ran.</summary>
public sealed record CityTask
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>What stands in place of a scenario's word when an automation made it.</summary>
    public const string ByAutomation = "automation";

    /// <summary>The word of the scenario; <see cref="ByAutomation"/> when none made it.</summary>
    public required string Scenario { get; init; }

    /// <summary>The word of the scenario's stage, or of the automation.</summary>
    public required string Stage { get; init; }

    /// <summary>The incident it is for; null for none.</summary>
    public required long? Incident { get; init; }

    /// <summary>The alert that started it; null when a person did.</summary>
    public required long? Alert { get; init; }

    /// <summary>Real, or part of a simulation or an exercise.</summary>
    public required CityData Data { get; init; }

    /// <summary>The word of the task within the stage.</summary>
    public required string Task { get; init; }

    /// <summary>What is to be done, as the scenario said it when it was started.</summary>
    public required RuleText Text { get; init; }

    /// <summary>Who is to do it.</summary>
    public required RuleText Department { get; init; }

    /// <summary>When the scenario was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What became of it.</summary>
    public required TaskState State { get; init; }

    /// <summary>True when it is open and its time is over, or was answered after its time.</summary>
    public required bool IsLate { get; init; }

    /// <summary>What was answered; null while it is open, and when nothing was said or it is no longer kept.</summary>
    public required string? Answer { get; init; }

    /// <summary>When it was answered.</summary>
    public required DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Who answered, an opaque id.</summary>
    public required string? AnsweredBy { get; init; }
}

/// <summary>What became of a task.</summary>
[JsonConverter(typeof(KebabEnum<TaskState>))]
public enum TaskState
{
    /// <summary>It waits to be done.</summary>
    Open = 1,

    /// <summary>It was done.</summary>
    Done = 2,

    /// <summary>It will not be done, and why is said.</summary>
    Declined = 3,
}

/// <summary>Which tasks are asked for.</summary>
public sealed record TaskQuery
{
    /// <summary>What became of them; null for all.</summary>
    public TaskState? State { get; init; }

    /// <summary>True for those alone whose time is over and that wait.</summary>
    public bool IsLate { get; init; }

    /// <summary>Those of one department alone, by its Korean or English name.</summary>
    public string? Department { get; init; }

    /// <summary>Real or simulated; null for both.</summary>
    public CityData? Data { get; init; }

    /// <summary>Those of one scenario alone.</summary>
    public string? Scenario { get; init; }

    /// <summary>Those with a smaller number than this: where the page before ended.</summary>
    public long? Before { get; init; }

    /// <summary>How many, 1 to 500.</summary>
    public int Top { get; init; } = 100;
}

/// <summary>A start of a stage of a scenario.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Scenario">The word of the scenario.</param>
/// <param name="Stage">The word of the stage.</param>
/// <param name="Tasks">How many tasks it made.</param>
public sealed record ScenarioStart(long Id, string Scenario, string Stage, int Tasks);

/// <summary>A department that has tasks.</summary>
/// <param name="Name">Who it is.</param>
/// <param name="Open">How many of its tasks wait.</param>
/// <param name="Late">How many of these are late.</param>
public sealed record TaskDepartment(RuleText Name, int Open, int Late);
