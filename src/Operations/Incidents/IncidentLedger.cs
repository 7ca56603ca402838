using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Incidents;

/// <summary>What is to be written in an incident's log.</summary>
internal sealed record NewEntry(IncidentAct Act)
{
    public string? Who { get; init; }

    public string? Note { get; init; }

    public string? Stage { get; init; }

    public DateTimeOffset? Moment { get; init; }

    public DateTimeOffset? Before { get; init; }

    public int? Order { get; init; }

    public string? Recipient { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public long? Other { get; init; }
}

/// <summary>Reads and writes incidents within one transaction; every change is an entry in the log too.</summary>
internal static class IncidentLedger
{
    /// <summary>An incident by its number, held against other writers until the transaction ends; 404 when there is none.</summary>
    public static async Task<IncidentRow> Hold(WriteScope scope, long id) =>
        await scope.Connection.QuerySingleOrDefaultAsync<IncidentRow>($"SELECT {IncidentRow.Columns} FROM incidents i WHERE i.id = @id{(scope.Engine == Engine.Postgres ? " FOR UPDATE" : "")}", new { id }, scope.Transaction)
        ?? throw new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"Incident {id} is not here."), 404);

    /// <summary>The same, refused when it went into another.</summary>
    public static async Task<IncidentRow> HoldOwn(WriteScope scope, long id) =>
        await Hold(scope, id) is { MergedInto: null } row ? row : throw new CityRuleException("incident-merged", string.Create(CultureInfo.InvariantCulture, $"Incident {id} went into another; write there."));

    /// <summary>The same, refused when it is closed or went into another.</summary>
    public static async Task<IncidentRow> HoldOpen(WriteScope scope, long id) => await HoldOwn(scope, id) is { ClosedAt: null } row ? row : throw Closed(id);

    /// <summary>What is said of an incident that is closed.</summary>
    public static CityRuleException Closed(long id) => new("incident-closed", string.Create(CultureInfo.InvariantCulture, $"Incident {id} is closed. Open it again first."));

    public static async Task<IReadOnlyList<SaidStage>> Stages(WriteScope scope, long id) =>
        [.. (await scope.Connection.QueryAsync<StageRow>($"SELECT {StageRow.Columns} FROM incident_stages s WHERE s.incident_id = @id", new { id }, scope.Transaction)).Select(row => row.Said)];

    /// <summary>Adds an incident; null when the system's id is known already.</summary>
    public static async Task<long?> Add(WriteScope scope, IncidentRow row, string? by)
    {
        var id = await Insert(scope, row, by);
        if (id is not null)
        {
            await FollowLedger.Tell(scope, Following.Incidents, row.OpenedAt);
        }

        return id;
    }

    private static Task<long?> Insert(WriteScope scope, IncidentRow row, string? by) => scope.Connection.ExecuteScalarAsync<long?>(
        """
        INSERT INTO incidents (kind, title, place, longitude, latitude, district, department, severity, simulated, system, external_id, said_at, opened_at, opened_by, split_from)
        VALUES (@KindCode, @Title, @Place, @Longitude, @Latitude, @District, @Department, @Severity, @Simulated, @System, @ExternalId, @SaidAt, @OpenedAt, @by, @SplitFrom)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        new { row.KindCode, row.Title, row.Place, row.Longitude, row.Latitude, row.District, row.Department, row.Severity, row.Simulated, row.System, row.ExternalId, row.SaidAt, row.OpenedAt, by, row.SplitFrom },
        scope.Transaction);

    /// <summary>Says the time of a stage, or takes it back.</summary>
    public static Task<int> Say(WriteScope scope, long id, SaidStage said) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO incident_stages (incident_id, stage, at, told_at, told_by) VALUES (@id, @Stage, @at, @told, @ToldBy)
        ON CONFLICT (incident_id, stage) DO UPDATE SET at = excluded.at, told_at = excluded.told_at, told_by = excluded.told_by
        """,
        new { id, said.Stage, at = said.At?.ToMicros(), told = said.ToldAt.ToMicros(), said.ToldBy },
        scope.Transaction);

    /// <summary>A person says it: what a system with a clock ahead of ours said before does not come back by being said again.</summary>
    public static async Task SayLast(WriteScope scope, long id, SaidStage said)
    {
        var known = (await Stages(scope, id)).FirstOrDefault(each => each.Stage == said.Stage);
        await Say(scope, id, known.Stage is not null && known.ToldAt >= said.ToldAt ? said with { ToldAt = known.ToldAt + TimeSpan.FromMicroseconds(1) } : said);
    }

    public static Task<int> Close(WriteScope scope, long id, DateTimeOffset? at, long? into = null) =>
        scope.Connection.ExecuteAsync("UPDATE incidents SET closed_at = @at, merged_into = @into WHERE id = @id", new { id, at = at?.ToMicros(), into }, scope.Transaction);

    /// <summary>
    /// It is closed when its last stage counts, and open when that does not. Where the time of another stage made it so, that stands in the
    /// log; else the entry of the last stage says it.
    /// </summary>
    /// <param name="scope">The transaction.</param>
    /// <param name="id">The incident.</param>
    /// <param name="now">The clock.</param>
    /// <param name="isSaid">True when the log has an entry of the last stage already.</param>
    public static async Task Settle(WriteScope scope, long id, DateTimeOffset now, bool isSaid)
    {
        var row = await Hold(scope, id);
        var (last, was) = (row.Kind.Last, IncidentRow.Time(row.ClosedAt));
        var closed = StageLine.Of(row.Kind, await Stages(scope, id)).FirstOrDefault(stage => stage.Stage == last && !stage.IsDoubtful)?.At;
        if (row.MergedInto is not null || was == closed)
        {
            return;
        }

        await Close(scope, id, closed);
        if (!isSaid)
        {
            await Enter(scope, id, now, new NewEntry(closed is null ? IncidentAct.Reopened : IncidentAct.Closed) { Who = Caller.Current.Id, Stage = last.Code, Moment = closed, Before = was });
        }
    }

    public static async Task Link(WriteScope scope, long id, long alert) =>
        await scope.Connection.ExecuteAsync("INSERT INTO incident_alerts (incident_id, alert_id) VALUES (@id, @alert) ON CONFLICT DO NOTHING", new { id, alert }, scope.Transaction);

    /// <summary>Writes what happened; words are refused when the log is full, and its course goes on, so that it can be closed.</summary>
    public static async Task Enter(WriteScope scope, long id, DateTimeOffset now, NewEntry entry)
    {
        var isCourse = entry.Act is not (IncidentAct.Noted or IncidentAct.Ordered or IncidentAct.Answered or IncidentAct.Linked or IncidentAct.Changed or IncidentAct.ScenarioStarted);
        if (await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM incident_entries WHERE incident_id = @id", new { id }, scope.Transaction) >= IncidentDesk.MostEntries * (isCourse ? 2 : 1))
        {
            throw new CityRuleException("incident-full", $"An incident has at most {IncidentDesk.MostEntries} entries. Open another one.");
        }

        await scope.Connection.ExecuteAsync(
            """
            INSERT INTO incident_entries (incident_id, at, act, who, note, stage, moment, before, order_number, recipient, due_at, other)
            VALUES (@id, @at, @act, @Who, @Note, @Stage, @moment, @before, @Order, @Recipient, @due, @Other)
            """,
            new
            {
                id, at = now.ToMicros(), act = (int)entry.Act, entry.Who, entry.Note, entry.Stage, moment = entry.Moment?.ToMicros(), before = entry.Before?.ToMicros(), entry.Order, entry.Recipient, due = entry.DueAt?.ToMicros(), entry.Other,
            },
            scope.Transaction);
        scope.Tell(new IncidentChanged(id, entry.Act, entry.Stage), FormattableString.Invariant($"incident {id}"));
    }
}
