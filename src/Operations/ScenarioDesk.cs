using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Incidents;
using Madang.Operations.Scenarios;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Starts scenarios, and keeps the tasks that come of them.</summary>
public sealed class ScenarioDesk
{
    /// <summary>The most tasks of one answer.</summary>
    public const int MostAtOnce = 500;

    private readonly IncidentPen pen;
    private readonly DutyHolders holders;
    private readonly TimeProvider clock;

    internal ScenarioDesk(IncidentPen pen, DutyHolders holders, TimeProvider clock) => (this.pen, this.holders, this.clock) = (pen, holders, clock);

    /// <summary>A person starts a stage of a scenario, for an incident or for itself.</summary>
    /// <exception cref="CityRuleException">There is no such scenario or incident (404), or the incident is closed or of the other world (409).</exception>
    public async Task<ScenarioStart> Start(string id, string? stage, long? incident, CityData data, CancellationToken cancel)
    {
        var scenario = Scenario.Find(id) ?? throw new CityRuleException("not-found", $"There is no scenario '{id}'.", 404);
        var asked = scenario.FindStage(stage) ?? throw new InvalidInputException("stage", "is one of " + string.Join(", ", scenario.Stages.Select(each => each.Code)));
        var able = await holders.Now(clock.GetUtcNow(), cancel);
        ScenarioStart? start = null;
        await pen.Write(
            "scenario.start",
            async (scope, now) =>
            {
                if (incident is { } number && (await IncidentLedger.HoldOpen(scope, number)).Simulated != (data == CityData.Simulated ? 1 : 0))
                {
                    throw new CityRuleException("other-world", "Real and simulated data are never mixed.");
                }

                start = incident is null && await IsOpen(scope, scenario.Id, asked.Code, data) ? null : await ScenarioLedger.Start(scope, scenario, asked, new ScenarioCause(data, able) { Incident = incident, By = Caller.Current.Id }, now);
                if (start is null)
                {
                    throw new CityRuleException("scenario-started", "This stage is started already. Its tasks are open.");
                }

                if (incident is { } open)
                {
                    await IncidentLedger.Enter(scope, open, now, new NewEntry(IncidentAct.ScenarioStarted) { Who = Caller.Current.Id, Note = $"{scenario.Id}/{asked.Code}", Other = start!.Id });
                }

                return start!.Id;
            },
            cancel);
        return start!;
    }

    /// <summary>True while tasks of this stage wait that a person started for no incident: a second push of the button is none.</summary>
    private static async Task<bool> IsOpen(WriteScope scope, string scenario, string stage, CityData data) => await scope.Connection.ExecuteScalarAsync<long>(
        """
        SELECT count(*) FROM scenario_starts s JOIN scenario_tasks t ON t.start_id = s.id
        WHERE s.scenario = @scenario AND s.stage = @stage AND s.incident_id IS NULL AND s.alert_id IS NULL AND s.simulated = @simulated AND t.state = @open
        """,
        new { scenario, stage, simulated = data == CityData.Simulated ? 1 : 0, open = (int)TaskState.Open }, scope.Transaction) > 0;

    /// <summary>Tasks, the newest first.</summary>
    public async Task<IReadOnlyList<CityTask>> ListTasks(TaskQuery query, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Read);
        if (query.Top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        await using var read = await pen.Database.Read(cancel);
        var rows = await read.Connection.QueryAsync<TaskRow>(
            $"""
            SELECT {TaskRow.Columns} FROM scenario_tasks t JOIN scenario_starts s ON s.id = t.start_id
            WHERE {(query.State is null ? "1 = 1" : "t.state = @state")} AND {(query.IsLate ? "t.state = @open AND t.due_at < @now" : "1 = 1")} AND {(query.Department is null ? "1 = 1" : "(t.department_ko = @Department OR t.department_en = @Department)")}
            AND {(query.Scenario is null ? "1 = 1" : "s.scenario = @Scenario")} AND {(query.Before is null ? "1 = 1" : "t.id < @Before")} AND {(query.Data is null ? "1 = 1" : "s.simulated = @simulated")}
            ORDER BY t.id DESC LIMIT @Top
            """,
            new { state = (int?)query.State, query.Department, query.Scenario, query.Before, query.Top, simulated = query.Data == CityData.Simulated ? 1 : 0, open = (int)TaskState.Open, now = pen.Now.ToMicros() },
            read.Transaction);
        return [.. rows.Select(row => row.Told(pen.Now))];
    }

    /// <summary>The departments that have tasks in a world, in order of their names; at most <see cref="MostAtOnce"/>.</summary>
    public async Task<IReadOnlyList<TaskDepartment>> ListDepartments(CityData data, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Read);
        await using var read = await pen.Database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(string Ko, string En, long Open, long Late)>(
            """
            SELECT t.department_ko, min(t.department_en), sum(CASE WHEN t.state = @open THEN 1 ELSE 0 END), sum(CASE WHEN t.state = @open AND t.due_at < @now THEN 1 ELSE 0 END)
            FROM scenario_tasks t JOIN scenario_starts s ON s.id = t.start_id WHERE s.simulated = @simulated GROUP BY t.department_ko ORDER BY t.department_ko LIMIT @most
            """,
            new { open = (int)TaskState.Open, now = pen.Now.ToMicros(), simulated = data == CityData.Simulated ? 1 : 0, most = MostAtOnce }, read.Transaction);
        return [.. rows.Select(row => new TaskDepartment(new(row.Ko, row.En), (int)row.Open, (int)row.Late))];
    }

    /// <summary>Says what became of a task: done, or declined with a reason. Said once.</summary>
    /// <exception cref="CityRuleException">There is none of this number (404), or it is answered already (409).</exception>
    public Task Answer(long id, TaskState state, string? answer, CancellationToken cancel)
    {
        if (state is not (TaskState.Done or TaskState.Declined))
        {
            throw new InvalidInputException("state", "is done or declined");
        }

        var text = state == TaskState.Declined ? IncidentText.Text(answer, "text") : IncidentText.OptionalText(answer, "text");
        return pen.Write(
            "task.answer",
            async (scope, now) =>
            {
                if (await scope.Connection.ExecuteAsync(
                    "UPDATE scenario_tasks SET state = @state, answer = @text, answered_at = @now, answered_by = @by WHERE id = @id AND state = @open",
                    new { id, state = (int)state, text, now = now.ToMicros(), by = Caller.Current.Id, open = (int)TaskState.Open }, scope.Transaction) == 1)
                {
                    return id;
                }

                throw await scope.Connection.ExecuteScalarAsync<long?>("SELECT id FROM scenario_tasks WHERE id = @id", new { id }, scope.Transaction) is null
                    ? new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"Task {id} is not here."), 404)
                    : new CityRuleException("task-answered", string.Create(CultureInfo.InvariantCulture, $"Task {id} is answered already."));
            },
            cancel);
    }
}
