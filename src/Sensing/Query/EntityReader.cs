using System.Data.Common;
using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Query;

/// <summary>A page of entities, with all that was expanded.</summary>
internal sealed record Page(RowShape Shape, IReadOnlyList<EntityRow> Rows, long? Count, bool More);

/// <summary>Where a collection hangs: all of a set, or what one navigation of one entity leads to.</summary>
internal sealed record Parent(Navigation Navigation, long Id);

/// <summary>Reads entities: one statement a page and one for each expanded collection, all in one snapshot.</summary>
internal sealed class EntityReader(IOptions<SensingOptions> options, Visibility visibility, TimeProvider clock)
{
    private readonly SensingOptions limits = options.Value;

    public async Task<Page> ReadPage(ReadScope read, Engine engine, EntitySet set, Parent? parent, QueryOptions query)
    {
        var context = new Context(read, engine, new Budget(limits.MaxEntities));
        var page = await ReadRows(context, new RowShape(set, Checked(set, query)), parent, query);
        await Expand(context, page.Shape, page.Rows, query);
        return page;
    }

    /// <summary>One entity by id; null when it is not there or may not be seen.</summary>
    public async Task<(RowShape Shape, EntityRow Row)?> Find(ReadScope read, Engine engine, EntitySet set, long id, QueryOptions query)
    {
        var shape = new RowShape(set, Checked(set, query));
        var sql = new SqlText(engine);
        var rows = await Rows(read, sql, shape, $"SELECT {shape.SelectList("t")} FROM {set.Source} t WHERE t.id = {sql.Add(id)} AND {visibility.Condition(set.Table, "t")}");
        if (rows.Count == 0)
        {
            return null;
        }

        await Expand(new Context(read, engine, new Budget(limits.MaxEntities)), shape, rows, query);
        return (shape, rows[0]);
    }

    /// <summary>The id of the child <paramref name="id"/> of a parent, or of the only child when <paramref name="id"/> is null; null when there is none.</summary>
    public async Task<long?> FindChild(ReadScope read, Engine engine, Parent parent, long? id)
    {
        var set = parent.Navigation.Target();
        var sql = new SqlText(engine);
        var join = await JoinTo(read, engine, parent, sql, "t");
        var wanted = id is { } value ? $" AND t.id = {sql.Add(value)}" : "";
        await using var command = sql.Command(read, $"SELECT t.id FROM {set.Source} t WHERE {join}{wanted} AND {visibility.Condition(set.Table, "t")} LIMIT 1");
        return await command.ExecuteScalarAsync(read.Cancel) is long found ? found : null;
    }

    private async Task<Page> ReadRows(Context context, RowShape shape, Parent? parent, QueryOptions query)
    {
        var set = shape.Set;
        var sql = new SqlText(context.Engine);
        var translator = new FilterTranslator(sql, set, "t", visibility, clock);
        var where = new List<string> { visibility.Condition(set.Table, "t") };
        if (parent is not null)
        {
            where.Add(await JoinTo(context.Read, context.Engine, parent, sql, "t"));
        }

        if (query.Filter is not null)
        {
            where.Add(translator.Condition(query.Filter));
        }

        var from = $"FROM {set.Source} t WHERE {string.Join(" AND ", where)}";
        var count = query.Count ? await Count(context.Read, sql, from) : null;
        var order = Order(set, translator, query.OrderBy, parent, sql);
        var top = Math.Min(query.Top ?? limits.DefaultTop, limits.MaxTop);
        if (top == 0)
        {
            return new Page(shape, [], count, false);
        }

        var rows = await Rows(context.Read, sql, shape, $"SELECT {shape.SelectList("t")} {from} ORDER BY {order} LIMIT {top + 1} OFFSET {query.Skip.ToString(CultureInfo.InvariantCulture)}");
        var more = rows.Count > top;
        if (more)
        {
            rows.RemoveAt(rows.Count - 1);
        }

        context.Budget.Spend(rows.Count);
        return new Page(shape, rows, count, more);
    }

    private async Task Expand(Context context, RowShape shape, IReadOnlyList<EntityRow> rows, QueryOptions query)
    {
        foreach (var item in query.Expand)
        {
            var navigation = shape.Set.FindNavigation(item.Navigation)!;
            if (navigation.Many)
            {
                await ExpandMany(context, rows, navigation, item);
            }
            else
            {
                await ExpandOne(context, shape, rows, navigation, item);
            }
        }
    }

    /// <summary>One indexed statement a parent; what hangs behind the children is then read for all of them together.</summary>
    private async Task ExpandMany(Context context, IReadOnlyList<EntityRow> rows, Navigation navigation, ExpandItem item)
    {
        var shape = new RowShape(navigation.Target(), Checked(navigation.Target(), item.Options));
        var children = new List<EntityRow>();
        foreach (var row in rows)
        {
            var page = await ReadRows(context, shape, new Parent(navigation, row.Id), item.Options);
            children.AddRange(page.Rows);
            (row.Expansions ??= [])[item.Navigation] = new Expanded(shape, page.Rows, page.Count, page.More);
        }

        await Expand(context, shape, children, item.Options);
    }

