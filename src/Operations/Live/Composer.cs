using Madang.Places;

namespace Madang.Operations.Live;

/// <summary>Makes a snapshot out of readings. Pure: the same readings, places and clock give the same figures.</summary>
internal static class Composer
{
    /// <summary>
    /// The data's own clock of one world. A simulation may run ahead of the wall clock, so its newest reading counts as it is.
    /// A real reading from the future is a wrong clock and does not count, and a newest reading older than
    /// <see cref="CityNow.StaleAfter"/> is an archive and no "now" at all.
    /// </summary>
    public static DateTimeOffset? FindClock(IReadOnlyList<ThingReadings> world, CityData data, DateTimeOffset wall)
    {
        var latest = data == CityData.Simulated ? DateTimeOffset.MaxValue : wall + CityNow.ClockSlack;
        DateTimeOffset? newest = null;
        foreach (var thing in world)
        {
            foreach (ref readonly var reading in thing.Readings.AsSpan())
            {
                if (reading.At is { } at && at <= latest && !(at <= newest))
                {
                    newest = at;
                }
            }
        }

        return data == CityData.Simulated || newest >= wall - CityNow.StaleAfter ? newest : null;
    }

    public static CitySnapshot Compose(string id, CityData data, IReadOnlyList<Described> things, IReadOnlyList<Place> districts, DateTimeOffset? clock, DateTimeOffset? receivedAt, int otherSensors, DayCurves curves)
    {
        var awake = things.Where(thing => thing.Heard is { } heard && clock - heard <= CityNow.DormantAfter).ToList();
        var figures = Figures(data, things, districts, clock, curves);
        var stations = awake.ToLookup(thing => thing.Station.District);
        return new CitySnapshot(
            id, data, clock, receivedAt, otherSensors, Count(awake), things.Count - awake.Count, figures[DayCurves.City],
            [.. districts.Select(place => new DistrictNow(
                place.Code, place.NameKo, place.NameEn, place.Schematic, Count(stations[place.Code]),
                Newest(stations[place.Code].Select(thing => thing.Heard)), figures[place.Code]))],
            [.. awake.Select(thing => thing.Station).OrderBy(station => station.Thing)],
            curves.ToPoints());
    }

    /// <summary>True for a number that the measure can be, heard within the window and no later than the clock.</summary>
    public static bool IsCurrent(Reading reading, DateTimeOffset? clock) =>
        reading is { At: { } at, Number: { } number } && Plausible.Is(reading.Stream.Measure, number) && Mean.Exists(reading.Stream.Measure) && at <= clock && clock - at <= reading.Window;

    /// <summary>The figures of every place, each beside what it was an hour and a day before; the curves of the day take them in.</summary>
    private static Dictionary<string, IReadOnlyList<Figure>> Figures(CityData data, IReadOnlyList<Described> things, IReadOnlyList<Place> districts, DateTimeOffset? clock, DayCurves curves)
    {
        var city = new Tally();
        var tallies = districts.ToDictionary(place => place.Code, _ => new Tally());
        foreach (var thing in things)
        {
            var district = thing.Station.District is { } code ? tallies.GetValueOrDefault(code) : null;
            foreach (var reading in thing.Current)
            {
                city.Add(reading);
                district?.Add(reading);
            }
        }

        var figures = tallies.ToDictionary(place => place.Key, place => (IReadOnlyList<Figure>)place.Value.ToFigures(place.Key, data));
        figures[DayCurves.City] = city.ToFigures(DayCurves.City, data);
        if (clock is not { } now)
        {
            return figures;
        }

        curves.Add(now, figures);
        return figures.ToDictionary(place => place.Key, place => (IReadOnlyList<Figure>)[.. place.Value.Select(figure => curves.Compare(place.Key, figure))]);
    }

    public static string Word(CityData data) => data == CityData.Real ? "real" : "simulated";

    /// <summary>Whether a Thing is heard, by all its datastreams.</summary>
    public static SensorState StateOf(IReadOnlyList<Reading> streams, DateTimeOffset? clock)
    {
        var heard = Newest(streams.Select(reading => reading.At).Where(at => at <= clock));
        return heard is not { } at ? SensorState.Silent
            : clock - at <= streams.Max(reading => reading.Window) ? SensorState.Reporting
            : clock - at <= streams.Max(reading => reading.LateUntil) ? SensorState.Late : SensorState.Silent;
    }

    private static SensorCount Count(IEnumerable<Described> things)
    {
        var states = things.CountBy(thing => thing.Station.State).ToDictionary();
        return new(states.GetValueOrDefault(SensorState.Reporting), states.GetValueOrDefault(SensorState.Late), states.GetValueOrDefault(SensorState.Silent));
    }

    private static DateTimeOffset? Newest(IEnumerable<DateTimeOffset?> times) => times.Max();
}
