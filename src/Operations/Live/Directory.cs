namespace Madang.Operations.Live;

/// <summary>Makes the catalogue of sensors out of readings. Pure, as <see cref="Composer"/> is.</summary>
internal static class Directory
{
    public static List<SensorNow> List(IReadOnlyList<Reading> world, CityData data, DateTimeOffset? clock) =>
        [.. world.GroupBy(reading => reading.Stream.Thing).Select(streams => Describe([.. streams], data, clock)).OrderBy(sensor => sensor.Name, StringComparer.Ordinal).ThenBy(sensor => sensor.Thing)];

    private static SensorNow Describe(IReadOnlyList<Reading> streams, CityData data, DateTimeOffset? clock)
    {
        var stream = streams[0].Stream;
        var heard = streams.Select(reading => reading.At).OfType<DateTimeOffset>().Select(at => (DateTimeOffset?)at).Max();
        return new SensorNow(
            stream.Thing, stream.ThingName, data, stream.Source, stream.Owner, stream.Longitude, stream.Latitude, streams[0].District?.Code, Composer.StateOf(streams, clock),
            clock is null || heard is null || clock - heard > CityNow.DormantAfter, heard,
            [.. streams.Select(reading => new SensorReading(reading.Stream.Datastream, reading.Stream.Measure, reading.Stream.Unit, reading.At, reading.Number, Composer.IsCurrent(reading, clock), reading.Stream.Cadence))
                .OrderBy(reading => Measures.Rank(reading.Measure)).ThenBy(reading => reading.Measure, StringComparer.Ordinal)]);
    }
}
