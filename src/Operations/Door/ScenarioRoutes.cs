using Madang.Kernel;
using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/scenarios and /api/tasks: what is to be done, and what became of it.</summary>
internal static class ScenarioRoutes
{
    /// <summary>A page of tasks; next is the address of the page after it, null on the last.</summary>
    public sealed record TaskPage(IReadOnlyList<CityTask> Value, string? Next);

    /// <summary>Which stage is started, and for which incident.</summary>
    public sealed record StartRequest(string Stage, long? Incident = null, CityData Data = CityData.Real);

    /// <summary>What became of a task.</summary>
    public sealed record TaskRequest(TaskState State, string? Text = null);

    internal static IReadOnlyList<Scenario> List() => Scenario.All;

    internal static Results<Ok<Scenario>, NotFound> Get(string id) => Scenario.Find(id) is { } scenario ? TypedResults.Ok(scenario) : TypedResults.NotFound();

    internal static async Task<Created<ScenarioStart>> Start(string id, HttpRequest request, ScenarioDesk desk, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<StartRequest>(request.Body, cancel);
        return TypedResults.Created((string?)null, await desk.Start(id, asked.Stage, asked.Incident, asked.Data, cancel));
    }

    internal static async Task<Ok<TaskPage>> Tasks(HttpRequest request, ScenarioDesk desk, string? state, string? department, string? scenario, string? data, string? top, string? before, CancellationToken cancel)
    {
        var query = new TaskQuery
        {
            State = state switch { null or "open" => TaskState.Open, "late" => TaskState.Open, "done" => TaskState.Done, "declined" => TaskState.Declined, "all" => null, _ => throw new InvalidInputException("state", "is open, late, done, declined or all") },
            IsLate = state == "late",
            Department = department, Scenario = scenario, Data = Asked.Data(data), Before = Asked.Number(before, "before"), Top = Asked.Top(top),
        };
        var found = await desk.ListTasks(query, cancel);
        return TypedResults.Ok(new TaskPage(found, Asked.Next(request, found.Count, query.Top, found.Count == 0 ? null : found[^1].Id)));
    }

    internal static async Task<NoContent> Answer(long id, HttpRequest request, ScenarioDesk desk, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<TaskRequest>(request.Body, cancel);
        await desk.Answer(id, asked.State, asked.Text, cancel);
        return TypedResults.NoContent();
    }
}
