using System.Reflection;
using Madang.Operations.Rules;

namespace Madang.Operations;

/// <summary>A kind of incident, as data: which stages it goes through, and how soon.</summary>
/// <param name="Code">Its word, such as <c>fire</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Source">The law that makes it the city's business.</param>
/// <param name="Stages">In their order; the last one closes it.</param>
/// <param name="Targets">How soon one stage should follow another.</param>
public sealed record IncidentKind(string Code, RuleText Name, RuleSource Source, IReadOnlyList<IncidentStage> Stages, IReadOnlyList<GoldenTime> Targets)
{
    private static readonly Lazy<IReadOnlyList<IncidentKind>> Shipped = new(() =>
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("incidents/kinds")!;
        return YamlForm.Read<IReadOnlyList<IncidentKind>>(file);
    });

    /// <summary>Every kind, in the order of a choice.</summary>
    public static IReadOnlyList<IncidentKind> All => Shipped.Value;

    /// <summary>The stage with which it begins.</summary>
    public IncidentStage First => Stages[0];

    /// <summary>The stage that closes it.</summary>
    public IncidentStage Last => Stages[^1];

    /// <summary>The kind of a word; null when there is none.</summary>
    public static IncidentKind? Find(string? code) => All.FirstOrDefault(kind => kind.Code == code);

    /// <summary>The stage of a word; null when this kind has none of it.</summary>
    public IncidentStage? FindStage(string? code) => Stages.FirstOrDefault(stage => stage.Code == code);

    /// <summary>Its place in the order, from 0; -1 for none.</summary>
    internal int Order(string? code)
    {
        for (var i = 0; i < Stages.Count; i++)
        {
            if (Stages[i].Code == code)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A stage of a kind of incident.</summary>
/// <param name="Code">Its word, such as <c>arrived</c>.</param>
/// <param name="Name">What people call it.</param>
public sealed record IncidentStage(string Code, RuleText Name);

/// <summary>How soon one stage should follow another (골든타임).</summary>
/// <param name="From">The stage from which is counted.</param>
/// <param name="To">The stage that should be reached.</param>
/// <param name="Minutes">In at most so many minutes.</param>
/// <param name="Source">Who says so; null for the city's own.</param>
public sealed record GoldenTime(string From, string To, int Minutes, RuleSource? Source = null);
