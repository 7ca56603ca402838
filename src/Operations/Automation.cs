using System.Text.Json.Serialization;

namespace Madang.Operations;

/// <summary>
/// Something small that the city does by itself, as data: what starts it, and one act of a closed set. Whatever it does is
/// written down and can be taken back, as far as such a thing can be.
/// </summary>
public sealed record Automation
{
    /// <summary>What people call it.</summary>
    public required RuleText Name { get; init; }

    /// <summary>The department that answers for it.</summary>
    public required RuleText Owner { get; init; }

    /// <summary>The world it belongs to: what is so in the other starts nothing, and it changes nothing there.</summary>
    public CityData Data { get; init; }

    /// <summary>What starts it.</summary>
    public required AutomationTrigger When { get; init; }

    /// <summary>What it does.</summary>
    public required AutomationAction Do { get; init; }

    /// <summary>True while it only writes down what it would do; a new one begins so.</summary>
    public bool IsDry { get; init; } = true;

    /// <summary>So often it runs in an hour; then it pauses itself.</summary>
    public int MostPerHour { get; init; } = UsualPerHour;

    /// <summary>As often as it may run in an hour when nobody says how often.</summary>
    public const int UsualPerHour = 20;

    /// <summary>True when it changes something in the street or speaks to everybody: then a second person approves each change of it.</summary>
    [JsonIgnore]
    public bool NeedsReview => Do is LampAction or PublishAction;
}

/// <summary>What an automation does.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SendAction), "send")]
[JsonDerivedType(typeof(TaskAction), "task")]
[JsonDerivedType(typeof(ReportAction), "report")]
[JsonDerivedType(typeof(LampAction), "lamp")]
[JsonDerivedType(typeof(PublishAction), "publish")]
public abstract record AutomationAction;

/// <summary>Tells contacts, and whoever is on duty, by the ways and in the quiet hours of each. What was not sent yet can be taken back.</summary>
/// <param name="Text">What is told; <c>{where}</c> stands for where it happened.</param>
public sealed record SendAction(RuleText Text) : AutomationAction
{
    /// <summary>The numbers of contacts.</summary>
    public IReadOnlyList<long> Contacts { get; init; } = [];

    /// <summary>The ids of rosters; told is who holds the first step then.</summary>
    public IReadOnlyList<string> Rosters { get; init; } = [];

    /// <summary>True when it breaks through quiet hours.</summary>
    public bool IsUrgent { get; init; }
}

/// <summary>Makes a task for a department. One that nobody answered can be taken back.</summary>
/// <param name="Text">What is to be done; <c>{where}</c> stands for where it happened.</param>
/// <param name="Department">Who does it.</param>
/// <param name="DueMinutes">How soon.</param>
public sealed record TaskAction(RuleText Text, RuleText Department, int DueMinutes) : AutomationAction;

/// <summary>Makes a report and keeps it; it can be thrown away again.</summary>
/// <param name="Of">Of what.</param>
public sealed record ReportAction(ReportSubject Of) : AutomationAction;

/// <summary>Tells lamps how bright to be for a time, after which each is what it was before; sooner, when it is taken back.</summary>
/// <param name="Level">How bright, in per cent.</param>
/// <param name="Minutes">For how long.</param>
public sealed record LampAction(int Level, int Minutes) : AutomationAction
{
    /// <summary>All lamps of a street, by its name; null where single ones are named.</summary>
    public string? Street { get; init; }

    /// <summary>The <c>@iot.id</c>s of lamps.</summary>
    public IReadOnlyList<long> Lamps { get; init; } = [];
}

/// <summary>Tells everybody something at <c>/here</c> for a time; it can be taken down.</summary>
/// <param name="Text">What is told; <c>{where}</c> stands for where it happened.</param>
/// <param name="Hours">For how long, at most a day.</param>
public sealed record PublishAction(RuleText Text, int Hours) : AutomationAction
{
    /// <summary>The code of the district in which it is told, or <c>city</c>; null for where it happened.</summary>
    public string? District { get; init; }
}

/// <summary>What a report is of.</summary>
[JsonConverter(typeof(Live.KebabEnum<ReportSubject>))]
public enum ReportSubject
{
    /// <summary>The last 24 hours of the city: alerts, incidents, tasks, messages.</summary>
    Day = 1,

    /// <summary>The incident that started it, up to now.</summary>
    Incident = 2,
}
