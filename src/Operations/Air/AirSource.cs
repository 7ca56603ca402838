using Madang.Kernel;
using Madang.Places;

namespace Madang.Operations.Air;

/// <summary>The hours of a day, with the days that are past.</summary>
/// <param name="Clock">The data's own clock.</param>
/// <param name="Day">The day, in the city.</param>
/// <param name="Past">The days before today.</param>
/// <param name="Hours">Its hours so far, and those of some days before.</param>
/// <param name="IsAfternoon">True when its first 16 hours are over.</param>
/// <param name="IsToday">True for the day of the clock.</param>
internal sealed record AirDay(DateTimeOffset Clock, DateOnly Day, AirDays Past, AirHours Hours, bool IsAfternoon, bool IsToday);

/// <summary>What was measured, made once for all who ask: hours for seconds, days that are past for minutes.</summary>
internal sealed class AirSource(AirStations stations, AirReader reader, IndexMaker maker, PlaceBook places, AirQueue queue, TimeProvider clock)
{
    /// <summary>So many days before a day its hours are read anew with it; those before that come from the past, as it was read some minutes ago.</summary>
    public const int WarmDays = 3;

    /// <summary>The first days of a history are only looked back at.</summary>
    private const int FirstDays = 4;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10), Long = TimeSpan.FromMinutes(10);

    private readonly AirCache<CityData, AirNetwork> networks = new(clock, Short);
    private readonly AirCache<(CityData, DateTimeOffset), AirNow> indices = new(clock, Short), pastIndices = new(clock, Short);
    private readonly AirCache<(CityData, DateOnly), AirDays> pasts = new(clock, Long);
    private readonly AirCache<(CityData, DateTimeOffset, DateTimeOffset), AirHours> todays = new(clock, Short), pastDays = new(clock, Short);
    private readonly AirCache<(CityData, DateOnly, bool), OwnForecasts> forecasts = new(clock, TimeSpan.FromMinutes(1)), pastForecasts = new(clock, TimeSpan.FromMinutes(1));

    /// <summary>The city's calendar.</summary>
    public AirHours Calendar { get; } = reader.Nothing;

    /// <summary>The index now, or at the end of an hour.</summary>
    public async Task<AirNow> Index(CityData data, DateTimeOffset? at, CancellationToken cancel)
    {
        if (await Clock(data, cancel) is not { } now)
        {
            return IndexMaker.Nothing(data);
        }

        var hour = at ?? Hour(now);
        if (hour > now)
        {
            throw new InvalidInputException("at", "is a time that is past, by the data's own clock");
        }

        async Task<AirNow> Make() => await maker.Make(data, await Network(data, CancellationToken.None), hour, at is null, CancellationToken.None);
        return at is null ? await indices.Get((data, hour), Make, cancel) : await pastIndices.Get((data, hour), () => queue.Read(Make), cancel);
    }

    /// <summary>The data's own clock: the city's for real data, the newest reading of simulated ones. Null when no station says anything.</summary>
    public async Task<DateTimeOffset?> Clock(CityData data, CancellationToken cancel) =>
        await Network(data, cancel) is not { Newest: { } newest } ? null : data == CityData.Real ? clock.GetUtcNow() : newest;

    /// <summary>A day with its past; today when none is asked for. Null when no station says anything.</summary>
    /// <exception cref="InvalidInputException">The day is yet to come.</exception>
    public async Task<AirDay?> Day(CityData data, DateOnly? asked, CancellationToken cancel)
    {
        if (await Clock(data, cancel) is not { } now)
        {
            return null;
        }

        var today = Calendar.DayOf(now);
        var day = asked ?? today;
        if (day > today || day < today.AddDays(-ForecastMaker.HistoryDays))
        {
            throw new InvalidInputException("day", $"is today or one of the {ForecastMaker.HistoryDays} days before, by the data's own clock");
        }

        var first = today.AddDays(-ForecastMaker.HistoryDays - FirstDays);
        var past = await pasts.Get((data, today), async () => (await Read(data, Calendar.Start(first), Calendar.Start(today))).ToDays(first, today), cancel);
        var (start, end) = (Calendar.Start(day), Earlier(Calendar.Start(day.AddDays(1)), Hour(now)));
        async Task<AirHours> Hours() => await Read(data, Calendar.Start(day.AddDays(-WarmDays)), end);
        var hours = day == today ? await todays.Get((data, start, end), Hours, cancel) : await pastDays.Get((data, start, end), () => queue.Read(Hours), cancel);
        return new AirDay(now, day, past, hours, now >= start.AddHours(ForecastMaker.Afternoon), day == today);
    }

    /// <summary>The city's own forecasts of a day: of today for the city and every district, of a day that is past for the city alone.</summary>
    public Task<OwnForecasts> Own(CityData data, AirDay day, CancellationToken cancel) => (day.IsToday ? forecasts : pastForecasts).Get((data, day.Day, day.IsAfternoon), async () =>
    {
        string[] all = [AirReader.City, .. (day.IsToday ? await places.ListDistricts(CancellationToken.None) : []).Select(place => place.Code)];
        return ForecastMaker.Make(all, day.Day, day.Past, day.Hours, day.IsAfternoon);
    }, cancel);

    /// <summary>Forgets what was read, as who may read what has changed.</summary>
    public void Forget()
    {
        networks.Clear();
        indices.Clear();
        pastIndices.Clear();
        pasts.Clear();
        todays.Clear();
        pastDays.Clear();
        forecasts.Clear();
        pastForecasts.Clear();
    }

    /// <summary>The last full hour: one that is not over has no mean yet.</summary>
    private static DateTimeOffset Hour(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private Task<AirNetwork> Network(CityData data, CancellationToken cancel) => networks.Get(data, () => stations.Find(data, CancellationToken.None), cancel);

    private async Task<AirHours> Read(CityData data, DateTimeOffset from, DateTimeOffset to) =>
        await reader.Read(await Network(data, CancellationToken.None), ForecastMaker.Measured, from, to, each: false, CancellationToken.None);
}
