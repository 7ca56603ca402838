using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>What is to be counted: the rows of a set or of one parent (Observations: of these Datastreams, where they are known), and those of them that a filter lets through.</summary>
internal sealed record Countable(EntitySet Set, IReadOnlyList<long>? Datastreams, string From, string? Filter)
{
    public string Whole => Filter is null ? From : $"{From} AND {Filter}";
}

/// <summary>
/// Counts what costs little to count and estimates the rest: no <c>$count</c> reads a whole large table, unless the caller asks for
/// it with <c>Prefer: count=exact</c>.
/// </summary>
internal sealed class Counting(IDatabase database)
{
    /// <summary>How long a count by a filter may take beyond the rows that are looked at anyway.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public static async Task<Total> Exact(ReadScope read, SqlText sql, Countable what) => new((await Numbers(read, sql, $"SELECT count(*) {what.Whole}"))[0], false);

    /// <summary>Exact up to <paramref name="limit"/> rows; where there are more, an index may still count those that a filter lets through.</summary>
    public async Task<Total> Bounded(ReadScope read, SqlText sql, Countable what, int limit, bool patient)
    {
        var counted = what.Filter is null
            ? await Numbers(read, sql, $"SELECT count(*) FROM (SELECT 1 {what.From} LIMIT {limit + 1}) c")
            : await Numbers(read, sql, $"SELECT count(*), coalesce(sum(CASE WHEN {what.Filter} THEN 1 ELSE 0 END), 0) FROM (SELECT t.* {what.From} LIMIT {limit + 1}) t");
        if (counted[0] <= limit)
        {
            return new Total(counted[^1], false);
        }

        var estimate = await Estimate(read, sql, what, limit, (double)counted[^1] / counted[0]);
        var mayBeFew = what.Filter is not null && patient && estimate <= 2 * limit;
        return mayBeFew && await WithPatience(read, sql, what, limit) is { } found && found <= limit
            ? new Total(found, false)
            : new Total(Math.Max(counted[^1], estimate), true);
    }

    /// <summary>Counts on a connection of its own, which is given up when it takes too long; null then.</summary>
    private async Task<long?> WithPatience(ReadScope read, SqlText sql, Countable what, int limit)
    {
        await using var own = await database.Read(read.Cancel, Patience);
        try
        {
            return (await Numbers(own, sql, $"SELECT count(*) FROM (SELECT 1 {what.Whole} LIMIT {limit + 1}) c"))[0];
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException && !read.Cancel.IsCancellationRequested)
        {
            // Too slow to be counted: an estimate tells enough.
            return null;
        }
    }

    /// <summary>
    /// What the city's own sums hold of the Datastreams, in the part that the first rows let expect. Where there are none,
    /// PostgreSQL's planner keeps statistics; SQLite keeps none, and there all Observations ever given an id stand for all.
    /// </summary>
    private static async Task<long> Estimate(ReadScope read, SqlText sql, Countable what, int limit, double part)
    {
        if (what.Datastreams is { } datastreams)
        {
            var own = new SqlText(sql.Engine);
            var known = await Numbers(read, own, $"SELECT coalesce(sum(count), 0) FROM rollups WHERE {sql.Engine.IsAmong("datastream_id", own.Add(sql.Engine.Ids(datastreams)))} AND step = 1440");
            if (sql.Engine == Engine.Sqlite || known[0] > limit)
            {
                return (long)(part * Math.Max(limit + 1, known[0]));
            }
        }

        if (sql.Engine == Engine.Postgres)
        {
            await using var command = await sql.Command(read, $"EXPLAIN (FORMAT JSON) SELECT 1 {what.Whole}");
            using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(read.Cancel))!);
            return (long)plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
        }

        var all = what.Set == SensorThingsModel.Observations ? (await Numbers(read, new SqlText(sql.Engine), "SELECT next - 1 FROM observation_ids"))[0] : 0;
        return (long)(part * Math.Max(limit + 1, all));
    }

    private static async Task<List<long>> Numbers(ReadScope read, SqlText sql, string text)
    {
        await using var command = await sql.Command(read, text);
        await using var reader = await Statements.Run(command, read.Cancel);
        await Statements.Next(reader, read.Cancel);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(index => Convert.ToInt64(reader.GetValue(index), CultureInfo.InvariantCulture))];
    }
}

/// <summary>Runs statements that a caller's question became.</summary>
internal static class Statements
{
    /// <summary>What a question asks for may be impossible to compute (SQLSTATE class 22: a number out of range, a negative length); that is the caller's to mend.</summary>
    public static async Task<DbDataReader> Run(DbCommand command, CancellationToken cancel)
    {
        try
        {
            return await command.ExecuteReaderAsync(cancel);
        }
        catch (DbException exception) when (IsBadValue(exception))
        {
            throw BadValue(exception);
        }
    }

    /// <summary>The next row; on PostgreSQL a bad value may come up only here.</summary>
    public static async Task<bool> Next(DbDataReader reader, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(cancel);
        }
        catch (DbException exception) when (IsBadValue(exception))
        {
            throw BadValue(exception);
        }
    }

    private static bool IsBadValue(DbException exception) => exception.SqlState?.StartsWith("22", StringComparison.Ordinal) == true;

    private static InvalidInputException BadValue(DbException exception) => new("$filter", $"asks for a value that cannot be computed: {exception.Message}");
}
