namespace Madang.Operations.Live;

/// <summary>The snapshots of one of the two worlds. Written by one loop, read by all.</summary>
internal sealed class World(CityData data)
{
    private volatile CitySnapshot[] recent = [];

    public CityData Data { get; } = data;

    public History History { get; set; } = new();

    public CitySnapshot? Latest => recent is [.., var latest] ? latest : null;

    /// <summary>The newest snapshot with the readings it was made of; null before the first.</summary>
    public Edition? Newest { get; private set; }

    public CitySnapshot? Find(string id) => recent.FirstOrDefault(snapshot => snapshot.Id == id);

    /// <summary>Adds a snapshot, unless it says nothing new.</summary>
    public void Publish(CitySnapshot snapshot, IReadOnlyList<Reading> readings, int remembered)
    {
        if (Latest is not { } latest || !Changes.Between(latest, snapshot).IsEmpty)
        {
            Newest = new(snapshot, readings);
            recent = [.. recent.TakeLast(remembered - 1), snapshot];
        }
    }
}

/// <summary>A snapshot and the readings it was made of.</summary>
internal sealed record Edition(CitySnapshot Snapshot, IReadOnlyList<Reading> Readings)
{
    private readonly Lazy<SensorCatalogue> catalogue = new(() => new SensorCatalogue(Snapshot, Directory.List(Readings, Snapshot.Data, Snapshot.AsOf)));

    /// <summary>The catalogue of sensors; made when somebody first asks for it.</summary>
    public IReadOnlyList<SensorNow> Sensors => Catalogue.Sensors;

    /// <summary>The same, ready to be searched.</summary>
    public SensorCatalogue Catalogue => catalogue.Value;
}
