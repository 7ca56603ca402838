namespace Madang.Sensing;

/// <summary>What may be wrong with a Datastream; the numbers are those of the store.</summary>
public enum SensorFinding
{
    /// <summary>It has not spoken for three times as long as it usually does, and at least five minutes.</summary>
    Late = 1,

    /// <summary>It has not spoken for ten times as long as it usually does, and at least an hour. What has been quiet for 30 days has ended and is not watched.</summary>
    Silent = 2,

    /// <summary>It has told the same number, not zero, for six full hours.</summary>
    Stuck = 3,

    /// <summary>Its last number lies outside of what it can be, by <c>properties.range</c> of the Datastream or of its ObservedProperty.</summary>
    OutOfRange = 4,

    /// <summary>Its difference to its neighbours that measure the same is another than in the seven days before.</summary>
    Drifting = 5,
}

/// <summary>Findings began or ended. One fact for each commit of a check.</summary>
/// <param name="Changes">What changed, in order of Datastream.</param>
public sealed record SensorHealthChanged(IReadOnlyList<HealthChange> Changes) : Kernel.IFact;

/// <summary>A finding of one Datastream that began or ended.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Began">False when it ended.</param>
/// <param name="At">When the check saw it.</param>
/// <param name="Value">The number that shows it: seconds since it last spoke, the reading, or the change of its difference to its neighbours in its own unit.</param>
public sealed record HealthChange(long Datastream, SensorFinding Finding, bool Began, DateTimeOffset At, double Value);

/// <summary>A finding that lasts.</summary>
/// <param name="Thing">The <c>@iot.id</c> of the Thing it stands at.</param>
/// <param name="ThingName">The Thing's name.</param>
/// <param name="Datastream">The <c>@iot.id</c> of the Datastream.</param>
/// <param name="Name">The Datastream's name.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Value">The number that shows it, see <see cref="HealthChange"/>: of late and silent how long it has been quiet when this is read, of the others as it was when they began.</param>
/// <param name="Unit">The unit of <paramref name="Value"/>: s for late and silent, else the Datastream's own.</param>
public sealed record LastingFinding(long Thing, string ThingName, long Datastream, string Name, SensorFinding Finding, DateTimeOffset Since, double Value, string Unit);
