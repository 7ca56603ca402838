using System.Globalization;
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
    public static DateTimeOffset? FindClock(IEnumerable<Reading> world, CityData data, DateTimeOffset wall)
    {
        var times = world.Select(reading => reading.At).OfType<DateTimeOffset>();
        if (data == CityData.Simulated)
        {
            return Newest(times);
        }

        return Newest(times.Where(at => at <= wall + CityNow.ClockSlack)) is { } newest && newest >= wall - CityNow.StaleAfter ? newest : null;
    }

    public static CitySnapshot Compose(string id, CityData data, IReadOnlyList<Reading> world, IReadOnlyList<Place> districts, DateTimeOffset? clock, DateTimeOffset? receivedAt, int otherSensors, DayCurves curves)
    {
        var things = world.GroupBy(reading => reading.Stream.Thing).Select(streams => Describe([.. streams], clock)).ToList();
        var awake = things.Where(thing => thing.Heard is { } heard && clock - heard <= CityNow.DormantAfter).ToList();
        var figures = Figures(data, world, districts, clock, curves);
        var stations = awake.ToLookup(thing => thing.Station.District);
        return new CitySnapshot(
            id, data, clock, receivedAt, otherSensors, Count(awake), things.Count - awake.Count, figures[DayCurves.City],
            [.. districts.Select(place => new DistrictNow(
                place.Code, place.NameKo, place.NameEn, place.Schematic, Count(stations[place.Code]),
                Newest(stations[place.Code].Select(thing => thing.Heard).OfType<DateTimeOffset>()), figures[place.Code]))],
            [.. awake.Select(thing => thing.Station).OrderBy(station => station.Thing)],
            curves.ToPoints());
    }

    /// <summary>True for a number that the measure can be, heard within the window and no later than the clock.</summary>
    public static bool IsCurrent(Reading reading, DateTimeOffset? clock) =>
        reading is { At: { } at, Number: { } number } && Plausible.Is(reading.Stream.Measure, number) && Mean.Exists(reading.Stream.Measure) && at <= clock && clock - at <= reading.Window;

    public static List<Figure> Figures(string place, CityData data, IEnumerable<Reading> current) =>
    [
        .. current.GroupBy(reading => (reading.Stream.Measure, reading.Stream.Unit))
            .OrderBy(group => Measures.Rank(group.Key.Measure)).ThenBy(group => group.Key.Measure, StringComparer.Ordinal).ThenByDescending(group => group.Count())
            .DistinctBy(group => group.Key.Measure)
            .Select(group =>
            {
                var value = Mean.Of(group.Key.Measure, [.. group.Select(reading => reading.Number!.Value)]);
                var source = string.Create(CultureInfo.InvariantCulture, $"/api/city/now/{place}/{Uri.EscapeDataString(group.Key.Measure)}?data={Word(data)}");
                return !double.IsFinite(value) ? null : new Figure(group.Key.Measure, group.Key.Unit, value, AirGrades.Of(group.Key.Measure, Measures.Published(group.Key.Measure, value)), group.Count(), group.Min(reading => reading.At!.Value), group.Max(reading => reading.At!.Value), source);
            })
            .OfType<Figure>(),
    ];

    /// <summary>The figures of every place, each beside what it was an hour and a day before; the curves of the day take them in.</summary>
    private static Dictionary<string, IReadOnlyList<Figure>> Figures(CityData data, IReadOnlyList<Reading> world, IReadOnlyList<Place> districts, DateTimeOffset? clock, DayCurves curves)
    {
        var current = world.Where(reading => IsCurrent(reading, clock)).ToList();
        var byDistrict = current.ToLookup(reading => reading.District?.Code);
        var figures = districts.ToDictionary(place => place.Code, place => (IReadOnlyList<Figure>)Figures(place.Code, data, byDistrict[place.Code]));
        figures[DayCurves.City] = Figures(DayCurves.City, data, current);
        if (clock is not { } now)
        {
            return figures;
        }

        curves.Add(now, figures);
        return figures.ToDictionary(place => place.Key, place => (IReadOnlyList<Figure>)[.. place.Value.Select(figure => curves.Compare(place.Key, figure))]);
    }

    public static string Word(CityData data) => data == CityData.Real ? "real" : "simulated";

    private static (StationNow Station, DateTimeOffset? Heard) Describe(IReadOnlyList<Reading> streams, DateTimeOffset? clock)
    {
        var heard = Newest(streams.Select(reading => reading.At).OfType<DateTimeOffset>().Where(at => at <= clock));
        var (stream, district) = (streams[0].Stream, streams[0].District?.Code);
        return (new StationNow(stream.Thing, stream.ThingName, stream.Longitude, stream.Latitude, district, StateOf(streams, clock)) { NameEn = stream.NameEn }, heard);
    }

    /// <summary>Whether a Thing is heard, by all its datastreams.</summary>
    public static SensorState StateOf(IReadOnlyList<Reading> streams, DateTimeOffset? clock)
    {
        var heard = Newest(streams.Select(reading => reading.At).OfType<DateTimeOffset>().Where(at => at <= clock));
        return heard is not { } at ? SensorState.Silent
            : clock - at <= streams.Max(reading => reading.Window) ? SensorState.Reporting
            : clock - at <= streams.Max(reading => reading.LateUntil) ? SensorState.Late : SensorState.Silent;
    }

    private static SensorCount Count(IEnumerable<(StationNow Station, DateTimeOffset? Heard)> things)
    {
        var states = things.CountBy(thing => thing.Station.State).ToDictionary();
        return new(states.GetValueOrDefault(SensorState.Reporting), states.GetValueOrDefault(SensorState.Late), states.GetValueOrDefault(SensorState.Silent));
    }

    private static DateTimeOffset? Newest(IEnumerable<DateTimeOffset> times) => times.Select(at => (DateTimeOffset?)at).Max();
}
