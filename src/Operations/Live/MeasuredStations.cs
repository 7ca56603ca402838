namespace Madang.Operations.Live;

/// <summary>Puts beside each station what it says of one measure.</summary>
internal static class MeasuredStations
{
    /// <summary>All stations, in their order; those that do not measure it have no value, and where nothing is "now" (no <paramref name="clock"/>) none has.</summary>
    public static List<StationReading> Of(IEnumerable<StationNow> stations, IReadOnlyList<ThingReadings> things, string measure, DateTimeOffset? clock)
    {
        var told = things.ToDictionary(thing => thing.First.Thing);
        return [.. stations.Select(station => Describe(station, told.GetValueOrDefault(station.Thing)?.Readings ?? [], measure, clock))];
    }

    /// <summary>Of several datastreams of the same measure the one heard last speaks for the station; of those heard at once the first.</summary>
    private static StationReading Describe(StationNow station, Reading[] readings, string measure, DateTimeOffset? clock)
    {
        Reading? best = null;
        foreach (ref readonly var reading in readings.AsSpan())
        {
            if (reading.Stream.Measure == measure && (clock is null || reading.At is null || reading.At <= clock) && (best is not { } older || reading.At > older.At || (older.At is null && reading.At is not null)))
            {
                best = reading;
            }
        }

        var value = best is { Number: { } number, At: { } at } one && Plausible.Is(measure, number) && clock - at <= one.Window ? number : (double?)null;
        var grade = value is { } known ? AirGrades.Of(best!.Value.Stream.Measure, Measures.Published(best.Value.Stream.Measure, known)) : null;
        return new(station.Thing, station.Name, station.Longitude, station.Latitude, station.District, station.State, value, best?.Stream.Unit, grade, best?.At) { NameEn = station.NameEn };
    }
}
