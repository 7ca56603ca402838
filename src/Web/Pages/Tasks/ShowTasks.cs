using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Tasks;

/// <summary><c>/tasks</c>: what is to be done, by department, and what became of it. Who works in a department sees its own first.</summary>
internal static class ShowTasks
{
    private const string Path = "/tasks";

    /// <summary>What is asked of the page.</summary>
    internal sealed record Wish
    {
        /// <summary>Which tasks: <c>open</c>, <c>late</c>, <c>done</c>, <c>declined</c> or <c>all</c>.</summary>
        [FromQuery]
        public string? State { get; init; }

        /// <summary>Whose; null for the reader's own, where he has one, and <c>*</c> for all.</summary>
        [FromQuery]
        public string? Department { get; init; }

        /// <summary>The world.</summary>
        [FromQuery]
        public string? Data { get; init; }

        /// <summary>Where the page before ended.</summary>
        [FromQuery]
        public string? Before { get; init; }
    }

    internal static Task<IResult> Show(Visit visit, [AsParameters] Wish wish, ScenarioDesk desk, Grants grants, Departments departments, [FromQuery] string? done, CancellationToken cancel) =>
        Page(visit, wish, desk, grants, departments, Filled.Empty, done is "done" or "declined" ? visit.Language["incident.done." + done] : null, cancel);

    internal static async Task<IResult> Answer(Visit visit, [AsParameters] Wish wish, IFormCollection form, ScenarioDesk desk, Grants grants, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var state = filled["act"] switch { "done" => TaskState.Done, "declined" => TaskState.Declined, _ => throw new InvalidInputException("act", "is done or declined") };
                await desk.Answer(filled.Number("task") ?? 0, state, filled["text"], cancel);
                return TypedResults.LocalRedirect(visit.With(("done", filled["act"])));
            },
            wrong => Page(visit, wish, desk, grants, departments, wrong, null, cancel));
    }

    private static async Task<IResult> Page(Visit visit, Wish wish, ScenarioDesk desk, Grants grants, Departments departments, Filled filled, string? done, CancellationToken cancel)
    {
        var data = wish.Data == "simulated" ? CityData.Simulated : CityData.Real;
        var all = await desk.ListDepartments(data, cancel);
        var own = wish.Department is null ? Own(visit, all, grants, departments) : null;
        var asked = wish.Department is null or "" or "*" ? own : all.FirstOrDefault(each => each.Name.Ko == wish.Department)?.Name.Ko ?? wish.Department;
        var query = new TaskQuery
        {
            State = wish.State switch { "done" => TaskState.Done, "declined" => TaskState.Declined, "all" => null, _ => TaskState.Open }, IsLate = wish.State == "late", Department = asked, Data = data, Top = TasksView.Top,
            Before = long.TryParse(wish.Before, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null,
        };
        var view = new TasksView(visit, data, await desk.ListTasks(query, cancel), all) { State = wish.State is "late" or "done" or "declined" or "all" ? wish.State : "open", Department = asked, IsOwn = own is not null, Filled = filled, Done = done };
        return new RazorComponentResult<TasksPage>(new { View = view }) { StatusCode = HouseForm.StatusOf(filled) };
    }

    /// <summary>The department of the reader's that has tasks, by its name; null when none has.</summary>
    private static string? Own(Visit visit, IReadOnlyList<TaskDepartment> all, Grants grants, Departments departments)
    {
        if (visit.Me is null)
        {
            return null;
        }

        var mine = grants.List(visit.Me.Person).Select(grant => grant.Department is { } id ? departments.Find(id) : null).OfType<Department>().Select(department => department.NameKo).ToHashSet();
        return all.FirstOrDefault(each => mine.Contains(each.Name.Ko))?.Name.Ko;
    }
}
