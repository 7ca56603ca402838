using Dapper;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>Finds which of some alerts in force are, or were lately, worked on.</summary>
internal sealed class AlertCover(IDatabase database, AlertRows rows, MaintenanceCover cover)
{
    /// <summary>A window that ended so long ago holds nothing up any more.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromDays(31);

    /// <summary>For each alert in force the windows that cover it, those that last and those that are over; nothing for one that is lifted.</summary>
    public Task<ILookup<long, MaintenanceWindow>> Find(IReadOnlyCollection<long> alerts, DateTimeOffset now, CancellationToken cancel) => Find(alerts, "lifted_at IS NULL", now, cancel);

    /// <summary>The same, also for those that are lifted: what happened to them before their end may have happened under work.</summary>
    public Task<ILookup<long, MaintenanceWindow>> FindWithLifted(IReadOnlyCollection<long> alerts, DateTimeOffset now, CancellationToken cancel) => Find(alerts, "1 = 1", now, cancel);

    private async Task<ILookup<long, MaintenanceWindow>> Find(IReadOnlyCollection<long> alerts, string which, DateTimeOffset now, CancellationToken cancel)
    {
        IReadOnlyList<MaintenanceWindow> windows = [];
        var open = new List<Covered>();
        await using (var read = await database.Read(cancel))
        {
            windows = alerts.Count == 0 ? [] : await WindowRows.Since(read, now - Past, now);
            foreach (var (id, rule, revision, subject, isStorm) in windows.Count == 0 ? [] : (await read.Connection.QueryAsync<(long, string, long, string, long)>(
                $"SELECT id, rule_id, revision, subject, is_storm FROM alerts WHERE {database.Engine.IsAmong("id", "@ids")} AND {which} ORDER BY id", new { ids = database.Engine.Ids(alerts) }, read.Transaction)).AsList())
            {
                open.Add(new Covered(id, rule, subject, await rows.Rule(read, rule, revision), isStorm == 1));
            }
        }

        return await cover.Find(open, windows, cancel);
    }
}
