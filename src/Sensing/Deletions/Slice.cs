using System.Globalization;
using Madang.Sensing.Query;
using Madang.Storage;

namespace Madang.Sensing.Deletions;

/// <summary>The next stretch of a deletion: rows of one Datastream behind where it stands, in the order of the primary key.</summary>
/// <param name="Datastream">The Datastream; null when none is left.</param>
/// <param name="From">The key behind which it begins.</param>
/// <param name="End">The key of its last row.</param>
/// <param name="Looked">How many rows were looked at on the way to it, those of Datastreams without a hit included.</param>
/// <param name="Hits">How many rows of it met the condition.</param>
/// <param name="Ends">True when nothing is behind it in the Datastream.</param>
internal sealed record Slice(long? Datastream, (long Time, long Id) From, (long Time, long Id) End, long Looked, int Hits, bool Ends)
{
    private const int MostLooked = 20_000, MostHits = 2_000, MostDatastreams = 1_000;

    private static readonly (long Time, long Id) Beginning = (long.MinValue, 0);

    /// <summary>Looks on, past Datastreams without a hit, until something is to be deleted or enough was looked at.</summary>
    public static async Task<Slice> Find(ReadScope read, Engine engine, DeletionJob job, DeletionQuery query)
    {
        var (at, from) = (job.AtDatastream, (job.AtTime ?? long.MinValue, job.AtId ?? 0));
        if (at == 0)
        {
            (at, from) = (await NextDatastream(read, engine, job, query, 0) ?? -1, Beginning);
        }

        long looked = 0;
        for (var passed = 1; at > 0; passed++)
        {
            var slice = await Look(read, engine, job, query, at, from);
            looked += slice.Looked;
            var isTouched = job.IsTouched == 1 && at == job.AtDatastream;
            if (slice.Hits > 0 || !slice.Ends || isTouched || looked >= MostLooked || passed == MostDatastreams)
            {
                return slice with { Looked = looked };
            }

            (at, from) = (await NextDatastream(read, engine, job, query, at) ?? -1, Beginning);
        }

        return new Slice(null, Beginning, Beginning, looked, 0, true);
    }

    /// <summary>The Datastream whose extent may have to be counted anew.</summary>
    public long Shrinks(DeletionJob job) => Datastream ?? job.AtDatastream;

    /// <summary>Deletes what still meets the condition; answers the starts and ids of what went.</summary>
    public async Task<List<(long Time, long Id)>> Delete(WriteScope scope, DeletionJob job, DeletionQuery query)
    {
        var sql = new SqlText(scope.Engine);
        var stretch = $"t.datastream_id = {sql.Add(Datastream!.Value)} AND (t.phenomenon_start, t.id) > ({sql.Add(From.Time)}, {sql.Add(From.Id)}) AND (t.phenomenon_start, t.id) <= ({sql.Add(End.Time)}, {sql.Add(End.Id)})";
        await using var command = await sql.Command(scope.AsReader(), $"DELETE FROM observations AS t WHERE {stretch} AND {job.Condition(sql, query)} RETURNING phenomenon_start, id");
        await using var reader = await Statements.Run(command, scope.Cancel);
        var gone = new List<(long, long)>();
        while (await Statements.Next(reader, scope.Cancel))
        {
            gone.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return gone;
    }

    private static async Task<Slice> Look(ReadScope read, Engine engine, DeletionJob job, DeletionQuery query, long datastream, (long Time, long Id) from)
    {
        var sql = new SqlText(engine);
        var rows = $"SELECT o.* FROM observations o WHERE o.datastream_id = {sql.Add(datastream)} AND (o.phenomenon_start, o.id) > ({sql.Add(from.Time)}, {sql.Add(from.Id)}) ORDER BY o.phenomenon_start, o.id LIMIT {MostLooked}";
        await using var command = await sql.Command(read, $"SELECT t.phenomenon_start, t.id, CASE WHEN {job.Condition(sql, query)} THEN 1 ELSE 0 END FROM ({rows}) t ORDER BY 1, 2");
        await using var reader = await Statements.Run(command, read.Cancel);
        var (looked, hits, end) = (0, 0, from);
        while (hits < MostHits && await Statements.Next(reader, read.Cancel))
        {
            looked++;
            end = (reader.GetInt64(0), reader.GetInt64(1));
            hits += Convert.ToInt32(reader.GetValue(2), CultureInfo.InvariantCulture);
        }

        return new Slice(datastream, from, end, looked, hits, looked < MostLooked && hits < MostHits);
    }

    private static async Task<long?> NextDatastream(ReadScope read, Engine engine, DeletionJob job, DeletionQuery query, long after)
    {
        var sql = new SqlText(engine);
        var only = query.Datastream is { } one ? $" AND d.id = {sql.Add(one)}" : "";
        await using var command = await sql.Command(read, $"SELECT min(d.id) FROM datastreams d WHERE d.id > {sql.Add(after)}{only} AND {job.Rights.Theirs("d")}");
        return await command.ExecuteScalarAsync(read.Cancel) is long found ? found : null;
    }
}
