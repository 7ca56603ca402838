using Madang.Kernel;
using Madang.Operations;
using Madang.Places;
using Madang.Trust;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;

namespace Madang.Web.Pages.Incidents;

/// <summary>What the forms of the pages of incidents do.</summary>
internal static class ActOnIncident
{
    internal static async Task<IResult> Open(Visit visit, IFormCollection form, IncidentDesk desk, CityNow city, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var id = await desk.Open(
                    new NewIncident
                    {
                        Kind = filled["kind"], Title = filled["title"], Place = filled["place"], Longitude = IncidentWords.Degrees("longitude", filled["longitude"]), Latitude = IncidentWords.Degrees("latitude", filled["latitude"]),
                        Department = filled["department"], Severity = filled["severity"] is { } severity ? Enum.TryParse<IncidentSeverity>(severity, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : throw new InvalidInputException("severity", "is minor, moderate, severe or extreme") : null,
                        Data = filled["data"] == "simulated" ? CityData.Simulated : CityData.Real, At = IncidentWords.Moment("at", filled["at"], visit.Zone),
                    },
                    cancel);
                return HouseForm.Done(visit, FormattableString.Invariant($"/incidents/{id}"), "open");
            },
            wrong => ShowIncidents.ListPage(visit, desk, city, filled["data"], wrong, cancel));
    }

    internal static async Task<IResult> Act(Visit visit, string id, IFormCollection form, IncidentDesk desk, IncidentCourse course, ScenarioDesk scenarios, PlaceBook places, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var number = ShowIncidents.Number(id) ?? 0;
                var act = filled["act"];
                await (act switch
                {
                    "stage" => course.Enter(number, filled["stage"], IncidentWords.Moment("at", filled["at"], visit.Zone), filled["reason"], cancel),
                    "close" => course.Close(number, IncidentWords.Moment("at", filled["at"], visit.Zone), filled["reason"], cancel),
                    "reopen" => course.Reopen(number, filled["reason"], cancel),
                    "merge" => course.Merge(number, filled.Number("into") ?? throw new InvalidInputException("into", "is required"), cancel),
                    "note" => desk.Note(number, filled["note"], cancel),
                    "order" => desk.Order(number, filled["to"], filled["text"], IncidentWords.Moment("dueAt", filled["dueAt"], visit.Zone), cancel),
                    "answer" => desk.Answer(filled.Number("incident") ?? number, (int)(filled.Number("order") ?? 0), filled["text"], cancel),
                    "link" => desk.Link(number, filled.Number("alert") ?? throw new InvalidInputException("alert", "is required"), cancel),
                    "split" => desk.Split(number, new NewIncident { Kind = filled["kind"], Title = filled["title"] }, cancel),
                    "done" => scenarios.Answer(filled.Number("task") ?? 0, TaskState.Done, filled["text"], cancel),
                    "declined" => scenarios.Answer(filled.Number("task") ?? 0, TaskState.Declined, filled["text"], cancel),
                    _ => throw new InvalidInputException("act", "is no act that is known"),
                });
                return HouseForm.Done(visit, "/incidents/" + id, act!);
            },
            wrong => ShowIncidents.OnePage(visit, id, desk, places, colleagues, wrong, null, cancel));
    }
}
