namespace Madang.Operations.Live;

/// <summary>A Thing as the screens show it, for as long as none of its readings changes and no time is up.</summary>
/// <param name="Told">What it is made of.</param>
/// <param name="Station">Its place on the map.</param>
/// <param name="Sensor">Its line in the catalogue.</param>
/// <param name="Heard">The newest of its readings that is not after the clock.</param>
/// <param name="Current">Its readings that count as "now".</param>
internal sealed record Described(ThingReadings Told, StationNow Station, SensorNow Sensor, DateTimeOffset? Heard, IReadOnlyList<Reading> Current)
{
    /// <summary>The clock by which it was described, and the moment from which it must be described again.</summary>
    public (DateTimeOffset? From, DateTimeOffset Until) Lasts { get; init; }

    public bool IsStillSo(ThingReadings told, DateTimeOffset? clock) =>
        ReferenceEquals(Told, told) && (clock is null ? Lasts.From is null : clock >= Lasts.From && clock < Lasts.Until);
}

/// <summary>
/// Every Thing of one world, described once and again only when something about it changed: of a city's 50,000 sensors some
/// hundreds speak in a second. One caller at a time.
/// </summary>
internal sealed class Roster(CityData data)
{
    private long generation = -1;
    private IReadOnlyList<SensorNow> bare = [];
    private Dictionary<long, Described> known = [];
    private SensorLines lines = SensorLines.Of([]);

    /// <summary>What is so by this clock: each Thing in the order given, and their lines of the catalogue beside those of <paramref name="others"/>, which have no Datastream.</summary>
    /// <param name="edition">Changes when other Things or datastreams are among them.</param>
    /// <param name="things">What the Things told.</param>
    /// <param name="others">The Things that have nothing to tell.</param>
    /// <param name="clock">The clock of their world.</param>
    public (IReadOnlyList<Described> Things, SensorLines Lines) Update(long edition, IReadOnlyList<ThingReadings> things, IReadOnlyList<SensorNow> others, DateTimeOffset? clock)
    {
        var next = new List<Described>(things.Count);
        var changed = new List<SensorNow>();
        foreach (var told in things)
        {
            if (!known.TryGetValue(told.First.Thing, out var described) || !described.IsStillSo(told, clock))
            {
                described = Directory.Describe(told, data, clock);
                changed.Add(described.Sensor);
                known[told.First.Thing] = described;
            }

            next.Add(described);
        }

        if (edition != generation || !bare.SequenceEqual(others))
        {
            // Others came or went, or have another name.
            known = next.ToDictionary(each => each.Told.First.Thing);
            lines = SensorLines.Of([.. next.Select(each => each.Sensor), .. others]);
            (generation, bare) = (edition, others);
        }
        else
        {
            lines = lines.With(changed);
        }

        return (next, lines);
    }
}
