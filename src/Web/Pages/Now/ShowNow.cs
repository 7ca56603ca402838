using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Places;
using Madang.Web.Assets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Madang.Web.Pages.Now;

/// <summary><c>/</c>: what is so at the moment of the request, and on its map any moment of the last day; all of it can be read without JavaScript.</summary>
internal static class ShowNow
{
    /// <summary>Addresses with other words are drawn one by one: anybody could make up as many as he likes.</summary>
    private static readonly HashSet<string> Words = ["data", "measure", "at", "sort"];

    /// <param name="visit">The reader and the page.</param>
    /// <param name="data">The world: real or simulated.</param>
    /// <param name="measure">The measure that colours the map; what is none is PM2.5.</param>
    /// <param name="at">A moment of the last day, as ISO 8601 or in seconds since 1970 (a slider knows only numbers); what is none is now.</param>
    /// <param name="sort">How the table is sorted.</param>
    /// <param name="city">The city now.</param>
    /// <param name="places">The districts.</param>
    /// <param name="options">How pages are made.</param>
    /// <param name="shelf">Gives everybody the same page.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancel">Ends the work.</param>
    internal static async Task<IResult> Handle(
        Visit visit, string? data, string? measure, string? at, string? sort, CityNow city, PlaceBook places, IOptions<WebOptions> options, PageShelf shelf, HttpRequest request, CancellationToken cancel)
    {
        var catalogue = await city.OpenCatalogue(Worlds.Parse(data), cancel);
        var day = await city.ReadDay(catalogue.Now.Data, cancel);

        // Not ended with this reader: others may wait for the same page.
        Task<NowView> Look(CancellationToken end) => Make(visit, measure, at, sort, catalogue, day, city, places, options.Value, end);
        return visit.Me is null && request.Query.Keys.All(Words.Contains)
            ? await shelf.Get<FrontPage>(visit, $"{catalogue.Now.Id}.{day.Id}", async () => new() { ["View"] = await Look(CancellationToken.None) }, request, cancel)
            : new RazorComponentResult<FrontPage>(new { View = await Look(cancel) });
    }

    private static async Task<NowView> Make(Visit visit, string? measure, string? at, string? sort, SensorCatalogue catalogue, CityDay day, CityNow city, PlaceBook places, WebOptions options, CancellationToken cancel)
    {
        var now = catalogue.Now;
        var chosen = measure is not null && Measures.Main.Contains(measure) ? measure : Measures.Main[0];
        var step = now.AsOf is null ? null : FindStep(day, at);
        return new NowView(
            new CityView(visit, now, await places.ListDistricts(cancel)), chosen, day, step, TableSort.Parse(sort),
            await ListStations(city, chosen, step is { } past ? day.From + (past * day.Step) : null, now.Data, cancel),
            now.AsOf is null ? FindArchive(catalogue.Sensors) : null, options.MapStyle)
        {
            Sources = catalogue.Sources,
            Owners = visit.Language.IsKorean ? catalogue.Owners : catalogue.OwnersEn,
            Dormant = catalogue.Sensors.Count(sensor => sensor.Dormant),
            IsOutside = at is { Length: > 0 } && step is null && !IsNewest(day, at),
        };
    }

    /// <summary>The step of the day that a moment lies in; null for the newest one, which is now, and for what is no moment of this day.</summary>
    internal static int? FindStep(CityDay day, string? at)
    {
        if (ReadTime(at) is not { } time)
        {
            return null;
        }

        var step = (int)Math.Clamp(Math.Floor((time - day.From) / day.Step), -1, int.MaxValue);
        return step >= 0 && step < Steps(day) - 1 ? step : null;
    }

    private static int Steps(CityDay day) => day.Measures[Measures.Main[0]].City.Count;

    /// <summary>True for a moment of the newest ten minutes.</summary>
    private static bool IsNewest(CityDay day, string at) => ReadTime(at) is { } time && (int)Math.Floor((time - day.From) / day.Step) == Steps(day) - 1;

    private static DateTimeOffset? ReadTime(string? at) =>
        long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : IsoTime.TryParse(at, out var time) ? time : null;

    /// <summary>Where the past of all sensors at once is too much to tell, the districts alone are shown.</summary>
    private static async Task<IReadOnlyList<StationReading>> ListStations(CityNow city, string measure, DateTimeOffset? at, CityData data, CancellationToken cancel)
    {
        try
        {
            var readings = at is { } moment ? await city.ReadStations(measure, moment, data, cancel) : await city.ReadStations(measure, data, cancel);
            return [.. readings.Stations.Where(station => station.Unit is not null)];
        }
        catch (Exception refused) when (refused is CityRuleException or InvalidInputException)
        {
            return [];
        }
    }

    private static Archive? FindArchive(IReadOnlyList<SensorNow> sensors) =>
        sensors.Any(sensor => sensor.Heard is not null) ? new Archive(sensors, sensors.Max(sensor => sensor.Heard)) : null;
}
