using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Places;
using Madang.Trust;
using Madang.Web.Paper;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Incidents;

/// <summary><c>/incidents</c>: what the city works on; <c>/incidents/{id}</c>: an incident with its story; <c>/incidents/{id}/report</c>: how it went, also as a PDF.</summary>
internal static class ShowIncidents
{
    private const int MostClosed = 50;

    internal static Task<IResult> List(Visit visit, IncidentDesk desk, CityNow city, [FromQuery] string? data, CancellationToken cancel) => ListPage(visit, desk, city, data, Filled.Empty, cancel);

    internal static async Task<IResult> ListPage(Visit visit, IncidentDesk desk, CityNow city, string? data, Filled filled, CancellationToken cancel)
    {
        var world = Worlds.Parse(data) ?? (await city.Read(null, cancel)).Data;
        var open = await desk.List(new IncidentQuery { Open = true, Data = world, Top = IncidentDesk.MostAtOnce }, cancel);
        var elsewhere = await desk.List(new IncidentQuery { Open = true, Data = world.Other(), Top = IncidentDesk.MostAtOnce }, cancel);
        var closed = await desk.List(new IncidentQuery { Open = false, Data = world, Top = MostClosed }, cancel);
        return new RazorComponentResult<IncidentsPage>(new { Visit = visit, World = world, Open = open, Closed = closed, Elsewhere = elsewhere.Count, Filled = filled })
        {
            StatusCode = HouseForm.StatusOf(filled),
        };
    }

    internal static Task<IResult> One(Visit visit, string id, IncidentDesk desk, PlaceBook places, Colleagues colleagues, [FromQuery] string? done, CancellationToken cancel) => OnePage(visit, id, desk, places, colleagues, Filled.Empty, done, cancel);

    internal static async Task<IResult> OnePage(Visit visit, string id, IncidentDesk desk, PlaceBook places, Colleagues colleagues, Filled filled, string? done, CancellationToken cancel) =>
        Number(id) is not { } number || await desk.FindStory(number, cancel) is not { } story ? MissingPage.Answer(visit)
        : new RazorComponentResult<IncidentPage>(new { Visit = await visit.Naming(colleagues, IncidentWords.People(story), cancel), Story = story, Places = await places.ListDistricts(cancel), Filled = filled, Done = done is { Length: < 20 } ? visit.Language.Find("incident.done." + done) : null })
        {
            StatusCode = HouseForm.StatusOf(filled),
        };

    internal static async Task<IResult> Report(Visit visit, string id, IncidentReports reports, PlaceBook places, Colleagues colleagues, CancellationToken cancel) =>
        Number(id) is not { } number || await reports.Find(number, cancel) is not { } report ? MissingPage.Answer(visit)
        : new RazorComponentResult<IncidentReportPage>(new { Visit = await visit.Naming(colleagues, IncidentWords.People(report.Story), cancel), Report = report, Places = await places.ListDistricts(cancel) });

    internal static async Task<IResult> Paper(Visit visit, string id, IncidentReports reports, PlaceBook places, IncidentPaper paper, Colleagues colleagues, CancellationToken cancel)
    {
        if (Number(id) is not { } number || await reports.Find(number, cancel) is not { } report)
        {
            return MissingPage.Answer(visit);
        }

        var document = await paper.Print(await visit.Naming(colleagues, IncidentWords.People(report.Story), cancel), report, await places.ListDistricts(cancel), cancel) ?? throw new CityRuleException("no-font", "This server was built without the font that a PDF needs; the page can be printed.", 501);
        return TypedResults.Bytes(document, "application/pdf", FormattableString.Invariant($"incident-{number}-report-{visit.Language.Code}.pdf"));
    }

    internal static async Task<IResult> Calls(Visit visit, string id, CallListDesk desk, Colleagues colleagues, CancellationToken cancel) =>
        Number(id) is not { } number || await desk.Find(number, cancel) is not { } list ? MissingPage.Answer(visit)
        : new RazorComponentResult<IncidentCallsPage>(new { Visit = await visit.Naming(colleagues, list.Duty.Select(duty => "person:" + duty.Person), cancel), List = list });

    /// <summary>The number of an address or a field; null when it is none.</summary>
    internal static long? Number(string? id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
