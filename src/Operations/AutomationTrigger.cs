using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>What starts an automation.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ClockTrigger), "clock")]
[JsonDerivedType(typeof(EveryTrigger), "every")]
[JsonDerivedType(typeof(AlertTrigger), "alert")]
[JsonDerivedType(typeof(IncidentTrigger), "incident")]
public abstract record AutomationTrigger;

/// <summary>A time of the city's clock.</summary>
/// <param name="Time">The time, in whole minutes.</param>
public sealed record ClockTrigger(TimeOnly Time) : AutomationTrigger
{
    /// <summary>Days of the week; empty for all.</summary>
    public IReadOnlyList<RuleDay> Days { get; init; } = [];
}

/// <summary>Again and again, counted from midnight UTC on the first day of 1970.</summary>
/// <param name="Minutes">How many minutes lie between two times.</param>
public sealed record EveryTrigger(int Minutes) : AutomationTrigger;

/// <summary>Something happens to an alert.</summary>
/// <param name="Rule">The word of its rule.</param>
public sealed record AlertTrigger(string Rule) : AutomationTrigger
{
    /// <summary>What happens.</summary>
    public IReadOnlyList<AlertMoment> On { get; init; } = [AlertMoment.Raised, AlertMoment.Upgraded];

    /// <summary>The name of the level that it reaches, or, when it is lifted, had reached; null for any. With a level it starts once for an alert.</summary>
    public string? Level { get; init; }

    /// <summary>The code of a district in which it holds; null for anywhere.</summary>
    public string? District { get; init; }
}

/// <summary>What happens to an alert that can start something.</summary>
[JsonConverter(typeof(KebabEnum<AlertMoment>))]
public enum AlertMoment
{
    /// <summary>It is raised.</summary>
    Raised = 1,

    /// <summary>It reaches a higher level.</summary>
    Upgraded = 2,

    /// <summary>It is lifted.</summary>
    Lifted = 3,
}

/// <summary>An incident is opened, or reaches a stage.</summary>
public sealed record IncidentTrigger : AutomationTrigger
{
    /// <summary>The word of its kind; null for any.</summary>
    public string? Incident { get; init; }

    /// <summary>The word of the stage; null for when it is opened.</summary>
    public string? Stage { get; init; }
}
