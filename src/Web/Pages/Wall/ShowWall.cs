using Madang.Operations;
using Madang.Places;
using Madang.Trust;
using Madang.Web.Assets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Wall;

/// <summary>
/// <c>/wall</c>: the city on the big screen of a control room, without anything to press. Everybody may look; incidents and tasks
/// stand on it for who may read them.
/// </summary>
internal static class ShowWall
{
    private const int MostIncidents = 100, MostTasks = 500;

    internal static async Task<IResult> Handle(Visit visit, string? data, CityNow city, AlertBoard board, AirDesk air, IncidentDesk incidents, ScenarioDesk scenarios, PlaceBook places, PageShelf shelf, HttpRequest request, CancellationToken cancel)
    {
        visit = visit.OfPage("/wall", Worlds.Parse(data));
        var now = await city.Read(Worlds.Parse(data), cancel);
        var inForce = await board.Read(now.Data, cancel);
        var mayRead = visit.Caller.MaySomewhere(Act.Read, Kinds.Incident);

        async Task<Dictionary<string, object?>> Look(CancellationToken end) => new()
        {
            ["View"] = new WallView(
                new CityView(visit, now, await places.ListDistricts(end)), inForce.Alerts, await air.ReadIndex(now.Data, null, end),
                mayRead ? await incidents.List(new IncidentQuery { Open = true, Data = now.Data, Top = MostIncidents }, end) : null,
                mayRead ? [.. (await scenarios.ListTasks(new TaskQuery { IsLate = true, Data = now.Data, Top = MostTasks }, end)).OrderBy(task => task.DueAt)] : null),
        };

        // What is the same for everybody is drawn once; a screen that may read incidents has a page of its own.
        return visit.Me is null && !mayRead
            ? await shelf.Get<WallPage>(visit, FormattableString.Invariant($"{now.Id}.{inForce.Id}.{visit.At.ToUnixTimeSeconds() / 60}"), () => Look(CancellationToken.None), request, cancel)
            : new RazorComponentResult<WallPage>(await Look(cancel));
    }
}
