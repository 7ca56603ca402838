using Dapper;
using Madang.Kernel;
using Madang.Operations.Incidents;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>A run as it is stored.</summary>
internal sealed record RunRow
{
    private const string Columns =
        """
        r.id AS Id, r.automation_id AS Automation, r.revision AS Revision, r.cause AS Cause, r.where_ko AS Ko, r.where_en AS En, r.simulated AS Simulated, r.alert_id AS Alert, r.incident_id AS Incident, r.is_dry AS IsDry,
        r.at AS At, r.state AS State, r.outcome AS Outcome, r.amount AS Amount, p.id AS Report, r.undone_at AS UndoneAt, r.undone_by AS UndoneBy
        """;

    public long Id { get; init; }

    public string Automation { get; init; } = "";

    public long Revision { get; init; }

    public string Cause { get; init; } = "";

    public string Ko { get; init; } = "";

    public string En { get; init; } = "";

    public long Simulated { get; init; }

    public long? Alert { get; init; }

    public long? Incident { get; init; }

    public long IsDry { get; init; }

    public long At { get; init; }

    public long State { get; init; }

    public string Outcome { get; init; } = "";

    public long Amount { get; init; }

    public long? Report { get; init; }

    public long? UndoneAt { get; init; }

    public string? UndoneBy { get; init; }

    private AutomationRun Told => new()
    {
        Id = Id, Automation = Automation, Revision = (int)Revision, Cause = Cause, Where = new(Ko, En), Data = Simulated == 1 ? CityData.Simulated : CityData.Real, Alert = Alert, Incident = Incident, IsDry = IsDry == 1,
        At = IsoTime.FromMicros(At), State = (RunState)State, Outcome = Outcome, Count = (int)Amount, Report = Report, UndoneAt = IncidentRow.Time(UndoneAt), UndoneBy = UndoneBy,
    };

    /// <summary>The runs of an automation, the newest first.</summary>
    public static async Task<IReadOnlyList<AutomationRun>> List(ReadScope read, string automation, long? before, int top) =>
    [
        .. (await read.Connection.QueryAsync<RunRow>(
            $"SELECT {Columns} FROM automation_runs r LEFT JOIN city_reports p ON p.run_id = r.id WHERE r.automation_id = @automation AND {(before is null ? "1 = 1" : "r.id < @before")} ORDER BY r.id DESC LIMIT @top",
            new { automation, before, top }, read.Transaction)).Select(row => row.Told),
    ];

    /// <summary>The last run of each automation.</summary>
    public static async Task<IReadOnlyList<AutomationRun>> ListLast(ReadScope read) =>
    [
        .. (await read.Connection.QueryAsync<RunRow>(
            $"SELECT {Columns} FROM automation_runs r LEFT JOIN city_reports p ON p.run_id = r.id WHERE r.id IN (SELECT max(n.id) FROM automation_runs n GROUP BY n.automation_id) ORDER BY r.automation_id", null, read.Transaction)).Select(row => row.Told),
    ];

    public static async Task<AutomationRun?> Find(ReadScope read, string automation, long id) =>
        (await read.Connection.QuerySingleOrDefaultAsync<RunRow>($"SELECT {Columns} FROM automation_runs r LEFT JOIN city_reports p ON p.run_id = r.id WHERE r.automation_id = @automation AND r.id = @id", new { automation, id }, read.Transaction))?.Told;

    /// <summary>Writes a run; null when there is one for this cause.</summary>
    public static Task<long?> Add(WriteScope scope, AutomationRevision revision, Occasion occasion, bool isDry, RunState state, string outcome, DateTimeOffset now) => scope.Connection.ExecuteScalarAsync<long?>(
        """
        INSERT INTO automation_runs (automation_id, revision, cause, where_ko, where_en, simulated, alert_id, incident_id, is_dry, is_trial, at, state, outcome, amount)
        VALUES (@Id, @Revision, @Cause, @Ko, @En, @simulated, @Alert, @Incident, @dry, @trial, @now, @state, @outcome, 0) ON CONFLICT DO NOTHING RETURNING id
        """,
        new
        {
            revision.Id, revision.Revision, occasion.Cause, occasion.Where.Ko, occasion.Where.En, simulated = revision.Automation.Data == CityData.Simulated ? 1 : 0, occasion.Alert, occasion.Incident, dry = isDry ? 1 : 0,
            trial = occasion.IsTrial ? 1 : 0, now = now.ToMicros(), state = (int)state, outcome,
        },
        scope.Transaction);
}
