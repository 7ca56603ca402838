using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Air;

/// <summary><c>/air</c>: the index, what is in force, the forecast and the decision sheet; officials decide, tick off and enter official forecasts.</summary>
internal static class ShowAir
{
    private static readonly string[] Measured = ["pm25", "pm10", "o3"];

    internal static Task<IResult> Show(Visit visit, AirDesk desk, RuleBook book, Colleagues colleagues, [FromQuery] string? data, [FromQuery] string? done, CancellationToken cancel) => Page(visit, desk, book, colleagues, Worlds.Parse(data), Filled.Empty, done, cancel);

    internal static async Task<IResult> Act(Visit visit, IFormCollection form, AirDesk desk, RuleBook book, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        var data = Worlds.Parse(filled["data"]) ?? CityData.Real;
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var act = filled["act"];
                await (act switch
                {
                    "issue" => desk.Decide(data, Day(filled, "day"), ReductionAct.Issue, filled["note"], cancel),
                    "decline" => desk.Decide(data, Day(filled, "day"), ReductionAct.Decline, filled["note"], cancel),
                    "lift" => desk.Decide(data, Day(filled, "day"), ReductionAct.Lift, filled["note"], cancel),
                    "done" or "undone" => desk.Tick(data, Day(filled, "day"), filled["item"] ?? "", act == "done", cancel),
                    "forecast" => desk.PutForecast(data, Forecast(visit, filled), cancel),
                    _ => throw new InvalidInputException("act", "is issue, decline, lift, done, undone or forecast"),
                });
                return TypedResults.LocalRedirect(visit.To($"/air?data={data.ToWord()}&done={act}"));
            },
            wrong => Page(visit, desk, book, colleagues, data, Said(visit, wrong), null, cancel));
    }

    /// <summary>What is wrong in the words of this page, where it has some.</summary>
    private static Filled Said(Visit visit, Filled filled) =>
        filled.Wrong?.Field is { } field && visit.Language.Find("air.wrong." + field) is { } words ? filled.With(new Wrong(field, words)) : filled;

    private static OfficialForecast Forecast(Visit visit, Filled filled)
    {
        var value = filled["value"] is not { } text ? (double?)null
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException("value", "is a number");
        var measure = filled["measure"] ?? "";
        var grade = value is { } known ? AirDesk.GradeOf(measure, known) : Enum.TryParse<AirGrade>(filled["grade"], ignoreCase: false, out var named) && Enum.IsDefined(named) ? named : throw new InvalidInputException("grade", "is needed where there is no value: good, moderate, bad or very-bad");
        if (!DateTime.TryParseExact(filled["issued"], "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var issued))
        {
            throw new InvalidInputException("issuedAt", "is a time, written as 2026-03-04T17:00");
        }

        return new OfficialForecast(filled["place"] ?? "city", measure, Day(filled, "target"), value, grade ?? AirGrade.Good, filled["source"]?.Trim() ?? "", new DateTimeOffset(issued, visit.Zone.GetUtcOffset(issued)).ToUniversalTime(), default);
    }

    private static DateOnly Day(Filled filled, string field) =>
        DateOnly.TryParseExact(filled[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1971 and < 2200 ? day : throw new InvalidInputException("day", "is a day, written as 2026-03-04");

    private static async Task<IResult> Page(Visit visit, AirDesk desk, RuleBook book, Colleagues colleagues, CityData? data, Filled filled, string? done, CancellationToken cancel)
    {
        var index = await desk.ReadIndex(data, null, cancel);
        var world = index.Data;
        var sheet = await desk.ReadSheet(world, null, cancel);
        var rules = (await book.List(cancel)).Select(known => known.InForce).OfType<RuleRevision>()
            .Where(revision => revision.Rule is { IsPublic: true, Scope: { Kind: "air-station", Measure: { } measure } } && revision.Rule.Data == world && Measured.Contains(measure))
            .OrderBy(revision => Measures.Rank(revision.Rule.Scope.Measure!)).ToList();
        visit = await visit.Naming(colleagues, (sheet?.Steps ?? []).Select(step => step.Who), cancel);
        var view = new AirView(
            visit, index, sheet, await desk.FindIssued(world, cancel), await desk.ReadForecasts(world, cancel), await desk.ReadExposure(world, null, cancel), rules, sheet?.Day ?? desk.Today, filled,
            done is { Length: < 20 } ? visit.Language.Find("air.done." + done) : null);
        return new RazorComponentResult<AirPage>(new { View = view }) { StatusCode = HouseForm.StatusOf(filled) };
    }
}
