using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Log;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Record.Retention;

/// <summary>
/// Destroys entries whose time is over: rows of the table, a batch in a transaction with the entry that says so, and then the
/// bundles of the log of which no row is left. The tiles of hashes stay, and so every proof does.
/// </summary>
internal sealed class Destroyer(IDatabase database, RecordRows rows, RecordBell bell, LogTable table, RecordLog log, TimeProvider clock, IOptions<TrustOptions> options)
{
    /// <summary>Rows of one transaction: others wait for it on SQLite.</summary>
    private const int RowsAtOnce = 5_000;

    /// <summary>So many bundles are remembered to be looked at; beyond that all of them are.</summary>
    private const int MostBundles = 1_000_000;

    /// <summary>Bundles that lost rows; null until all were looked at once, since an earlier process may have ended between row and bundle.</summary>
    private HashSet<long>? touched;

    /// <summary>Destroys what is over now; answers how many entries.</summary>
    public async Task<long> Run(CancellationToken cancel)
    {
        if (await table.FindHead(cancel) is not { } head)
        {
            return 0;
        }

        var destroyed = 0L;
        foreach (var action in await table.Actions(cancel))
        {
            if (RetentionRule.Of(action).Days(options.Value) is { } days)
            {
                destroyed += await Destroy(action, (clock.GetUtcNow() - TimeSpan.FromDays(days)).ToMicros(), head.Size, cancel);
            }
        }

        await RemoveBundles(head.Size, cancel);
        return destroyed;
    }

    private async Task<long> Destroy(string action, long before, long signed, CancellationToken cancel)
    {
        var destroyed = 0L;
        List<long> places;
        do
        {
            cancel.ThrowIfCancellationRequested();
            places = await database.Write(scope => DestroySome(scope, action, before, signed), cancel);
            bell.Ring();
            destroyed += places.Count;
            Touch(places);
        }
        while (places.Count == RowsAtOnce);
        return destroyed;
    }

    /// <summary>
    /// Only what is signed is destroyed: of anything else nobody could prove later that it was there. The entry about it comes
    /// first, or, were the last row among them, it would take a place that was given before.
    /// </summary>
    private async Task<List<long>> DestroySome(WriteScope scope, string action, long before, long signed)
    {
        await RecordRows.Lock(scope);
        var places = await Over(scope, "SELECT seq FROM trust_record WHERE seq IN", "", action, before, signed);
        if (places.Count > 0)
        {
            await Tell(scope, new Destruction(action, places.Min(), places.Max(), places.Count, before));
            var gone = await Over(scope, "DELETE FROM trust_record WHERE seq IN", "RETURNING seq", action, before, signed);
            if (!gone.ToHashSet().SetEquals(places))
            {
                throw new InvalidOperationException($"Other entries of {action} were destroyed than the ones that were told.");
            }
        }

        return places;
    }

    private static async Task<List<long>> Over(WriteScope scope, string verb, string answer, string action, long before, long signed) => (await scope.Connection.QueryAsync<long>(
        $"{verb} (SELECT seq FROM trust_record WHERE action = @action AND moment < @before AND seq < @signed ORDER BY moment, seq LIMIT @RowsAtOnce) {answer}",
        new { action, before, signed, RowsAtOnce },
        scope.Transaction)).AsList();

    /// <summary>Its place is given at once, behind all others.</summary>
    private async Task Tell(WriteScope scope, Destruction what) => await RecordRows.Append(scope, await rows.Read(scope, [what.Entry()]));

    private void Touch(List<long> places)
    {
        if (touched is not null)
        {
            touched.UnionWith(places.Select(place => place / TilePath.Width));
            touched = touched.Count > MostBundles ? null : touched;
        }
    }

    /// <summary>First it is told and signed, then the files go: whoever verifies meanwhile finds either the file or the reason.</summary>
    private async Task RemoveBundles(long signed, CancellationToken cancel)
    {
        var empty = new List<long>();
        foreach (var index in touched?.Order() ?? Range(TilePath.Full(signed, 0)))
        {
            if (index < TilePath.Full(signed, 0) && File.Exists(PathOf(index)) && !await table.HasRows(index * TilePath.Width, (index + 1) * TilePath.Width, cancel))
            {
                empty.Add(index);
            }
        }

        if (empty.Count > 0)
        {
            await database.Write(
                async scope =>
                {
                    foreach (var (first, last) in Runs(empty))
                    {
                        await Tell(scope, new Destruction(Destruction.Bundles, first, last, last - first + 1, null));
                    }
                },
                cancel);
            await log.Advance(cancel);
            empty.ForEach(index => File.Delete(PathOf(index)));
        }

        touched = [];
    }

    private string PathOf(long index) => Path.Combine(log.Folder.Root, TilePath.Entries(index));

    private static IEnumerable<long> Range(long count)
    {
        for (var index = 0L; index < count; index++)
        {
            yield return index;
        }
    }

    /// <summary>Numbers in order as runs without a gap.</summary>
    private static IEnumerable<(long First, long Last)> Runs(List<long> numbers)
    {
        var first = numbers[0];
        for (var at = 1; at <= numbers.Count; at++)
        {
            if (at == numbers.Count || numbers[at] != numbers[at - 1] + 1)
            {
                yield return (first, numbers[at - 1]);
                first = at < numbers.Count ? numbers[at] : 0;
            }
        }
    }
}
