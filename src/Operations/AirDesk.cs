using Madang.Kernel;
using Madang.Operations.Air;
using Madang.Operations.Door;
using Madang.Operations.Rules;
using Madang.Places;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>The air-quality desk: the index, forecasts, the decision on emergency measures and what follows from it. What is measured is told as everybody may read it; who decided, to those who may read alerts.</summary>
public sealed class AirDesk
{
    /// <summary>The most stations of one answer.</summary>
    public const int MostStations = 500;

    /// <summary>The longest note.</summary>
    public const int LongestNote = 2_000;

    /// <summary>The longest name of an institution.</summary>
    public const int LongestSource = 200;

    /// <summary>The most sites that are told at once.</summary>
    public const int MostSites = 1_000;

    private const int MostOfficial = 200, FarthestDays = 14, OldestDays = 31;

    private const double MostParticles = 2_000;

    private readonly CityNow city;
    private readonly AirSource source;
    private readonly SheetMaker sheets;
    private readonly ExposureMaker exposure;
    private readonly PlaceBook places;
    private readonly SiteBook sites;
    private readonly AirLedger ledger;
    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal AirDesk(CityNow city, AirSource source, SheetMaker sheets, ExposureMaker exposure, PlaceBook places, SiteBook sites, AirLedger ledger, IDatabase database, Recorder recorder, TimeProvider clock) =>
        (this.city, this.source, this.sheets, this.exposure, this.places, this.sites, this.ledger, this.database, this.recorder, this.clock) = (city, source, sheets, exposure, places, sites, ledger, database, recorder, clock);

    /// <summary>The parts of the year with measures of their own.</summary>
    public static IReadOnlyList<AirSeason> Seasons => AirBooks.Seasons;

    /// <summary>Today, by the city's clock.</summary>
    public DateOnly Today => source.Calendar.DayOf(clock.GetUtcNow());

    /// <summary>True for who may decide and enter forecasts.</summary>
    public static bool MayWrite => Caller.Current.MaySomewhere(Act.Write, Kinds.Alert);

    private static bool MayRead => Caller.Current.MaySomewhere(Act.Read, Kinds.Alert);

