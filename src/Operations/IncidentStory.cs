using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>An incident with everything that happened to it and to what went into it.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Entries">What happened, oldest first; of the incidents that went into it too.</param>
/// <param name="Orders">What was ordered, with the answers.</param>
/// <param name="Alerts">The alerts it is linked to.</param>
/// <param name="Tasks">The tasks of the scenarios that were started for it.</param>
/// <param name="Merged">The incidents that went into it.</param>
/// <param name="Split">The incidents that were taken out of it.</param>
/// <param name="Nearby">The sensors within 500 m, the nearest first, without street lights; at most 30.</param>
public sealed record IncidentStory(
    Incident Incident, IReadOnlyList<IncidentEntry> Entries, IReadOnlyList<IncidentOrder> Orders, IReadOnlyList<Alert> Alerts, IReadOnlyList<CityTask> Tasks, IReadOnlyList<long> Merged, IReadOnlyList<long> Split, IReadOnlyList<NearbySensor> Nearby)
{
    /// <summary>How many entries are older than these 8,000 and left out here, with what was ordered in them; 0 for nearly all incidents.</summary>
    public long LeftOut { get; init; }

    /// <summary>The sensitive sites within 500 m, the nearest first; at most 30.</summary>
    public IReadOnlyList<NearbySite> Sites { get; init; } = [];

    /// <summary>The cameras within 500 m, the nearest first; at most 30.</summary>
    public IReadOnlyList<NearbySite> Cameras { get; init; } = [];

    /// <summary>The street lights within 500 m, the nearest first; at most 30.</summary>
    public IReadOnlyList<NearbyLight> Lights { get; init; } = [];
}

/// <summary>One thing that happened to an incident; never changed.</summary>
public sealed record IncidentEntry
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The incident it was written in.</summary>
    public required long Incident { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What.</summary>
    public required IncidentAct Act { get; init; }

    /// <summary>Who, an opaque id; null for the city itself.</summary>
    public required string? Who { get; init; }

    /// <summary>What he said; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The stage it is about; null for none.</summary>
    public IncidentStage? Stage { get; init; }

    /// <summary>The time the stage has since then; null when it was taken back.</summary>
    public DateTimeOffset? Moment { get; init; }

    /// <summary>The time the stage had before; null for none.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The number of the order, from 1 in each incident.</summary>
    public int? Order { get; init; }

    /// <summary>To whom it was ordered.</summary>
    public string? Recipient { get; init; }

    /// <summary>Until when it is to be done.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The other incident, the alert or the task it is about.</summary>
    public long? Other { get; init; }
}

/// <summary>An order with its answers.</summary>
/// <param name="Entry">The order as it was given.</param>
/// <param name="Answers">What was answered, oldest first.</param>
/// <param name="IsOverdue">True when it is due and nobody answered.</param>
public sealed record IncidentOrder(IncidentEntry Entry, IReadOnlyList<IncidentEntry> Answers, bool IsOverdue);

/// <summary>A sensor near an incident.</summary>
/// <param name="Thing">The Thing's SensorThings id.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name; null when it says none.</param>
/// <param name="Metres">How far it is.</param>
/// <param name="Longitude">Degrees, WGS 84.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="Measures">What it measures; none for a camera or another Thing without Datastreams.</param>
public sealed record NearbySensor(long Thing, string Name, string? NameEn, double Metres, double Longitude, double Latitude, IReadOnlyList<string> Measures);

/// <summary>A street light near an incident.</summary>
/// <param name="Thing">The Thing's SensorThings id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Street">The street it stands in; empty when it does not say.</param>
/// <param name="StreetEn">The street in English; null when it does not say.</param>
/// <param name="Metres">How far it is.</param>
/// <param name="Level">How bright it was last, in per cent; null when it never told.</param>
/// <param name="State"><c>on</c>, <c>off</c>, <c>fault</c>, or another word of its maker's; null when it never told.</param>
public sealed record NearbyLight(long Thing, string Name, string Street, string? StreetEn, double Metres, double? Level, string? State);

/// <summary>A site near an incident.</summary>
/// <param name="Kind">The word of its <see cref="Madang.Places.SiteKind"/>.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name; null when nobody said.</param>
/// <param name="Metres">How far it is.</param>
/// <param name="Longitude">Degrees, WGS 84.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="Capacity">How many people it holds; null when not known.</param>
public sealed record NearbySite(string Kind, string Code, string Name, string? NameEn, double Metres, double Longitude, double Latitude, int? Capacity);

/// <summary>What can happen to an incident.</summary>
[JsonConverter(typeof(KebabEnum<IncidentAct>))]
public enum IncidentAct
{
    /// <summary>It was opened.</summary>
    Opened = 1,

    /// <summary>A stage was reached.</summary>
    Stage = 2,

    /// <summary>The time of a stage was corrected, or taken back.</summary>
    Corrected = 3,

    /// <summary>Somebody wrote a note.</summary>
    Noted = 4,

    /// <summary>Somebody gave an order.</summary>
    Ordered = 5,

    /// <summary>An order was answered.</summary>
    Answered = 6,

    /// <summary>It was linked to an alert.</summary>
    Linked = 7,

    /// <summary>It went into another incident, or another went into it.</summary>
    Merged = 8,

    /// <summary>It was taken out of another incident, or another out of it.</summary>
    Split = 9,

    /// <summary>It was opened again.</summary>
    Reopened = 10,

    /// <summary>It was closed.</summary>
    Closed = 11,

    /// <summary>The dispatch system says something else of it than before.</summary>
    Changed = 12,

    /// <summary>A scenario was started for it.</summary>
    ScenarioStarted = 13,
}
