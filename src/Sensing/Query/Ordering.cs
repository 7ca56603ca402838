using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>One expression that a collection is sorted by.</summary>
internal sealed record SortKey(string Sql, bool Descending, bool Nullable);

/// <summary>The order of a collection, ended by the id so that no two entities are equal in it; and the condition to lie behind a place in it.</summary>
internal sealed class Ordering
{
    private const string Id = "t.id";

    /// <summary>Observations of several Datastreams as they lie: one Datastream after the other, each in order of time.</summary>
    public static readonly Ordering AsTheyLie = new([new("t.datastream_id", false, false), new("t.phenomenon_start", false, false), new(Id, false, false)]);

    private Ordering(List<SortKey> keys) => Keys = keys;

    public IReadOnlyList<SortKey> Keys { get; }

    /// <summary>What stands behind ORDER BY; a missing value comes before all others, and last in descending order.</summary>
    public string Sql => string.Join(", ", Keys.Select(key => $"{key.Sql}{(key.Descending ? " DESC" : "")}{(key.Nullable ? key.Descending ? " NULLS LAST" : " NULLS FIRST" : "")}"));

    /// <summary>
    /// Where nothing is said: Observations of one Datastream in order of time, as they lie; what a relation orders, by that; all
    /// else by id. <paramref name="parent"/> is the SQL of the parent's id.
    /// </summary>
    public static Ordering Of(EntitySet set, FilterTranslator translator, IReadOnlyList<OrderKey> keys, Navigation? from, string parent)
    {
        var sorted = new List<SortKey>();
        foreach (var key in keys)
        {
            if (!NamesProperty(key.By))
            {
                throw new InvalidInputException("$orderby", $"what stands at position {key.By.Position + 1} is the same for every entity; name a property");
            }

            var nullable = !(key.By is PathExpression { Segments: [var name] } && set.FindProperty(name) is { Nullable: false });
            sorted.AddRange(translator.SortKeys(key).Select(sort => new SortKey(sort, key.Descending, nullable)));
            if (sorted[^1].Sql == Id)
            {
                return new Ordering(sorted);
            }
        }

        if (keys.Count == 0 && from?.Order is { } own)
        {
            sorted.Add(new SortKey(own.Replace("{p}", parent, StringComparison.Ordinal).Replace("{c}", "t", StringComparison.Ordinal), false, false));
        }
        else if (keys.Count == 0 && set == SensorThingsModel.Observations && from is not null)
        {
            sorted.Add(new SortKey("t.phenomenon_start", false, false));
        }

        sorted.Add(new SortKey(Id, sorted is [.., { Descending: true }], false));
        return new Ordering(sorted);
    }

    /// <summary>The condition to come after the entity with these keys. Where all run one way and none is missing, it is one comparison of rows, which an index answers.</summary>
    public string After(SqlText sql, IReadOnlyList<object?> values)
    {
        var names = values.Select(value => value is null ? null : sql.Add(value)).ToList();
        if (Keys.All(key => !key.Nullable && key.Descending == Keys[0].Descending))
        {
            var sign = Keys[0].Descending ? "<" : ">";
            var rows = $"({string.Join(", ", Keys.Select(key => key.Sql))}) {sign} ({string.Join(", ", names)})";

            // Said twice, so that PostgreSQL leaves out whole partitions.
            return sql.Engine == Engine.Postgres && Keys.Count > 1 ? $"({Keys[0].Sql} {sign}= {names[0]} AND {rows})" : $"({rows})";
        }

        var ways = new List<string>();
        for (var at = 0; at < Keys.Count; at++)
        {
            var equal = Keys.Take(at).Select((key, index) => names[index] is { } name ? $"{key.Sql} = {name}" : $"{key.Sql} IS NULL");
            ways.Add($"({string.Join(" AND ", equal.Append(Beyond(Keys[at], names[at])))})");
        }

        return $"({string.Join(" OR ", ways)})";
    }

    private static bool NamesProperty(Expression expression) => expression switch
    {
        PathExpression => true,
        Binary both => NamesProperty(both.Left) || NamesProperty(both.Right),
        Unary one => NamesProperty(one.Operand),
        OneOf oneOf => NamesProperty(oneOf.Left),
        Call call => call.Arguments.Any(NamesProperty),
        _ => false,
    };

    private static string Beyond(SortKey key, string? value) => (key.Descending, value) switch
    {
        (false, null) => $"{key.Sql} IS NOT NULL",
        (true, null) => "1 = 0",
        (false, _) => $"{key.Sql} > {value}",
        _ when key.Nullable => $"({key.Sql} < {value} OR {key.Sql} IS NULL)",
        _ => $"{key.Sql} < {value}",
    };
}
