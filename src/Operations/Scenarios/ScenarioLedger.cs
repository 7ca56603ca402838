using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Scenarios;

/// <summary>Why a stage is started.</summary>
/// <param name="Data">Real or simulated.</param>
/// <param name="Able">Who is on duty now and may be told.</param>
internal sealed record ScenarioCause(CityData Data, IReadOnlySet<string> Able)
{
    public long? Incident { get; init; }

    public long? Alert { get; init; }

    public int? Level { get; init; }

    public string? By { get; init; }
}

/// <summary>Writes starts of scenarios and their tasks.</summary>
internal static class ScenarioLedger
{
    /// <summary>Starts a stage: its tasks are written as they stand in the scenario now, and what it has to say goes out. Null when this alert started it at this level already.</summary>
    public static async Task<ScenarioStart?> Start(WriteScope scope, Scenario scenario, ScenarioStage stage, ScenarioCause cause, DateTimeOffset now)
    {
        var start = await scope.Connection.ExecuteScalarAsync<long?>(
            """
            INSERT INTO scenario_starts (scenario, stage, incident_id, alert_id, level, simulated, started_at, started_by) VALUES (@scenario, @stage, @Incident, @Alert, @Level, @simulated, @at, @By)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            new { scenario = scenario.Id, stage = stage.Code, cause.Incident, cause.Alert, cause.Level, simulated = cause.Data == CityData.Simulated ? 1 : 0, at = now.ToMicros(), cause.By },
            scope.Transaction);
        if (start is not { } id)
        {
            return null;
        }

        await scope.Connection.ExecuteAsync(
            """
            INSERT INTO scenario_tasks (start_id, task, text_ko, text_en, department_ko, department_en, due_at, state) VALUES (@id, @Task, @TextKo, @TextEn, @DepartmentKo, @DepartmentEn, @due, @state)
            """,
            stage.Tasks.Select(task => new
            {
                id, Task = task.Id, TextKo = task.Text.Ko, TextEn = task.Text.En, DepartmentKo = task.Department.Ko, DepartmentEn = task.Department.En, due = now.AddMinutes(task.DueMinutes).ToMicros(), state = (int)TaskState.Open,
            }),
            scope.Transaction);
        await ScenarioTeller.Tell(scope, scenario, stage, id, cause, now);
        return new ScenarioStart(id, scenario.Id, stage.Code, stage.Tasks.Count);
    }
}
