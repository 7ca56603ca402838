using Dapper;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>Finds which of some alerts in force are, or were lately, worked on.</summary>
internal sealed class AlertCover(IDatabase database, AlertRows rows, MaintenanceCover cover)
{
    /// <summary>A window that ended so long ago holds nothing up any more.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromDays(31);

    /// <summary>For each alert in force the windows that cover it, those that last and those that are over; nothing for one that is lifted.</summary>
    public async Task<ILookup<long, MaintenanceWindow>> Find(IReadOnlyCollection<long> alerts, DateTimeOffset now, CancellationToken cancel)
    {
        IReadOnlyList<MaintenanceWindow> windows = [];
        var open = new List<Covered>();
        await using (var read = await database.Read(cancel))
        {
            windows = alerts.Count == 0 ? [] : await WindowRows.Since(read, now - Past, now);
            foreach (var (id, rule, revision, subject, isStorm) in windows.Count == 0 ? [] : (await read.Connection.QueryAsync<(long, string, long, string, long)>(
                $"SELECT id, rule_id, revision, subject, is_storm FROM alerts WHERE {database.Engine.IsAmong("id", "@ids")} AND lifted_at IS NULL ORDER BY id", new { ids = database.Engine.Ids(alerts) }, read.Transaction)).AsList())
            {
                open.Add(new Covered(id, rule, subject, await rows.Rule(read, rule, revision), isStorm == 1));
            }
        }

        return await cover.Find(open, windows, cancel);
    }
}
