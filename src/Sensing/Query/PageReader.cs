using System.Data.Common;
using System.Globalization;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Query;

/// <summary>Reads the entities of one collection, or of the same collection of many parents: filter, count, order, skip, top (OGC 18-088, 9.3.1).</summary>
internal sealed class PageReader(IDatabase database, IOptions<SensingOptions> options, Visibility visibility, TimeProvider clock)
{
    private readonly SensingOptions limits = options.Value;
    private readonly Counting counting = new(database);

    /// <summary>One page; <paramref name="siblings"/> is how many such pages the answer holds, among which the cost of counting is dealt.</summary>
    public async Task<Page> Read(Reading reading, RowShape shape, Parent? parent, QueryOptions query, int siblings = 1)
    {
        var set = shape.Set;
        var sql = new SqlText(reading.Engine, reading.Known);
        var translator = new FilterTranslator(sql, set, "t", visibility, clock);
        var pinned = parent is null && !IsById(query.OrderBy) ? await Pinned.Find(reading.Read, reading.Engine, set, query.Filter, visibility, clock) : null;
        var join = parent is not null ? $" AND {await JoinTo(reading.Read, reading.Engine, parent, sql, "t")}" : pinned is not null ? $" AND {pinned.Among(sql)}" : "";
        var source = $"FROM {set.Source} t WHERE {visibility.Condition(set.Table, "t")}";
        var asked = pinned is null ? query.Filter : pinned.Rest;
        var filter = asked is null ? null : translator.Condition(asked);
        var count = query.Count ? await Count(reading, sql, new Countable(set, StreamsOf(parent, pinned), source + join, filter), siblings) : null;
        var top = TopOf(query);
        if (top == 0)
        {
            return new Page(shape, [], count, null);
        }

        var order = AsTheyLie(query, set, parent, pinned)
            ? Ordering.AsTheyLie
            : Ordering.Of(set, translator, query.OrderBy, parent?.Navigation, parent is { Navigation.Order: not null } ? sql.Add(parent.Id) : "");
        var cursor = Cursor.Of(query, set, parent, order);
        var rows = new Rows(shape, order, top);
        foreach (var stretch in order == Ordering.AsTheyLie && pinned is not null && cursor.Keys is not null ? pinned.Behind(sql, cursor.Keys) : [join + (cursor.Keys is null ? "" : $" AND {order.After(sql, cursor.Keys)}")])
        {
            await rows.TakeAll(reading, sql, $"SELECT {shape.SelectList("t")}{Selected(order)} {source}{stretch}{(filter is null ? "" : $" AND {filter}")} ORDER BY {order.Sql} LIMIT {top + 1} OFFSET {cursor.Skip.ToString(CultureInfo.InvariantCulture)}");
        }

        reading.Budget.Spend(rows.Found.Count);
        return rows.ToPage(count, cursor);
    }

    /// <summary>Whether the order is the server's choice, and Datastream after Datastream the cheapest. A page goes on in the order that the one before it had, whatever has become few or many since.</summary>
    private static bool AsTheyLie(QueryOptions query, EntitySet set, Parent? parent, Pinned? pinned) =>
        query.OrderBy.Count == 0 && (query.SkipToken is null ? pinned is not null : Cursor.KeysOf(query, set, parent) == Ordering.AsTheyLie.Keys.Count);

    /// <summary>Sorted by id, the few are not looked up and sorted: the index of ids soon comes to enough of them.</summary>
    private static bool IsById(IReadOnlyList<OrderKey> order) => order is [{ By: PathExpression { Segments: ["id" or "@iot.id"] } }, ..];

    private static IReadOnlyList<long>? StreamsOf(Parent? parent, Pinned? pinned) =>
        parent is { Navigation.From.Table: "datastreams", Navigation.Name: "Observations" } ? [parent.Id] : pinned?.Datastreams;

    /// <summary>The same collection of many parents.</summary>
    public Task<Dictionary<long, Page>> ReadMany(Reading reading, RowShape shape, Navigation navigation, IReadOnlyList<long> parents, QueryOptions query) =>
        reading.Engine == Engine.Postgres ? ReadTogether(reading, shape, navigation, parents, query) : ReadEach(reading, shape, navigation, parents, query);

