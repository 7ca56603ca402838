using System.Globalization;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Query;

/// <summary>
/// The few Datastreams that a filter on all Observations leaves, and what it says besides. What it says of Datastreams is asked of
/// these, of which there are thousands, and not of each Observation, of which there are millions; and theirs lie together.
/// </summary>
internal sealed record Pinned(IReadOnlyList<long> Datastreams, Expression? Rest)
{
    /// <summary>The most Datastreams that are few.</summary>
    internal const int Most = 1_000;

    /// <summary>Null where the filter leaves many Datastreams, or says nothing of them.</summary>
    public static async Task<Pinned?> Find(ReadScope read, Engine engine, EntitySet set, Expression? filter, Visibility visibility, TimeProvider clock)
    {
        if (filter is null || set != SensorThingsModel.Observations || Split(set, filter) is not ({ } about, var rest))
        {
            return null;
        }

        var sql = new SqlText(engine);
        var condition = Condition(about, new FilterTranslator(sql, set, "t", visibility, clock));
        await using var command = await sql.Command(read, $"SELECT d.id FROM datastreams d WHERE {condition} LIMIT {Most + 1}");
        await using var reader = await Statements.Run(command, read.Cancel);
        var found = new List<long>();
        while (await Statements.Next(reader, read.Cancel))
        {
            found.Add(reader.GetInt64(0));
        }

        return found.Count > Most ? null : new Pinned(found, rest);
    }

    /// <summary>The condition that an Observation belongs to one of these; to the one where there is one, which lets PostgreSQL read its months in order.</summary>
    public string Among(SqlText sql) => Among(sql, Datastreams);

    /// <inheritdoc cref="Among(SqlText)"/>
    public static string Among(SqlText sql, IReadOnlyList<long> datastreams) => datastreams is [var one]
        ? $"t.datastream_id = {sql.Add(one)}"
        : sql.Engine.IsAmong("t.datastream_id", sql.Add(sql.Engine.Ids(datastreams)));

    /// <summary>
    /// What lies behind a place in <see cref="Ordering.AsTheyLie"/>, in two stretches: the rest of that Datastream, and those after
    /// it. Of each an index knows the beginning, which it would not of both in one condition.
    /// </summary>
    public IEnumerable<string> Behind(SqlText sql, IReadOnlyList<object?> keys)
    {
        var (datastream, time, id) = (Convert.ToInt64(keys[0], CultureInfo.InvariantCulture), sql.Add(keys[1]), sql.Add(keys[2]));
        if (Datastreams.Contains(datastream))
        {
            yield return $" AND {Among(sql, [datastream])} AND t.phenomenon_start >= {time} AND (t.phenomenon_start, t.id) > ({time}, {id})";
        }

        yield return $" AND {Among(sql, [.. Datastreams.Where(one => one > datastream)])}";
    }

    /// <summary>What a filter says of Datastreams alone, and what is left to ask of the Observations of those that pass. <c>not</c> is left whole: it is true of an Observation that has no Datastream.</summary>
    private static (Expression? About, Expression? Besides) Split(EntitySet set, Expression expression)
    {
        switch (expression)
        {
            case Binary { Operator: "and" } and:
                var (left, right) = (Split(set, and.Left), Split(set, and.Right));
                return (Both(and, left.About, right.About), Both(and, left.Besides, right.Besides));
            case Binary { Operator: "or" } or:
                var (one, other) = (Split(set, or.Left), Split(set, or.Right));
                return one.About is null || other.About is null
                    ? (null, or)
                    : (or with { Left = one.About, Right = other.About }, one.Besides is null && other.Besides is null ? null : or);
            default:
                return IsAboutDatastream(set, expression) ? (expression, null) : (null, expression);
        }
    }

    private static Expression? Both(Binary and, Expression? left, Expression? right) =>
        left is null ? right : right is null ? left : and with { Left = left, Right = right };

    private static bool IsAboutDatastream(EntitySet set, Expression expression)
    {
        var paths = expression is Unary ? [] : Paths(expression).ToList();
        return paths.Count > 0
            && set.FindNavigation(paths[0].Segments[0]) is { ParentColumn: "datastream_id", Name: var name }
            && paths.TrueForAll(path => path.Segments[0] == name && path.Segments.Count > 1);
    }

    private static IEnumerable<PathExpression> Paths(Expression expression) => expression switch
    {
        PathExpression path => [path],
        Binary both => Paths(both.Left).Concat(Paths(both.Right)),
        Unary one => Paths(one.Operand),
        OneOf oneOf => Paths(oneOf.Left),
        Call call => call.Arguments.SelectMany(Paths),
        _ => [],
    };

    private static string Condition(Expression expression, FilterTranslator translator) => expression is Binary { Operator: "and" or "or" } both
        ? $"({Condition(both.Left, translator)} {both.Operator} {Condition(both.Right, translator)})"
        : $"d.id IN ({translator.Reached(expression)})";
}
