namespace Madang.Operations;

/// <summary>How an incident went, for who looks back at it.</summary>
/// <param name="Story">The incident with all that happened to it.</param>
/// <param name="From">When it began: its first stage, or when it was opened.</param>
/// <param name="To">When it was closed; now while it is open.</param>
/// <param name="Known">What the city's alerts said between, of the city, of its district, of regions it lies in and of the sensors in it, alone or as one of many; oldest first. Of the linked alerts and the 50 newest.</param>
public sealed record IncidentReport(IncidentStory Story, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<KnownThen> Known)
{
    /// <summary>The golden times that were met.</summary>
    public int Met => Story.Incident.Targets.Count(target => target.State == TargetState.Met);

    /// <summary>The golden times that were missed, or are about to be for good.</summary>
    public int Missed => Story.Incident.Targets.Count(target => target.State is TargetState.Missed or TargetState.Late);

    /// <summary>Tasks that were answered late, or wait and are late.</summary>
    public IReadOnlyList<CityTask> LateTasks => [.. Story.Tasks.Where(task => task.IsLate)];
}

/// <summary>Something an alert said while an incident was on.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Entry">What it said, and when.</param>
/// <param name="Level">What people call the level after it; null for none.</param>
public sealed record KnownThen(Alert Alert, AlertEntry Entry, RuleText? Level);
