using Madang.Operations;
using Madang.Places;
using Madang.Web.Assets;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Here;

/// <summary>
/// <c>/here</c> and <c>/here/{code}</c>: what is in force where somebody is, since when, and what to do. Drawn once a minute, or when
/// something changes, and given to all who ask: it is read most on the day when everything else is slow.
/// </summary>
internal static class ShowHere
{
    /// <summary>Simulated data run ahead of the clock: of theirs so much is one page.</summary>
    private static readonly TimeSpan SimulatedStep = TimeSpan.FromMinutes(10);

    internal static Task<IResult> City(Visit visit, string? data, CityNow city, AlertBoard board, PlaceBook places, PageShelf shelf, HttpRequest request, CancellationToken cancel) =>
        District(visit, null, data, city, board, places, shelf, request, cancel);

    internal static async Task<IResult> District(Visit visit, string? code, string? data, CityNow city, AlertBoard board, PlaceBook places, PageShelf shelf, HttpRequest request, CancellationToken cancel)
    {
        var districts = await places.ListDistricts(cancel);
        var here = districts.FirstOrDefault(district => district.Code == code);
        if (code is not null && here is null)
        {
            return MissingPage.Answer(visit);
        }

        visit = visit.OfPage(code is null ? "/here" : "/here/" + code, Worlds.Parse(data));
        var now = await city.Read(Worlds.Parse(data), cancel);
        var inForce = await board.Read(now.Data, cancel);
        // Each world by its own clock, as everywhere.
        var (at, step) = now is { Data: CityData.Simulated, AsOf: { } asOf } ? (asOf, SimulatedStep) : (visit.At, TimeSpan.FromMinutes(1));
        var minute = new DateTimeOffset(at.Ticks - (at.Ticks % step.Ticks), at.Offset);
        HereView Look() => new(visit, now, minute, here, districts, inForce.Alerts) { Notices = [.. inForce.Notices.Where(notice => notice.District is null || notice.District == code)] };

        return visit.Me is null
            ? await shelf.Get<HerePage>(visit, FormattableString.Invariant($"{inForce.Id}.{now.Data.ToWord()}.{minute.ToUnixTimeSeconds() / 60}"), () => Task.FromResult<Dictionary<string, object?>>(new() { ["View"] = Look() }), request, cancel)
            : new RazorComponentResult<HerePage>(new { View = Look() });
    }
}
