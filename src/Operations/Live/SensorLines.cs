namespace Madang.Operations.Live;

/// <summary>The lines of a catalogue of sensors in the order of their names, with what is looked through for each; never changed, but followed by others.</summary>
internal sealed class SensorLines
{
    private readonly SensorNow[] sensors;
    private readonly Shared shared;

    private SensorLines(SensorNow[] sensors, Shared shared) => (this.sensors, this.shared) = (sensors, shared);

    /// <summary>In the order of names.</summary>
    public IReadOnlyList<SensorNow> Sensors => sensors;

    /// <summary>Of each in the same order: name and source, in lower case.</summary>
    public IReadOnlyList<string> Haystacks => shared.Haystacks;

    /// <summary>Every measure that at least one of them measures, in the order of <see cref="Measures.Rank"/>.</summary>
    public IReadOnlyList<string> MeasuresFound => shared.Measures.Value;

    /// <summary>Of a Thing that comes twice the first line stands: its last Datastream may have gone between two looks into the store.</summary>
    public static SensorLines Of(IEnumerable<SensorNow> sensors)
    {
        SensorNow[] ordered = [.. sensors.DistinctBy(sensor => sensor.Thing).OrderBy(sensor => Directory.InOrder(sensor.Name), StringComparer.Ordinal).ThenBy(sensor => sensor.Thing)];
        return new SensorLines(ordered, new Shared(
            ordered.Select((sensor, place) => (sensor.Thing, place)).ToDictionary(each => each.Thing, each => each.place),
            [.. ordered.Select(sensor => $"{sensor.Name}\n{sensor.NameEn}\n{sensor.Source}".ToLowerInvariant())],
            new(() => [.. ordered.SelectMany(sensor => sensor.Readings).Select(reading => reading.Measure).Distinct().OrderBy(Measures.Rank).ThenBy(measure => measure, StringComparer.Ordinal)]),
            new(() => new SensorGrid(ordered))));
    }

    /// <summary>The line of a Thing; null when there is none.</summary>
    public SensorNow? Find(long thing) => shared.Places.TryGetValue(thing, out var place) ? sensors[place] : null;

    /// <summary>Those that stand in a box around a place, and maybe some a little outside of it.</summary>
    public IEnumerable<SensorNow> Near(double longitude, double latitude, double degrees) => shared.Grid.Value.Near(longitude, latitude, degrees).Select(line => sensors[line]);

    /// <summary>The same Things under the same names, some with other readings.</summary>
    public SensorLines With(IReadOnlyCollection<SensorNow> changed)
    {
        if (changed.Count == 0)
        {
            return this;
        }

        SensorNow[] next = [.. sensors];
        foreach (var sensor in changed)
        {
            next[shared.Places[sensor.Thing]] = sensor;
        }

        return new SensorLines(next, shared);
    }

    /// <summary>True when every line says the same.</summary>
    public bool SaysTheSame(SensorLines other) => sensors.Length == other.sensors.Length && sensors.Zip(other.sensors).All(pair => ReferenceEquals(pair.First, pair.Second) || IsSame(pair.First, pair.Second));

    private static bool IsSame(SensorNow one, SensorNow other) =>
        one with { Readings = other.Readings, Findings = other.Findings } == other && one.Findings.SequenceEqual(other.Findings)
        && one.Readings.Count == other.Readings.Count && one.Readings.Zip(other.Readings).All(pair => pair.First with { Findings = pair.Second.Findings } == pair.Second && pair.First.Findings.SequenceEqual(pair.Second.Findings));

    /// <summary>What stays while only readings change.</summary>
    private sealed record Shared(Dictionary<long, int> Places, string[] Haystacks, Lazy<IReadOnlyList<string>> Measures, Lazy<SensorGrid> Grid);
}
