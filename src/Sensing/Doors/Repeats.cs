using Dapper;
using Madang.Sensing.Ingest;
using Madang.Sensing.Query;
using Madang.Storage;

namespace Madang.Sensing.Doors;

/// <summary>
/// Knows again what a gateway sends once more because it heard no answer: the same result of the same Datastream at the same
/// moment is there already. Two that come at once wait for each other; two that come at once to two nodes do not.
/// </summary>
internal sealed class Repeats(IDatabase database)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(long Datastream, long Start), Task> underway = [];

    /// <summary>Waits until nobody else is storing at the moments of these Observations, and keeps others waiting until the turn is over.</summary>
    public async Task<IDisposable> Begin(IEnumerable<NewObservation> observations, CancellationToken cancel)
    {
        var turn = new Turn(this, [.. observations.Select(each => (each.Datastream, each.Start)).Distinct()]);
        while (TryBegin(turn) is { } other)
        {
            await other.WaitAsync(cancel);
        }

        return turn;
    }

    /// <summary>Those that the store does not have yet, each once.</summary>
    public async Task<IReadOnlyList<NewObservation>> Fresh(IReadOnlyList<NewObservation> observations, CancellationToken cancel)
    {
        var once = observations.DistinctBy(each => (each.Datastream, each.Start, each.Result)).ToList();
        await using var read = await database.Read(cancel);
        var last = (await read.Connection.QueryAsync<(long Datastream, long Last)>(
            $"SELECT datastream_id, last_time FROM datastream_extents WHERE {database.Engine.IsAmong("datastream_id", "@ids")}",
            new { ids = database.Engine.Ids(once.Select(each => each.Datastream).Distinct()) },
            read.Transaction)).ToDictionary(row => row.Datastream, row => row.Last);

        // What is newer than all that a Datastream holds, as nearly everything is, is not looked for.
        var suspects = once.Where(each => last.TryGetValue(each.Datastream, out var newest) && each.Start <= newest).ToList();
        if (suspects.Count == 0)
        {
            return once;
        }

        var known = (database.Engine == Engine.Sqlite ? await KnownOneByOne(read, suspects) : await KnownTogether(read, suspects)).Select(index => suspects[index]).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. once.Where(each => !known.Contains(each))];
    }

    /// <summary>True when a request with this key was answered before: its Observations are the key's affair.</summary>
    public async Task<bool> Remembers(IdempotencyKey key, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long?>("SELECT 1 FROM idempotency_keys WHERE key = @Key", new { key.Key }, read.Transaction) is not null;
    }

    /// <summary>SQLite: a statement that is prepared once; no number goes through text on its way.</summary>
    private static async Task<List<int>> KnownOneByOne(ReadScope read, List<NewObservation> suspects)
    {
        const string text = """
            SELECT 1 FROM observations WHERE datastream_id = @p0 AND phenomenon_start = @p1 AND result_kind = @p2 AND result_number IS @p3 AND result_text IS @p4 LIMIT 1
            """;
        var sql = new SqlText(Engine.Sqlite);
        for (var index = 0; index < 5; index++)
        {
            sql.Add(null);
        }

        await using var command = await sql.Command(read, text);
        var known = new List<int>();
        foreach (var (index, each) in suspects.Index())
        {
            object?[] values = [each.Datastream, each.Start, (long)each.Result.Kind, each.Result.Number, each.Result.Text];
            for (var at = 0; at < values.Length; at++)
            {
                command.Parameters[at].Value = values[at] ?? DBNull.Value;
            }

            if (await command.ExecuteScalarAsync(read.Cancel) is not null)
            {
                known.Add(index);
            }
        }

        return known;
    }

    private static async Task<List<int>> KnownTogether(ReadScope read, List<NewObservation> suspects) => (await read.Connection.QueryAsync<int>(
        """
        SELECT CAST(p.place AS INTEGER) - 1 FROM unnest(@streams, @starts, @kinds, @numbers, @texts) WITH ORDINALITY AS p(stream, start, kind, number, text, place)
        WHERE EXISTS (SELECT 1 FROM observations o WHERE o.datastream_id = p.stream AND o.phenomenon_start = p.start
            AND o.result_kind = p.kind AND o.result_number IS NOT DISTINCT FROM p.number AND o.result_text IS NOT DISTINCT FROM p.text)
        """,
        new
        {
            streams = suspects.Select(each => each.Datastream).ToArray(), starts = suspects.Select(each => each.Start).ToArray(), kinds = suspects.Select(each => (short)each.Result.Kind).ToArray(),
            numbers = suspects.Select(each => each.Result.Number).ToArray(), texts = suspects.Select(each => each.Result.Text).ToArray(),
        },
        read.Transaction)).AsList();

    /// <summary>Takes all places of a turn or none; answers what to wait for where another has one of them.</summary>
    private Task? TryBegin(Turn turn)
    {
        lock (gate)
        {
            foreach (var place in turn.Places)
            {
                if (underway.TryGetValue(place, out var other))
                {
                    return other;
                }
            }

            foreach (var place in turn.Places)
            {
                underway.Add(place, turn.Over);
            }

            return null;
        }
    }

    private sealed class Turn(Repeats all, IReadOnlyList<(long, long)> places) : IDisposable
    {
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<(long, long)> Places => places;

        public Task Over => over.Task;

        public void Dispose()
        {
            lock (all.gate)
            {
                foreach (var place in places)
                {
                    all.underway.Remove(place);
                }
            }

            over.TrySetResult();
        }
    }
}