    /// <summary>SQLite: one statement, prepared once, and asked for each parent; it is no way to anywhere.</summary>
    private async Task<Dictionary<long, Page>> ReadEach(Reading reading, RowShape shape, Navigation navigation, IReadOnlyList<long> parents, QueryOptions query)
    {
        var set = shape.Set;
        var sql = new SqlText(reading.Engine, reading.Known);
        var translator = new FilterTranslator(sql, set, "t", visibility, clock);
        var parent = sql.Add(0L);
        var order = Ordering.Of(set, translator, query.OrderBy, navigation, parent);
        var filter = query.Filter is null ? "" : $" AND {translator.Condition(query.Filter)}";
        var top = TopOf(query);
        await using var command = await sql.Command(
            reading.Read,
            $"""
            SELECT {shape.SelectList("t")}{Selected(order)} FROM {set.Source} t WHERE {visibility.Condition(set.Table, "t")} AND {navigation.JoinTo(parent, "t")}{filter}
            ORDER BY {order.Sql} LIMIT {top + 1} OFFSET {query.Skip.ToString(CultureInfo.InvariantCulture)}
            """);
        var found = new Dictionary<long, Page>(parents.Count);
        foreach (var id in parents)
        {
            command.Parameters[parent].Value = id;
            var rows = new Rows(shape, order, top);
            await using var reader = await Statements.Run(command, reading.Read.Cancel);
            while (await Statements.Next(reader, reading.Read.Cancel))
            {
                rows.Take(reader, 0);
            }

            reading.Budget.Spend(rows.Found.Count);
            found.Add(id, rows.ToPage(null, Cursor.Of(query, set, new Parent(navigation, id), order)));
        }

        return found;
    }

    /// <summary>PostgreSQL: one statement for all, for each is a way to another process and back.</summary>
    private async Task<Dictionary<long, Page>> ReadTogether(Reading reading, RowShape shape, Navigation navigation, IReadOnlyList<long> parents, QueryOptions query)
    {
        var set = shape.Set;
        var sql = new SqlText(reading.Engine, reading.Known);
        var translator = new FilterTranslator(sql, set, "t", visibility, clock);
        var order = Ordering.Of(set, translator, query.OrderBy, navigation, "p.id");
        var filter = query.Filter is null ? "" : $" AND {translator.Condition(query.Filter)}";
        var top = TopOf(query);
        var text =
            $"""
            SELECT p.id, x.* FROM unnest({sql.Add(parents.ToArray())}) AS p(id) CROSS JOIN LATERAL (
            SELECT {shape.SelectList("t")}{Selected(order)} FROM {set.Source} t WHERE {visibility.Condition(set.Table, "t")} AND {navigation.JoinTo("p.id", "t")}{filter}
            ORDER BY {order.Sql} LIMIT {top + 1} OFFSET {query.Skip.ToString(CultureInfo.InvariantCulture)}) x
            """;
        var found = parents.ToDictionary(id => id, _ => new Rows(shape, order, top));
        await using (var command = await sql.Command(reading.Read, text))
        {
            await using var reader = await Statements.Run(command, reading.Read.Cancel);
            while (await Statements.Next(reader, reading.Read.Cancel))
            {
                found[reader.GetInt64(0)].Take(reader, 1);
            }
        }

        reading.Budget.Spend(found.Values.Sum(rows => rows.Found.Count));
        return found.ToDictionary(rows => rows.Key, rows => rows.Value.ToPage(null, Cursor.Of(query, set, new Parent(navigation, rows.Key), order)));
    }

