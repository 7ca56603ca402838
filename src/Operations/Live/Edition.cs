using System.Collections.Concurrent;

namespace Madang.Operations.Live;

/// <summary>A snapshot and the readings it was made of, with the lines of its catalogue; those of an old one may be gone.</summary>
internal sealed class Edition(CitySnapshot snapshot, IReadOnlyList<ThingReadings>? things, SensorLines lines)
{
    /// <summary>The measures whose stations are remembered; those of more are made anew for each who asks.</summary>
    private const int MostMeasures = 16;

    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<StationReading>>> stations = new();

    public CitySnapshot Snapshot { get; } = snapshot;

    public string Id => Snapshot.Id;

    /// <summary>What each Thing told, one object for as long as it tells nothing else.</summary>
    public IReadOnlyList<ThingReadings>? Things { get; } = things;

    public IEnumerable<Reading>? Readings => Things?.SelectMany(thing => thing.Readings);

    /// <summary>The lines of the catalogue, those of Things without a Datastream among them.</summary>
    public SensorLines Lines { get; } = lines;

    /// <summary>The catalogue of sensors.</summary>
    public IReadOnlyList<SensorNow> Sensors => Lines.Sensors;

    /// <summary>The same, ready to be searched.</summary>
    public SensorCatalogue Catalogue { get; } = new(snapshot, lines);

    /// <summary>The same without its readings.</summary>
    public Edition Slim() => Things is null ? this : new(Snapshot, null, SensorLines.Of([]));

    /// <summary>What all words that nobody measures have in common: the empty one. So strangers' words do not fill the memory.</summary>
    public string Fold(string measure) => Lines.MeasuresFound.Contains(measure) ? measure : "";

    /// <summary>The stations of a map: those that are not dormant, and all of an archive.</summary>
    private IEnumerable<StationNow> Stations => Snapshot.AsOf is not null ? Snapshot.Stations
        : Sensors.Select(sensor => new StationNow(sensor.Thing, sensor.Name, sensor.Longitude, sensor.Latitude, sensor.District, sensor.State) { NameEn = sensor.NameEn }).OrderBy(station => station.Thing);

    /// <summary>The stations with their values of a measure; null when the readings are gone.</summary>
    public IReadOnlyList<StationReading>? FindStations(string measure)
    {
        if (Things is null)
        {
            return null;
        }

        measure = Fold(measure);
        if (stations.Count >= MostMeasures && !stations.ContainsKey(measure))
        {
            return MeasuredStations.Of(Stations, Things, measure, Snapshot.AsOf);
        }

        return stations.GetOrAdd(measure, word => new(() => MeasuredStations.Of(Stations, Things, word, Snapshot.AsOf))).Value;
    }
}
