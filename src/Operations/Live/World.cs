namespace Madang.Operations.Live;

/// <summary>The snapshots of one of the two worlds. Written by one loop, read by all.</summary>
internal sealed class World(CityData data)
{
    /// <summary>How many snapshots back a viewer may be and still be sent only what changed: about a minute, less in a city of over a thousand sensors, but never less than a quarter of one.</summary>
    private const int MostRemembered = 60, LeastRemembered = 16;

    /// <summary>How many stations all remembered snapshots may hold (about 100 bytes each), and how many readings (about 70 bytes): enough for the seconds between a page and its live line.</summary>
    private const int MostStations = 60_000, MostReadings = 40_000;

    private volatile Edition[] recent = [];

    public CityData Data { get; } = data;

    public DayCurves Curves { get; set; } = new(generation: 0);

    /// <summary>The newest; null before the first.</summary>
    public Edition? Newest => recent is [.., var newest] ? newest : null;

    /// <summary>How many snapshots are remembered, and how many of them with their readings.</summary>
    public (int All, int Whole) Remembered => (recent.Length, recent.Count(edition => edition.Things is not null));

    /// <summary>Its Things, as they were last described.</summary>
    public Roster Roster { get; } = new(data);

    public Edition? Find(string id) => recent.FirstOrDefault(edition => edition.Id == id);

    /// <summary>Adds a snapshot, unless it says nothing new. Answers whether it does.</summary>
    public bool Publish(CitySnapshot snapshot, IReadOnlyList<ThingReadings> things, SensorLines lines)
    {
        if (Newest is { } newest && Changes.Between(newest.Snapshot, snapshot).IsEmpty && (ReferenceEquals(newest.Lines, lines) || newest.Lines.SaysTheSame(lines)))
        {
            return false;
        }

        var remembered = Math.Clamp(MostStations / Math.Max(1, snapshot.Stations.Count), LeastRemembered, MostRemembered);
        var whole = Math.Clamp(MostReadings / Math.Max(1, things.Sum(thing => thing.Readings.Length)), 1, MostRemembered);
        var kept = recent.TakeLast(remembered - 1).ToList();
        recent = [.. kept.Select((edition, index) => kept.Count - index < whole ? edition : edition.Slim()), new Edition(snapshot, things, lines)];
        return true;
    }
}