    private async Task ExpandOne(Context context, RowShape shape, IReadOnlyList<EntityRow> rows, Navigation navigation, ExpandItem item)
    {
        var keys = rows.Select(row => shape.Get(row, navigation.ParentColumn)).OfType<long>().Distinct().ToList();
        var set = navigation.Target();
        var childShape = new RowShape(set, Checked(set, item.Options));
        var sql = new SqlText(context.Engine);
        var found = keys.Count == 0 ? [] : await Rows(
            context.Read, sql, childShape, $"SELECT {childShape.SelectList("t")} FROM {set.Source} t WHERE {context.Engine.IsAmong("t.id", sql.Add(context.Engine.Ids(keys)))} AND {visibility.Condition(set.Table, "t")}");
        context.Budget.Spend(found.Count);
        await Expand(context, childShape, found, item.Options);
        var byId = found.ToDictionary(row => row.Id);
        foreach (var row in rows)
        {
            var child = shape.Get(row, navigation.ParentColumn) is long key ? byId.GetValueOrDefault(key) : null;
            (row.Expansions ??= [])[item.Navigation] = new Expanded(childShape, child is null ? [] : [child], null, false);
        }
    }

    /// <summary>The condition that leads from a parent to its children; a to-one relation reads its key first.</summary>
    private static async Task<string> JoinTo(ReadScope read, Engine engine, Parent parent, SqlText sql, string alias)
    {
        var navigation = parent.Navigation;
        if (navigation.Link is not null || navigation.ParentColumn == "id")
        {
            return navigation.JoinTo(sql.Add(parent.Id), alias);
        }

        var key = new SqlText(engine);
        await using var command = key.Command(read, $"SELECT {navigation.ParentColumn} FROM {navigation.From.Table} WHERE id = {key.Add(parent.Id)}");
        return navigation.JoinTo(sql.Add(await command.ExecuteScalarAsync(read.Cancel) is long value ? value : -1L), alias);
    }

    private static async Task<long?> Count(ReadScope read, SqlText sql, string from)
    {
        await using var command = sql.Command(read, "SELECT count(*) " + from);
        try
        {
            return (long?)await command.ExecuteScalarAsync(read.Cancel);
        }
        catch (DbException exception) when (IsBadValue(exception))
        {
            throw BadValue(exception);
        }
    }

    private static async Task<List<EntityRow>> Rows(ReadScope read, SqlText sql, RowShape shape, string text)
    {
        await using var command = sql.Command(read, text);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(read.Cancel);
            var rows = new List<EntityRow>();
            while (await reader.ReadAsync(read.Cancel))
            {
                rows.Add(shape.Read(reader));
            }

            return rows;
        }
        catch (DbException exception) when (IsBadValue(exception))
        {
            throw BadValue(exception);
        }
    }

    /// <summary>SQLSTATE class 22, data exception: a number out of range, a negative length, a division by zero in what was asked.</summary>
    private static bool IsBadValue(DbException exception) => exception.SqlState?.StartsWith("22", StringComparison.Ordinal) == true;

    private static InvalidInputException BadValue(DbException exception) => new("$filter", $"asks for a value that cannot be computed: {exception.Message}");

    /// <summary>Sort keys, ended by the id so that pages never overlap. Observations of one Datastream come in order of time, as they lie.</summary>
    private static string Order(EntitySet set, FilterTranslator translator, IReadOnlyList<OrderKey> keys, Parent? parent, SqlText sql)
    {
        if (keys.Count == 0)
        {
            return parent?.Navigation.Order is { } own ? own.Replace("{p}", sql.Add(parent.Id), StringComparison.Ordinal).Replace("{c}", "t", StringComparison.Ordinal) + ", t.id"
                : set == SensorThingsModel.Observations && parent is not null ? "t.phenomenon_start, t.id" : "t.id";
        }

        var sorted = new List<string>();
        foreach (var key in keys)
        {
            var nullable = !(key.By is PathExpression { Segments: [var name] } && set.FindProperty(name) is { Nullable: false });
            sorted.AddRange(translator.SortKeys(key).Select(sort => $"{sort}{(key.Descending ? " DESC" : "")}{(nullable ? key.Descending ? " NULLS LAST" : " NULLS FIRST" : "")}"));
        }

        sorted.Add(keys[^1].Descending ? "t.id DESC" : "t.id");
        return string.Join(", ", sorted);
    }

    private static QueryOptions Checked(EntitySet set, QueryOptions query)
    {
        foreach (var name in query.Select ?? [])
        {
            if (set.FindProperty(name) is null && set.FindNavigation(name) is null)
            {
                throw new InvalidInputException("$select", $"'{name}' is no property or relation of {set.Type}");
            }
        }

        foreach (var item in query.Expand)
        {
            if (set.FindNavigation(item.Navigation) is null)
            {
                throw new InvalidInputException("$expand", $"'{item.Navigation}' is no relation of {set.Type}");
            }
        }

        return query;
    }

    private sealed record Context(ReadScope Read, Engine Engine, Budget Budget);

    private sealed class Budget(int left)
    {
        private int left = left;

        public void Spend(int entities)
        {
            left -= entities;
            if (left < 0)
            {
                throw new InvalidInputException("$expand", "the answer would hold more entities than this server gives at once; lower $top, here or inside $expand");
            }
        }
    }
}
