namespace Madang.Operations.Live;

/// <summary>Puts beside each station what it says of one measure.</summary>
internal static class MeasuredStations
{
    /// <summary>All stations, in their order; those that do not measure it have no value, and where nothing is "now" (no <paramref name="clock"/>) none has.</summary>
    public static List<StationReading> Of(IEnumerable<StationNow> stations, IEnumerable<Reading> world, string measure, DateTimeOffset? clock)
    {
        var streams = world.Where(reading => reading.Stream.Measure == measure).ToLookup(reading => reading.Stream.Thing);
        return [.. stations.Select(station => Describe(station, streams[station.Thing], measure, clock))];
    }

    /// <summary>Of several datastreams of the same measure the one heard last speaks for the station.</summary>
    private static StationReading Describe(StationNow station, IEnumerable<Reading> streams, string measure, DateTimeOffset? clock)
    {
        var best = streams.Where(reading => clock is null || reading.At is null || reading.At <= clock).OrderByDescending(reading => reading.At).ThenBy(reading => reading.Stream.Datastream).Select(reading => (Reading?)reading).FirstOrDefault();
        var value = best is { Number: { } number, At: { } at } one && Plausible.Is(measure, number) && clock - at <= one.Window ? number : (double?)null;
        var grade = value is { } known ? AirGrades.Of(best!.Value.Stream.Measure, Measures.Published(best.Value.Stream.Measure, known)) : null;
        return new(station.Thing, station.Name, station.Longitude, station.Latitude, station.District, station.State, value, best?.Stream.Unit, grade, best?.At) { NameEn = station.NameEn };
    }
}
