using Dapper;
using Madang.Operations.Scenarios;
using Madang.Storage;

namespace Madang.Operations.Incidents;

/// <summary>Reads incidents and all that hangs on them.</summary>
internal static class IncidentReader
{
    /// <summary>The most entries of one answer: what four incidents may hold that became one.</summary>
    private const int MostEntries = 4 * IncidentDesk.MostEntries;

    /// <summary>An incident and those that went into it, and into those.</summary>
    private const string Family =
        "WITH RECURSIVE family (id) AS (SELECT i.id FROM incidents i WHERE i.id = @id UNION SELECT i.id FROM incidents i JOIN family f ON i.merged_into = f.id)";

    public static async Task<IReadOnlyList<Incident>> List(ReadScope read, Engine engine, IncidentQuery query, DateTimeOffset now)
    {
        var rows = (await read.Connection.QueryAsync<IncidentRow>(
            $"""
            SELECT {IncidentRow.Columns} FROM incidents i
            WHERE {(query.Open switch { true => "i.closed_at IS NULL", false => "i.closed_at IS NOT NULL", _ => "1 = 1" })} AND {(query.Data is null ? "1 = 1" : "i.simulated = @simulated")}
            AND {(query.Kind is null ? "1 = 1" : "i.kind = @Kind")} AND {(query.District is null ? "1 = 1" : "i.district = @District")} AND {(query.Before is null ? "1 = 1" : "i.id < @Before")}
            ORDER BY i.id DESC LIMIT @Top
            """,
            new { simulated = query.Data == CityData.Simulated ? 1 : 0, query.Kind, query.District, query.Before, query.Top },
            read.Transaction)).AsList();
        var stages = (await read.Connection.QueryAsync<StageRow>(
            $"SELECT {StageRow.Columns} FROM incident_stages s WHERE {engine.IsAmong("s.incident_id", "@ids")}", new { ids = engine.Ids(rows.Select(row => row.Id)) }, read.Transaction)).ToLookup(row => row.Incident, row => row.Said);
        return [.. rows.Select(row => row.Told([.. stages[row.Id]], now))];
    }

    public static async Task<Incident?> Find(ReadScope read, long id, DateTimeOffset now)
    {
        var row = await read.Connection.QuerySingleOrDefaultAsync<IncidentRow>($"SELECT {IncidentRow.Columns} FROM incidents i WHERE i.id = @id", new { id }, read.Transaction);
        return row?.Told([.. (await read.Connection.QueryAsync<StageRow>($"SELECT {StageRow.Columns} FROM incident_stages s WHERE s.incident_id = @id", new { id }, read.Transaction)).Select(stage => stage.Said)], now);
    }

    /// <summary>The log of an incident and of those that went into it, in the order it was written, its newest part; and how many entries before that are left out.</summary>
    public static async Task<(IReadOnlyList<IncidentEntry> Entries, long LeftOut)> Entries(ReadScope read, long id)
    {
        var about = new { id, most = MostEntries };
        var newest = (await read.Connection.QueryAsync<EntryRow>(
            $"{Family} SELECT {EntryRow.Columns} FROM incident_entries e JOIN incidents i ON i.id = e.incident_id WHERE e.incident_id IN (SELECT id FROM family) ORDER BY e.id DESC LIMIT @most", about, read.Transaction)).Reverse().Select(row => row.Told).ToList();
        var all = newest.Count < MostEntries ? newest.Count : await read.Connection.ExecuteScalarAsync<long>($"{Family} SELECT count(*) FROM incident_entries e WHERE e.incident_id IN (SELECT id FROM family)", about, read.Transaction);
        return (newest, all - newest.Count);
    }

    public static IReadOnlyList<IncidentOrder> Orders(IReadOnlyList<IncidentEntry> entries, DateTimeOffset now)
    {
        var answers = entries.Where(entry => entry.Act == IncidentAct.Answered).ToLookup(entry => (entry.Incident, entry.Order));
        return [.. entries.Where(entry => entry.Act == IncidentAct.Ordered).Select(order => new IncidentOrder(order, [.. answers[(order.Incident, order.Order)]], order.DueAt < now && !answers[(order.Incident, order.Order)].Any()))];
    }

    public static async Task<IReadOnlyList<long>> Alerts(ReadScope read, long id) =>
        [.. await read.Connection.QueryAsync<long>($"{Family} SELECT DISTINCT a.alert_id FROM incident_alerts a WHERE a.incident_id IN (SELECT id FROM family) ORDER BY a.alert_id LIMIT 20", new { id }, read.Transaction)];

    public static async Task<IReadOnlyList<long>> Merged(ReadScope read, long id) =>
        [.. await read.Connection.QueryAsync<long>("SELECT id FROM incidents WHERE merged_into = @id ORDER BY id", new { id }, read.Transaction)];

    public static async Task<IReadOnlyList<long>> Split(ReadScope read, long id) =>
        [.. await read.Connection.QueryAsync<long>("SELECT id FROM incidents WHERE split_from = @id ORDER BY id", new { id }, read.Transaction)];

    public static async Task<IReadOnlyList<CityTask>> Tasks(ReadScope read, long id, DateTimeOffset now) =>
    [
        .. (await read.Connection.QueryAsync<TaskRow>(
            $"{Family} SELECT {TaskRow.Columns} FROM scenario_tasks t JOIN scenario_starts s ON s.id = t.start_id WHERE s.incident_id IN (SELECT id FROM family) ORDER BY t.id LIMIT 500", new { id }, read.Transaction)).Select(row => row.Told(now)),
    ];
}
