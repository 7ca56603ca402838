using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Incidents;

/// <summary><c>/scenarios</c>: what is to be done in which disaster; <c>/scenarios/{id}</c>: one of them with its sources, its open tasks for who may read them, and a form that starts it.</summary>
internal static class ShowScenarios
{
    internal static IResult List(Visit visit) => new RazorComponentResult<ScenariosPage>(new { Visit = visit });

    internal static Task<IResult> One(Visit visit, string id, ScenarioDesk desk, Colleagues colleagues, [FromQuery] string? done, CancellationToken cancel) => Page(visit, id, desk, colleagues, Filled.Empty, done, cancel);

    internal static async Task<IResult> Act(Visit visit, string id, IFormCollection form, ScenarioDesk desk, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var act = filled["act"];
                switch (act)
                {
                    case "start":
                        await desk.Start(id, filled["stage"], filled.Number("incident"), filled["data"] == "simulated" ? CityData.Simulated : CityData.Real, cancel);
                        break;
                    case "done" or "declined":
                        await desk.Answer(filled.Number("task") ?? 0, act == "done" ? TaskState.Done : TaskState.Declined, filled["text"], cancel);
                        break;
                    default:
                        throw new InvalidInputException("act", "is no act that is known");
                }

                return HouseForm.Done(visit, "/scenarios/" + id, act!);
            },
            wrong => Page(visit, id, desk, colleagues, wrong, null, cancel));
    }

    private static async Task<IResult> Page(Visit visit, string id, ScenarioDesk desk, Colleagues colleagues, Filled filled, string? done, CancellationToken cancel)
    {
        if (Scenario.Find(id) is not { } scenario)
        {
            return MissingPage.Answer(visit);
        }

        // Those of a simulation crowd out none of the real ones.
        var open = new TaskQuery { State = TaskState.Open, Scenario = id };
        IReadOnlyList<CityTask> tasks = visit.Caller.MaySomewhere(Trust.Act.Read, Kinds.Incident)
            ? [.. await desk.ListTasks(open with { Data = CityData.Real }, cancel), .. await desk.ListTasks(open with { Data = CityData.Simulated }, cancel)] : [];
        visit = await visit.Naming(colleagues, tasks.Select(task => task.AnsweredBy), cancel);
        return new RazorComponentResult<ScenarioPage>(new { Visit = visit, Scenario = scenario, Tasks = tasks, Filled = filled, Done = done is { Length: < 20 } ? visit.Language.Find("incident.done." + done) : null }) { StatusCode = HouseForm.StatusOf(filled) };
    }
}
