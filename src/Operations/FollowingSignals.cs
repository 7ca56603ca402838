using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>Another rule by which a rule goes.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Level">The level that must be in force, or a higher one; null for any.</param>
public sealed record RuleUse(string Rule, string? Level = null);

/// <summary>How many datastreams of an area another rule has found something at: those of its datastreams that are in the scope.</summary>
/// <param name="Rule">The id of a rule that speaks for each datastream.</param>
public sealed record CountSignal(string Rule) : RuleSignal
{
    /// <summary>The level that must be in force, or a higher one; null for any.</summary>
    public string? Level { get; init; }

    /// <summary>The level was in force at any time within so many minutes; 0 for now.</summary>
    public int WithinMinutes { get; init; } = 10;

    /// <summary>What is counted.</summary>
    public CountOf Of { get; init; }

    /// <summary>A number, or the share of all in percent.</summary>
    public CountAs As { get; init; }
}

/// <summary>What is counted.</summary>
[JsonConverter(typeof(KebabEnum<CountOf>))]
public enum CountOf
{
    /// <summary>Datastreams.</summary>
    Datastreams,

    /// <summary>Things, each once however many of its datastreams count.</summary>
    Things,
}

/// <summary>How it is told.</summary>
[JsonConverter(typeof(KebabEnum<CountAs>))]
public enum CountAs
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>Percent of all in the area that the other rule watches.</summary>
    Share,
}

/// <summary>
/// How many of some other rules have a level in force: all of them, one, or at least some, as the levels say. A rule that speaks
/// for a district, a region or the city counts for each datastream and each smaller area in it; one that speaks for each
/// datastream counts for that one or, where it does not watch it, for the others of its Thing.
/// </summary>
/// <param name="Rules">The other rules, at most ten.</param>
public sealed record CombinationSignal(IReadOnlyList<RuleUse> Rules) : RuleSignal;

/// <summary>How many facts of another module there were in an area within the last minutes.</summary>
/// <param name="Of">Which facts.</param>
public sealed record FactsSignal(RuleFacts Of) : RuleSignal
{
    /// <summary>The kinds that count, by their codes; empty for all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>For so many minutes each counts.</summary>
    public int WithinMinutes { get; init; } = 60;
}

/// <summary>The facts that can be counted.</summary>
[JsonConverter(typeof(KebabEnum<RuleFacts>))]
public enum RuleFacts
{
    /// <summary>Incidents, from when they were opened here; those that went into another are not counted.</summary>
    Incidents,
}
