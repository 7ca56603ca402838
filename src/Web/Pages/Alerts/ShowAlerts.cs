using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Alerts;

/// <summary><c>/alerts</c>: what is in force, and what was; <c>/alerts/{id}</c>: an alert with its story, on which officials act.</summary>
internal static class ShowAlerts
{
    private const int MostLifted = 50;

    internal static async Task<IResult> List(Visit visit, AlertDesk desk, CapDesk warnings, CapFeedDesk feeds, CityNow city, [FromQuery] string? data, CancellationToken cancel)
    {
        var now = await city.Read(Worlds.Parse(data), cancel);
        var open = await desk.List(new AlertQuery { Open = true, Top = AlertDesk.MostAtOnce }, cancel);
        var lifted = await desk.List(new AlertQuery { Open = false, Data = now.Data, Top = MostLifted }, cancel);
        // What others warn of is real, and is told in the simulated world as what there is in the other.
        var others = await warnings.ListInForce(cancel);
        var (here, elsewhere) = now.Data == CityData.Real ? (others, 0) : ([], others.Count);
        return new RazorComponentResult<AlertsPage>(new { View = new AlertsView(visit, now, [.. open.Where(alert => alert.Data == now.Data)], lifted, open.Count(alert => alert.Data != now.Data) + elsewhere, here) { Failing = [.. feeds.List().Where(feed => feed.Problem is not null)] } });
    }

    internal static Task<IResult> One(Visit visit, string id, AlertDesk desk, RuleBook book, Colleagues colleagues, [FromQuery] string? done, CancellationToken cancel) => Page(visit, id, desk, book, colleagues, Filled.Empty, done, cancel);

    internal static async Task<IResult> Act(Visit visit, string id, IFormCollection form, AlertDesk desk, RuleBook book, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var (alert, act) = (Number(id) ?? 0, filled["act"]);
                await (act switch
                {
                    "acknowledge" => desk.Acknowledge(alert, filled["note"], cancel),
                    "take" => desk.Take(alert, filled["note"], cancel),
                    "note" => desk.Note(alert, filled["note"], cancel),
                    _ => throw new InvalidInputException("act", "is acknowledge, take or note"),
                });
                return HouseForm.Done(visit, "/alerts/" + id, act!);
            },
            wrong => Page(visit, id, desk, book, colleagues, wrong, null, cancel));
    }

    private static async Task<IResult> Page(Visit visit, string id, AlertDesk desk, RuleBook book, Colleagues colleagues, Filled filled, string? done, CancellationToken cancel)
    {
        if (Number(id) is not { } number || await desk.Find(number, cancel) is not { } story)
        {
            return MissingPage.Answer(visit);
        }

        visit = await visit.Naming(colleagues, story.Entries.Select(entry => entry.Who), cancel);
        var rule = (await book.ListRevisions(story.Alert.RuleId, cancel)).First(revision => revision.Revision == story.Alert.Revision).Rule;
        return new RazorComponentResult<AlertPage>(new { Visit = visit, Story = story, Rule = rule, Filled = filled, Done = done is { Length: < 20 } ? visit.Language.Find("alert.done." + done) : null }) { StatusCode = HouseForm.StatusOf(filled) };
    }

    private static long? Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
