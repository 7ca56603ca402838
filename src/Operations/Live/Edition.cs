using System.Collections.Concurrent;

namespace Madang.Operations.Live;

/// <summary>A snapshot and the readings it was made of; the readings of an old one may be gone.</summary>
internal sealed class Edition(CitySnapshot snapshot, IReadOnlyList<Reading>? readings, IReadOnlyList<SensorNow>? bare = null)
{
    /// <summary>The measures whose stations are remembered; those of more are made anew for each who asks.</summary>
    private const int MostMeasures = 16;

    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<StationReading>>> stations = new();
    private readonly Lazy<HashSet<string>> measures = new(() => [.. (readings ?? []).Select(reading => reading.Stream.Measure)]);
    private readonly Lazy<SensorCatalogue> catalogue = new(() => new SensorCatalogue(snapshot, Directory.List(readings ?? [], bare ?? [], snapshot.Data, snapshot.AsOf)));

    public CitySnapshot Snapshot { get; } = snapshot;

    public string Id => Snapshot.Id;

    public IReadOnlyList<Reading>? Readings { get; } = readings;

    /// <summary>The Things of this world that have no Datastream.</summary>
    public IReadOnlyList<SensorNow> Bare { get; } = bare ?? [];

    /// <summary>The catalogue of sensors; made when somebody first asks for it.</summary>
    public IReadOnlyList<SensorNow> Sensors => Catalogue.Sensors;

    /// <summary>The same, ready to be searched.</summary>
    public SensorCatalogue Catalogue => catalogue.Value;

    /// <summary>The same without its readings.</summary>
    public Edition Slim() => Readings is null ? this : new(Snapshot, null);

    /// <summary>What all words that nobody measures have in common: the empty one. So strangers' words do not fill the memory.</summary>
    public string Fold(string measure) => measures.Value.Contains(measure) ? measure : "";

    /// <summary>The stations of a map: those that are not dormant, and all of an archive.</summary>
    private IEnumerable<StationNow> Stations => Snapshot.AsOf is not null ? Snapshot.Stations
        : Sensors.Select(sensor => new StationNow(sensor.Thing, sensor.Name, sensor.Longitude, sensor.Latitude, sensor.District, sensor.State) { NameEn = sensor.NameEn }).OrderBy(station => station.Thing);

    /// <summary>The stations with their values of a measure; null when the readings are gone.</summary>
    public IReadOnlyList<StationReading>? FindStations(string measure)
    {
        if (Readings is null)
        {
            return null;
        }

        measure = Fold(measure);
        if (stations.Count >= MostMeasures && !stations.ContainsKey(measure))
        {
            return MeasuredStations.Of(Stations, Readings, measure, Snapshot.AsOf);
        }

        return stations.GetOrAdd(measure, word => new(() => MeasuredStations.Of(Stations, Readings, word, Snapshot.AsOf))).Value;
    }
}