    /// <summary>The index now, or at the end of the hour that holds a moment.</summary>
    /// <exception cref="InvalidInputException">The moment is yet to come.</exception>
    public async Task<AirNow> ReadIndex(CityData? data, DateTimeOffset? at, CancellationToken cancel)
    {
        var hour = at is { } moment ? new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero) : (DateTimeOffset?)null;
        return await source.Index(await World(data, cancel), hour, cancel);
    }

    /// <summary>The forecasts of tomorrow and the day after.</summary>
    public async Task<AirForecasts> ReadForecasts(CityData? data, CancellationToken cancel)
    {
        var world = await World(data, cancel);
        var official = await ledger.ListLast(world, MostOfficial, cancel);
        return await source.Day(world, null, cancel) is { } day
            ? new AirForecasts(world, day.Day, await sheets.Standing(world, day, cancel), (await source.Own(world, day, cancel)).Skills, official)
            : new AirForecasts(world, null, [], [], official);
    }

    /// <summary>The decision sheet of a day; of today when none is asked for. Null when no station says anything.</summary>
    /// <exception cref="InvalidInputException">The day is yet to come.</exception>
    public async Task<ReductionSheet?> ReadSheet(CityData? data, DateOnly? day, CancellationToken cancel) => await sheets.Make(await World(data, cancel), day, MayRead, cancel);

    /// <summary>The sheet whose measures hold, or will: that of today, else that of yesterday. Null when nothing is issued, or it is over.</summary>
    public async Task<ReductionSheet?> FindIssued(CityData? data, CancellationToken cancel)
    {
        var world = await World(data, cancel);
        if (await source.Clock(world, cancel) is not { } now)
        {
            return null;
        }

        foreach (var day in (DateOnly[])[source.Calendar.DayOf(now), source.Calendar.DayOf(now).AddDays(-1)])
        {
            if (now < sheets.EndOf(day) && (await ledger.Read(world, day, cancel)).Steps is [.., { Act: ReductionAct.Issue }])
            {
                return await sheets.Make(world, day, MayRead, cancel);
            }
        }

        return null;
    }

    /// <summary>Where an advisory or warning is in force, how many sensitive sites lie there, and what they do; with a district, that alone and its sites.</summary>
    /// <exception cref="InvalidInputException">There is no such district.</exception>
    public async Task<AirExposure> ReadExposure(CityData? data, string? district, CancellationToken cancel)
    {
        var world = await World(data, cancel);
        var all = await exposure.Read(world, cancel);
        if (district is null)
        {
            return all;
        }

        Need(await places.Find(PlaceBook.District, district, cancel) is not null, "district", "is the code of a district");
        var found = new List<AirSite>();
        foreach (var kind in all.Districts.Any(each => each.Code == district) ? SiteKind.Sensitive : [])
        {
            found.AddRange((await sites.ListInDistrict(kind.Code, district, world == CityData.Simulated, cancel)).Take(MostSites - found.Count)
                .Select(site => new AirSite(site.Kind, site.Code, site.Name, site.NameEn, site.Longitude, site.Latitude, site.Capacity)));
        }

        return all with { Districts = [.. all.Districts.Where(each => each.Code == district)], Sites = found };
    }

    /// <summary>Decides on the emergency measures of the day after; the sheet as it stands then is kept with it.</summary>
    /// <exception cref="CityRuleException">It is over, or what was decided before does not allow it (409); the caller may not (403).</exception>
    public async Task<ReductionSheet> Decide(CityData data, DateOnly day, ReductionAct act, string? note, CancellationToken cancel)
    {
        Demand();
        if (note is { Length: > LongestNote } || note?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r')) == true)
        {
            throw new InvalidInputException("note", $"is a text of at most {LongestNote} characters");
        }

        var sheet = await Open(data, day, cancel);
        if (!sheet.IsComplete && act != ReductionAct.Lift)
        {
            throw new CityRuleException("too-early", "The hours up to 16 o'clock are not over; the sheet is not complete.");
        }

        var figures = System.Text.Encoding.UTF8.GetString(CityJson.Write(sheet with { Steps = [], Measures = [] }));
        await database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, ["air/" + AirLedger.Text(day)]);
                var (last, count) = await AirLedger.Last(scope, data, day);
                if (count >= AirLedger.MostSteps || act switch { ReductionAct.Issue => last == ReductionAct.Issue, ReductionAct.Decline => last is not null, _ => last != ReductionAct.Issue })
                {
                    throw new CityRuleException("decision-stands", last is null ? "Nothing is issued that could be lifted." : $"The last decision of this day was '{last.ToString()!.ToLowerInvariant()}'; this one does not follow from it.");
                }

                await AirLedger.Add(scope, data, day, act, figures, clock.GetUtcNow(), Caller.Current.Id, string.IsNullOrWhiteSpace(note) ? null : note.Trim());
                await recorder.Record(scope, Entry("air." + act.ToString().ToLowerInvariant(), "air-decision", data, AirLedger.Text(day)));
            },
            cancel);
        return (await sheets.Make(data, day, MayRead, cancel))!;
    }

    /// <summary>Says that a measure is done, or that it is not.</summary>
    /// <exception cref="CityRuleException">There is no such measure (404), or nothing is issued (409); the caller may not (403).</exception>
    public async Task Tick(CityData data, DateOnly day, string item, bool done, CancellationToken cancel)
    {
        Demand();
        if (AirBooks.Measures.All(measure => measure.Id != item))
        {
            throw new CityRuleException("not-found", "There is no such measure in the list.", 404);
        }

        await Open(data, day, cancel);
        await database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, ["air/" + AirLedger.Text(day)]);
                if ((await AirLedger.Last(scope, data, day)).Act != ReductionAct.Issue)
                {
                    throw new CityRuleException("not-issued", "No measures are in force that were decided on that day.");
                }

                await AirLedger.Tick(scope, data, day, item, done, clock.GetUtcNow(), Caller.Current.Id);
                await recorder.Record(scope, Entry(done ? "air.done" : "air.undone", "air-measure", data, $"{AirLedger.Text(day)}/{item}"));
            },
            cancel);
    }

    /// <summary>Keeps an official forecast; the same again changes nothing. When it was received is told by this server.</summary>
    /// <exception cref="InvalidInputException">A field is wrong, by its name.</exception>
    public async Task PutForecast(CityData data, OfficialForecast forecast, CancellationToken cancel)
    {
        Demand();
        var now = clock.GetUtcNow();
        Need(ForecastMaker.Measured.Contains(forecast.Measure), "measure", "is pm25 or pm10");
        Need(forecast.Place == AirReader.City || RuleCheck.IsWord(forecast.Place), "place", "is city or the code of a district");
        Need(forecast.Value is null or (>= 0 and <= MostParticles), "value", $"is a daily mean of 0 to {MostParticles} ㎍/㎥");
        Need(forecast.Source is { Length: > 0 and <= LongestSource } && !forecast.Source.Any(char.IsControl), "source", $"names who issued it, in at most {LongestSource} characters");
        // Simulated data have a clock of their own, by which their forecasts are issued.
        var there = data == CityData.Simulated ? await source.Clock(data, cancel) ?? now : now;
        Need(forecast.IssuedAt <= there + CityNow.ClockSlack && forecast.IssuedAt > there.AddDays(-OldestDays), "issuedAt", $"is a time that is past, at most {OldestDays} days");
        Need(Math.Abs(forecast.Day.DayNumber - source.Calendar.DayOf(forecast.IssuedAt).DayNumber) is var apart && apart <= FarthestDays && forecast.Day >= source.Calendar.DayOf(forecast.IssuedAt), "day", $"is the day it was issued, or at most {FarthestDays} days after");
        await database.Write(
            async scope =>
            {
                if (await AirLedger.Add(scope, data, forecast with { ReceivedAt = now }, Caller.Current.Id))
                {
                    await recorder.Record(scope, Entry("air.forecast", "air-forecast", data, $"{AirLedger.Text(forecast.Day)}/{forecast.Place}/{forecast.Measure}"));
                }
            },
            cancel);
    }

    /// <summary>The grade of a daily mean of a particle measure; null for other measures.</summary>
    public static AirGrade? GradeOf(string measure, double value) => AirGrades.Of(measure, Measures.Published(measure, value));

    private static RecordEntry Entry(string action, string kind, CityData data, string thing) =>
        Caller.Current.Entry(action, Act.Write, Kinds.Alert) with { Kind = kind, Thing = (data == CityData.Simulated ? "simulated/" : "") + thing };

    private static void Need(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }

    private static void Demand()
    {
        if (!MayWrite)
        {
            throw new CityRuleException("not-allowed", "You may not decide on measures of the air.", 403);
        }
    }

    private async Task<CityData> World(CityData? data, CancellationToken cancel) => data ?? (await city.Read(null, cancel)).Data;

    /// <summary>The sheet of a day that can still be decided on.</summary>
    private async Task<ReductionSheet> Open(CityData data, DateOnly day, CancellationToken cancel)
    {
        var sheet = await sheets.Make(data, day, MayRead, cancel) ?? throw new CityRuleException("nothing-measured", "No air quality station says anything, so there is no sheet to decide on.");
        return await source.Clock(data, cancel) < sheet.Until ? sheet : throw new CityRuleException("too-late", "The time in which these measures would hold is over.");
    }
}
