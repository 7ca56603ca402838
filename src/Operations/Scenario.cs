using System.Text.Json.Serialization;
using Madang.Operations.Scenarios;

namespace Madang.Operations;

/// <summary>What is to be done in a kind of disaster, stage by stage, as data.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="About">What it is for, in a sentence or two.</param>
/// <param name="Sources">The laws and manuals it is made from.</param>
/// <param name="Stages">In their order.</param>
public sealed record Scenario(RuleText Name, RuleText About, IReadOnlyList<RuleSource> Sources, IReadOnlyList<ScenarioStage> Stages)
{
    /// <summary>Its word, such as <c>pm-emergency</c>: the name of its file.</summary>
    public string Id { get; init; } = "";

    /// <summary>The kind of incident it belongs to; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Incident { get; init; }

    /// <summary>Every scenario, in order of its word.</summary>
    public static IReadOnlyList<Scenario> All => ShippedScenarios.All;

    /// <summary>The scenario of a word; null when there is none.</summary>
    public static Scenario? Find(string? id) => All.FirstOrDefault(scenario => scenario.Id == id);

    /// <summary>The stage of a word; null when there is none.</summary>
    public ScenarioStage? FindStage(string? code) => Stages.FirstOrDefault(stage => stage.Code == code);
}

/// <summary>A stage of a scenario.</summary>
/// <param name="Code">Its word.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Tasks">What is to be done.</param>
/// <param name="Contacts">Who is told, by role; never a person, never a number.</param>
/// <param name="Messages">What is told to whom.</param>
public sealed record ScenarioStage(string Code, RuleText Name, IReadOnlyList<ScenarioTask> Tasks, IReadOnlyList<RuleText> Contacts, IReadOnlyList<ScenarioMessage> Messages)
{
    /// <summary>The alert that starts it; null when people alone do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScenarioTrigger? StartsWith { get; init; }
}

/// <summary>The alert that starts a stage.</summary>
/// <param name="Rule">The rule's word; the same rule for simulated data starts it too.</param>
/// <param name="Level">The name of the level that is reached.</param>
public sealed record ScenarioTrigger(string Rule, string Level);

/// <summary>Something to be done.</summary>
/// <param name="Id">Its word within the stage.</param>
/// <param name="Text">What.</param>
/// <param name="Department">Who does it.</param>
/// <param name="DueMinutes">How soon after the start.</param>
public sealed record ScenarioTask(string Id, RuleText Text, RuleText Department, int DueMinutes)
{
    /// <summary>The article it follows from; null for the city's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }
}

/// <summary>Words that are ready to be sent.</summary>
/// <param name="Id">The word of the template.</param>
/// <param name="To">For whom they are.</param>
/// <param name="Text">The words.</param>
public sealed record ScenarioMessage(string Id, RuleText To, RuleText Text);