    /// <summary>The last Observation of each of many Datastreams, which is kept at hand with them; one look-up each, whatever they hold.</summary>
    public async Task<Dictionary<long, Page>> ReadLatest(Reading reading, RowShape shape, Navigation navigation, IReadOnlyList<long> datastreams, QueryOptions query)
    {
        var sql = new SqlText(reading.Engine, reading.Known);
        var order = Ordering.Of(shape.Set, new FilterTranslator(sql, shape.Set, "t", visibility, clock), query.OrderBy, navigation, "e.datastream_id");
        const string last = "t.datastream_id = e.datastream_id AND t.phenomenon_start = e.last_time AND t.id = e.last_id";
        var join = reading.Engine == Engine.Sqlite ? $"JOIN observations t ON {last}" : $"CROSS JOIN LATERAL (SELECT * FROM observations t WHERE {last} LIMIT 1) t";
        var text =
            $"""
            SELECT e.datastream_id, CASE WHEN e.phenomenon_start < e.last_time
                OR EXISTS (SELECT 1 FROM observations o WHERE o.datastream_id = e.datastream_id AND o.phenomenon_start = e.last_time AND o.id < e.last_id) THEN 1 ELSE 0 END,
                {shape.SelectList("t")}{Selected(order)}
            FROM datastream_extents e {join} WHERE {reading.Engine.IsAmong("e.datastream_id", sql.Add(reading.Engine.Ids(datastreams)))} AND {visibility.Condition("observations", "t")}
            """;
        var found = datastreams.ToDictionary(id => id, _ => new Rows(shape, order, 1));
        await using (var command = await sql.Command(reading.Read, text))
        {
            await using var reader = await Statements.Run(command, reading.Read.Cancel);
            while (await Statements.Next(reader, reading.Read.Cancel))
            {
                var rows = found[reader.GetInt64(0)];
                rows.Take(reader, 2);
                rows.More = Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture) == 1;
            }
        }

        reading.Budget.Spend(found.Values.Sum(rows => rows.Found.Count));
        return found.ToDictionary(rows => rows.Key, rows => rows.Value.ToPage(null, Cursor.Of(query, shape.Set, new Parent(navigation, rows.Key), order)));
    }

    /// <summary>The condition that leads from a parent to its children; a to-one relation reads its key first.</summary>
    public static async Task<string> JoinTo(ReadScope read, Engine engine, Parent parent, SqlText sql, string alias)
    {
        var navigation = parent.Navigation;
        if (navigation.Link is not null || navigation.ParentColumn == "id")
        {
            return navigation.JoinTo(sql.Add(parent.Id), alias);
        }

        var key = new SqlText(engine);
        await using var command = await key.Command(read, $"SELECT {navigation.ParentColumn} FROM {navigation.From.Table} WHERE id = {key.Add(parent.Id)}");
        return navigation.JoinTo(sql.Add(await command.ExecuteScalarAsync(read.Cancel) is long value ? value : -1L), alias);
    }

    private int TopOf(QueryOptions query) => Math.Min(query.Top ?? limits.DefaultTop, limits.MaxTop);

    private Task<Total> Count(Reading reading, SqlText sql, Countable what, int siblings) => reading.ExactCount
        ? Counting.Exact(reading.Read, sql, what)
        : counting.Bounded(reading.Read, sql, what, siblings == 1 ? limits.CountLimit : Math.Min(limits.CountLimit, Math.Max(1000, limits.CountLimit / siblings)), siblings == 1);

    private static string Selected(Ordering order) => string.Concat(order.Keys.Select((key, index) => $", {key.Sql} AS k{index}"));

    /// <summary>The rows of one page as they come, with the sort keys of the last one.</summary>
    private sealed class Rows(RowShape shape, Ordering order, int top)
    {
        private object?[] keys = [];

        public List<EntityRow> Found { get; } = [];

        public bool More { get; set; }

        /// <summary>All that a statement gives, unless there is enough already.</summary>
        public async Task TakeAll(Reading reading, SqlText sql, string text)
        {
            if (More)
            {
                return;
            }

            await using var command = await sql.Command(reading.Read, text);
            await using var reader = await Statements.Run(command, reading.Read.Cancel);
            while (await Statements.Next(reader, reading.Read.Cancel))
            {
                Take(reader, 0);
            }
        }

        public void Take(DbDataReader reader, int offset)
        {
            if (Found.Count == top)
            {
                More = true;
                return;
            }

            Found.Add(shape.Read(reader, offset));
            if (Found.Count == top)
            {
                keys = [.. Enumerable.Range(offset + shape.Width, order.Keys.Count).Select(index => Key(reader, index))];
            }
        }

        /// <summary>An estimate is never below what is seen.</summary>
        public Page ToPage(Total? count, Cursor cursor) => new(
            shape, Found, count is { IsEstimate: true } ? count with { Number = Math.Max(count.Number, cursor.Skip + Found.Count + (More ? 1 : 0)) } : count, More ? cursor.Next(keys, Found.Count) : null);

        private static object? Key(DbDataReader reader, int index) => reader.IsDBNull(index) ? null : reader.GetValue(index) switch
        {
            decimal exact => (double)exact,
            int small => (long)small,
            short smaller => (long)smaller,
            var other => other,
        };
    }
}
