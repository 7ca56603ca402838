using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>
/// What the city watches for, as data: where, which signal, from which value, for how long, by whose law and since when.
/// Laws change, so a rule has a first and a last day; the rule after it is a rule of its own.
/// </summary>
public sealed record Rule
{
    /// <summary>What people call it.</summary>
    public required RuleText Name { get; init; }

    /// <summary>The department that answers for it.</summary>
    public required RuleText Owner { get; init; }

    /// <summary>The law, notice or decision that sets its numbers.</summary>
    public required RuleSource Source { get; init; }

    /// <summary>The first day on which it holds, in the city.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day on which it holds; null while no end is known.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Real or simulated data; the two are never mixed.</summary>
    public CityData Data { get; init; }

    /// <summary>Which datastreams it watches.</summary>
    public RuleScope Scope { get; init; } = new();

    /// <summary>For what it speaks: for each datastream, each district, each region, or the city.</summary>
    public RuleSubject Each { get; init; }

    /// <summary>What is made of the readings, step by step.</summary>
    public required RuleSignal Signal { get; init; }

    /// <summary>Whether high or low values are the trouble.</summary>
    public RuleSide Side { get; init; }

    /// <summary>From the lowest level to the highest.</summary>
    public required IReadOnlyList<RuleLevel> Levels { get; init; }

    /// <summary>True when what follows from it gives orders to people: then a second person reviews each change of it.</summary>
    public bool GivesOrders { get; init; }

    /// <summary>True when everybody may know of its alerts; else only those who act on them.</summary>
    public bool IsPublic { get; init; }

    /// <summary>The unit of the values that its levels judge; null for minutes and for what is counted.</summary>
    [JsonIgnore]
    public string? ValueUnit => Signal switch
    {
        CountSignal { As: CountAs.Share } => "%",
        SilenceSignal or UnchangedSignal or ScheduleSignal or CountSignal or CombinationSignal or FactsSignal => null,
        _ => Scope.Unit,
    };
}

/// <summary>The same words in both languages.</summary>
/// <param name="Ko">Korean.</param>
/// <param name="En">English.</param>
public sealed record RuleText(string Ko, string En);

/// <summary>Where a rule's numbers come from.</summary>
/// <param name="Title">The law and its article or table, or who decided it and when.</param>
/// <param name="Url">Where to read it; null when it stands nowhere.</param>
public sealed record RuleSource(string Title, string? Url = null);

/// <summary>One level of warning.</summary>
/// <param name="Name">Its word, such as <c>advisory</c>.</param>
/// <param name="From">The value from which it is reached, in the unit of the signal.</param>
/// <param name="HoldMinutes">For how long the value must reach it without a break; 0 for at once.</param>
/// <param name="Lift">The value below which it is left (above which, where low values are the trouble).</param>
public sealed record RuleLevel(string Name, double From, int HoldMinutes, double Lift)
{
    /// <summary>What people call it; null for <see cref="Name"/>.</summary>
    public RuleText? Title { get; init; }
}

/// <summary>Which values are the trouble.</summary>
[JsonConverter(typeof(KebabEnum<RuleSide>))]
public enum RuleSide
{
    /// <summary>High ones.</summary>
    Above,

    /// <summary>Low ones.</summary>
    Below,
}

/// <summary>For what a rule speaks.</summary>
[JsonConverter(typeof(KebabEnum<RuleSubject>))]
public enum RuleSubject
{
    /// <summary>Each datastream for itself.</summary>
    Datastream,

    /// <summary>Each district, from the datastreams in it.</summary>
    District,

    /// <summary>Each region of <see cref="RuleScope.Regions"/>.</summary>
    Region,

    /// <summary>The whole city.</summary>
    City,
}

/// <summary>Which datastreams a rule watches; what is empty or null does not narrow it.</summary>
public sealed record RuleScope
{
    /// <summary>The measure's code, such as <c>pm25</c>; null where the signal does not read a measure.</summary>
    public string? Measure { get; init; }

    /// <summary>The unit's symbol, as the datastreams write it; those with another are left out.</summary>
    public string? Unit { get; init; }

    /// <summary>Codes of districts.</summary>
    public IReadOnlyList<string> Districts { get; init; } = [];

    /// <summary>Districts put together under one name, for rules that speak for regions.</summary>
    public IReadOnlyList<RuleRegion> Regions { get; init; } = [];

    /// <summary>The kind that the Thing says it is (<c>properties.kind</c>), such as <c>air-station</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>A word that the Thing must carry (<c>properties.tags</c>).</summary>
    public string? Tag { get; init; }

    /// <summary>The corners of an area, longitude and latitude in WGS 84; it closes itself.</summary>
    public IReadOnlyList<double[]> Polygon { get; init; } = [];

    /// <summary><c>@iot.id</c>s of datastreams.</summary>
    public IReadOnlyList<long> Datastreams { get; init; } = [];
}

/// <summary>Districts under one name, such as the five ozone regions of Seoul.</summary>
/// <param name="Code">Small letters, digits and hyphens.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Districts">Codes of districts; a district belongs to one region at most.</param>
public sealed record RuleRegion(string Code, RuleText Name, IReadOnlyList<string> Districts);
