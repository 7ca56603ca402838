using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/retention</c>: how long Datastreams keep their Observations, and what was removed. What a rule removes does not come back, so that a fresh proof is asked for.</summary>
internal static class ShowRetention
{
    private const string Path = "/house/retention";

    internal static async Task<IResult> List(Visit visit, RetentionDesk desk, CityNow city, [FromQuery] string? after, [FromQuery] string? datastream, [FromQuery] string? find, [FromQuery] string? done, CancellationToken cancel) =>
        await Page(visit, desk, city, Filled.Empty, Id(after) ?? 0, Id(datastream), string.IsNullOrWhiteSpace(find) ? null : find.Trim(), HouseForm.Words(visit, "retention", done), cancel);

    internal static async Task<IResult> Set(Visit visit, IFormCollection form, RetentionDesk desk, CityNow city, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var datastream = filled.Number("datastream") ?? throw new InvalidInputException("datastream", "is required");
                var days = filled.Number("rawDays") ?? throw new InvalidInputException("rawDays", "is required");
                var rollups = (int?)filled.Number("rollupDays");
                try
                {
                    await desk.Set(datastream, (int)days, rollups, cancel);
                }
                catch (CityRuleException broken) when (broken.Status is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound)
                {
                    throw new InvalidInputException("datastream", broken.Message, broken.Status);
                }

                return HouseForm.Done(visit, Path, "set");
            },
            async wrong => await Page(visit, desk, city, wrong, 0, Id(wrong["datastream"]), null, null, cancel));
    }

    internal static async Task<IResult> AskRemove(Visit visit, long id, RetentionDesk desk, CancellationToken cancel)
    {
        var rule = await Get(desk, id, cancel);
        return HouseForm.AskProof(visit, visit.Path) ?? new RazorComponentResult<ActPage>(new
        {
            Visit = visit, Act = "retention-remove", Subject = $"{rule.Name} (Datastream {rule.Datastream})", To = $"{Path}/{rule.Datastream}/remove", Back = Path, BackWords = visit.Language["house.menu.retention"], Danger = false,
        });
    }

    internal static async Task<IResult> Remove(Visit visit, long id, RetentionDesk desk, CancellationToken cancel)
    {
        if (HouseForm.AskProof(visit, Path) is { } proof)
        {
            return proof;
        }

        await desk.Remove(id, cancel);
        return HouseForm.Done(visit, Path, "removed");
    }

    /// <summary>The rule of a Datastream: the first after the one before it, if it is this one's.</summary>
    private static async Task<RetentionRule> Get(RetentionDesk desk, long datastream, CancellationToken cancel) =>
        (await desk.List(datastream - 1, cancel)) is [var first, ..] && first.Datastream == datastream ? first : throw new CityRuleException("not-found", "There is no rule for this Datastream.", 404);

    private static async Task<RazorComponentResult<RetentionPage>> Page(Visit visit, RetentionDesk desk, CityNow city, Filled filled, long after, long? chosen, string? find, string? done, CancellationToken cancel)
    {
        var sensors = find is null && chosen is null ? [] : await city.ListSensors(null, cancel);
        var rules = await desk.List(after, cancel);
        var runs = await desk.ListRuns(null, cancel);
        return new(new
        {
            Visit = visit, Rules = rules.Take(RetentionPage.PageSize).ToList(), Runs = runs, Filled = filled, Chosen = chosen, ChosenWords = StreamSearch.Find(visit.Language, sensors, chosen), Find = find, Found = find is null ? [] : StreamSearch.Search(visit.Language, sensors, find), Done = done, IsLater = after > 0,
            Next = rules.Count > RetentionPage.PageSize ? rules[RetentionPage.PageSize - 1].Datastream : (long?)null,
        })
        { StatusCode = HouseForm.StatusOf(filled) };
    }

    private static long? Id(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
