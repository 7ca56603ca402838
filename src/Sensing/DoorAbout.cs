namespace Madang.Sensing;

/// <summary>A device door and what came through it.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="About">What comes through it, in the words of its mapping.</param>
/// <param name="IsOpen">False when its mapping shuts it.</param>
/// <param name="IsShipped">True when the program brings a mapping of this name along.</param>
/// <param name="Version">Counted from 1 with each change by an operator; 0 as shipped.</param>
/// <param name="Yaml">The mapping.</param>
/// <param name="Format"><c>json</c> or <c>csv</c>.</param>
public sealed record DoorAbout(string Name, string About, bool IsOpen, bool IsShipped, long Version, string Yaml, string Format)
{
    /// <summary>Records that came.</summary>
    public long Received { get; init; }

    /// <summary>Observations that were stored.</summary>
    public long Stored { get; init; }

    /// <summary>Records that did not fit, since the beginning.</summary>
    public long Kept { get; init; }

    /// <summary>Kept ones that made room for newer ones.</summary>
    public long Dropped { get; init; }

    /// <summary>Values that came and were stored already: the same result of the same Datastream at the same moment.</summary>
    public long Repeated { get; init; }

    /// <summary>When something came last.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>How many lie there now and wait for an operator.</summary>
    public long Waiting { get; init; }

    /// <summary>The bytes of those.</summary>
    public long WaitingBytes { get; init; }
}

/// <summary>What came of a payload.</summary>
/// <param name="Records">How many records it had.</param>
/// <param name="Stored">The ids of the Observations that were stored.</param>
/// <param name="Kept">What did not fit and is kept.</param>
/// <param name="Repeated">How many values were stored already, and were not stored again.</param>
public sealed record DoorAnswer(int Records, IReadOnlyList<long> Stored, IReadOnlyList<KeptRecord> Kept, int Repeated);

/// <summary>A record that did not fit.</summary>
/// <param name="Id">Its id among what is kept.</param>
/// <param name="Record">Which record of the payload, from 1; 0 for the whole payload.</param>
/// <param name="Device">The device's key, where it could be read.</param>
/// <param name="Reason">Why it did not fit.</param>
public sealed record KeptRecord(long Id, int Record, string? Device, string Reason);

/// <summary>What is kept because it did not fit.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it came.</param>
/// <param name="Device">The device's key, where it could be read.</param>
/// <param name="Reason">Why it did not fit.</param>
/// <param name="Parts">The columns or paths that did not; null for all.</param>
/// <param name="Payload">The payload, as text; null when it was too large to keep.</param>
/// <param name="Size">Its bytes.</param>
public sealed record KeptPayload(long Id, DateTimeOffset At, string? Device, string Reason, IReadOnlyCollection<string>? Parts, string? Payload, long Size);

/// <summary>What sending kept payloads once more brought.</summary>
/// <param name="Tried">How many were sent.</param>
/// <param name="Stored">Observations that were stored now.</param>
/// <param name="Kept">How many of them still do not fit.</param>
/// <param name="IsAll">False when there are more than one call sends.</param>
public sealed record Replayed(int Tried, int Stored, int Kept, bool IsAll);

/// <summary>What a payload would become; nothing is stored.</summary>
/// <param name="Records">How many records it has.</param>
/// <param name="Readings">The values that would be stored, at most <see cref="MostReadings"/>.</param>
/// <param name="Stored">How many values would be stored.</param>
/// <param name="Misfits">What would be kept, at most <see cref="MostReadings"/>.</param>
/// <param name="Kept">How many records would be kept.</param>
public sealed record DoorPreview(int Records, IReadOnlyList<PreviewReading> Readings, int Stored, IReadOnlyList<KeptRecord> Misfits, int Kept)
{
    /// <summary>The most values and misfits that are shown.</summary>
    public const int MostReadings = 200;
}

/// <summary>A value that would be stored.</summary>
/// <param name="Record">Which record, from 1.</param>
/// <param name="Device">The device's key.</param>
/// <param name="Thing">Its Thing; null when that would be made.</param>
/// <param name="Datastream">Its Datastream; null when that would be made.</param>
/// <param name="Measure">The measure's code.</param>
/// <param name="Name">The measure's name.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="Raw">What came.</param>
/// <param name="Value">What would be stored.</param>
/// <param name="Unit">Its unit's symbol.</param>
public sealed record PreviewReading(int Record, string Device, long? Thing, long? Datastream, string Measure, string Name, DateTimeOffset Time, string Raw, string Value, string Unit);
