using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Query;

/// <summary>Reads entities with all that is expanded from them, in one snapshot.</summary>
internal sealed class EntityReader(PageReader pages, IOptions<SensingOptions> options, Visibility visibility)
{
    /// <summary>The most entities that are passed over by <c>$skip</c>.</summary>
    private const int MostSkipped = 250_000;

    /// <summary>An answer may be asked for that holds this many times <see cref="SensingOptions.MaxEntities"/>, if only it does not; beyond, it is refused unread.</summary>
    private const int MostHoped = 20;

    private readonly SensingOptions limits = options.Value;

    public async Task<Page> ReadPage(ReadScope read, Engine engine, EntitySet set, Parent? parent, QueryOptions query, params IEnumerable<string> also)
    {
        CheckCost(query);
        var reading = new Reading(read, engine, new Budget(limits.MaxEntities), query.ExactCount);
        var page = await pages.Read(reading, new RowShape(set, Checked(set, query), also), parent, query);
        await Expand(reading, page.Shape, page.Rows, query);
        return page;
    }

    /// <summary>One entity by id; null when it is not there or may not be seen.</summary>
    public async Task<(RowShape Shape, EntityRow Row)?> Find(ReadScope read, Engine engine, EntitySet set, long id, QueryOptions query)
    {
        CheckCost(query);
        var shape = new RowShape(set, Checked(set, query));
        var sql = new SqlText(engine);
        var rows = await Rows(read, sql, shape, $"SELECT {shape.SelectList("t")} FROM {set.Source} t WHERE t.id = {sql.Add(id)} AND {visibility.Condition(set.Table, "t")}");
        if (rows.Count == 0)
        {
            return null;
        }

        await Expand(new Reading(read, engine, new Budget(limits.MaxEntities), query.ExactCount), shape, rows, query);
        return (shape, rows[0]);
    }

    /// <summary>Whether the caller, who may write to an entity, may also read it.</summary>
    public async Task<bool> MayRead(ReadScope read, Engine engine, EntitySet set, long id)
    {
        if (visibility.ReadCondition(set.Table, "t") is not { } condition)
        {
            return true;
        }

        var sql = new SqlText(engine);
        await using var command = await sql.Command(read, $"SELECT 1 FROM {set.Table} t WHERE t.id = {sql.Add(id)} AND {condition}");
        return await command.ExecuteScalarAsync(read.Cancel) is not null;
    }

    /// <summary>The id of the child <paramref name="id"/> of a parent, or of the only child when <paramref name="id"/> is null; null when there is none.</summary>
    public async Task<long?> FindChild(ReadScope read, Engine engine, Parent parent, long? id)
    {
        var set = parent.Navigation.Target();
        var sql = new SqlText(engine);
        var join = await PageReader.JoinTo(read, engine, parent, sql, "t");
        var wanted = id is { } value ? $" AND t.id = {sql.Add(value)}" : "";
        await using var command = await sql.Command(read, $"SELECT t.id FROM {set.Source} t WHERE {join}{wanted} AND {visibility.Condition(set.Table, "t")} LIMIT 1");
        return await command.ExecuteScalarAsync(read.Cancel) is long found ? found : null;
    }

    private async Task Expand(Reading reading, RowShape shape, IReadOnlyList<EntityRow> rows, QueryOptions query)
    {
        foreach (var item in query.Expand)
        {
            var navigation = shape.Set.FindNavigation(item.Navigation)!;
            await InsideExpand.Of(item.Navigation, () => navigation.Many ? ExpandMany(reading, rows, navigation, item) : ExpandOne(reading, shape, rows, navigation, item));
        }
    }

    /// <summary>One page for each parent; what hangs behind the children is then read for all of them together.</summary>
    private async Task ExpandMany(Reading reading, IReadOnlyList<EntityRow> rows, Navigation navigation, ExpandItem item)
    {
        if (item.Options.SkipToken is not null)
        {
            throw new InvalidInputException("$skiptoken", "stands at the end of a nextLink, not inside $expand");
        }

        var shape = new RowShape(navigation.Target(), Checked(navigation.Target(), item.Options));
        var together = rows.Count > 0 && !item.Options.Count && item.Options.Top != 0 && navigation.ParentColumn == "id";
        var parents = rows.Select(row => row.Id).Distinct().ToList();
        var many = together && IsLatest(navigation, item.Options) ? await pages.ReadLatest(reading, shape, navigation, parents, item.Options)
            : together && parents.Count > 1 ? await pages.ReadMany(reading, shape, navigation, parents, item.Options)
            : [];
        var children = new List<EntityRow>();
        foreach (var row in rows)
        {
            var page = many.TryGetValue(row.Id, out var known) ? known : await pages.Read(reading, shape, new Parent(navigation, row.Id), item.Options, rows.Count);
            children.AddRange(page.Rows);
            (row.Expansions ??= [])[item.Navigation] = new Expanded(shape, page.Rows, page.Count, page.Next);
        }

        await Expand(reading, shape, children, item.Options);
    }

    private async Task ExpandOne(Reading reading, RowShape shape, IReadOnlyList<EntityRow> rows, Navigation navigation, ExpandItem item)
    {
        if (item.Options.Written.Keys.FirstOrDefault(name => name is not ("$select" or "$expand")) is { } wrong)
        {
            throw new InvalidInputException(wrong, $"does not apply to the one {navigation.Name}; only $select and $expand do");
        }

        var keys = rows.Select(row => shape.Get(row, navigation.ParentColumn)).OfType<long>().Distinct().ToList();
        var set = navigation.Target();
        var childShape = new RowShape(set, Checked(set, item.Options));
        var sql = new SqlText(reading.Engine);
        var found = keys.Count == 0 ? [] : await Rows(
            reading.Read, sql, childShape, $"SELECT {childShape.SelectList("t")} FROM {set.Source} t WHERE {reading.Engine.IsAmong("t.id", sql.Add(reading.Engine.Ids(keys)))} AND {visibility.Condition(set.Table, "t")}");
        reading.Budget.Spend(found.Count);
        await Expand(reading, childShape, found, item.Options);
        var byId = found.ToDictionary(row => row.Id);
        foreach (var row in rows)
        {
            var child = shape.Get(row, navigation.ParentColumn) is long key ? byId.GetValueOrDefault(key) : null;
            (row.Expansions ??= [])[item.Navigation] = new Expanded(childShape, child is null ? [] : [child], null, null);
        }
    }

    /// <summary><c>Observations($orderby=phenomenonTime desc;$top=1)</c> of Datastreams: what each keeps at hand.</summary>
    private static bool IsLatest(Navigation navigation, QueryOptions options) =>
        navigation is { From.Table: "datastreams", Name: "Observations" }
        && options is { Top: 1, Skip: 0, Filter: null }
        && options.OrderBy is [{ Descending: true, By: PathExpression { Segments: ["phenomenonTime"] } }]
            or [{ Descending: true, By: PathExpression { Segments: ["phenomenonTime"] } }, { Descending: true, By: PathExpression { Segments: ["id" or "@iot.id"] } }];

    private static async Task<List<EntityRow>> Rows(ReadScope read, SqlText sql, RowShape shape, string text)
    {
        await using var command = await sql.Command(read, text);
        await using var reader = await Statements.Run(command, read.Cancel);
        var rows = new List<EntityRow>();
        while (await Statements.Next(reader, read.Cancel))
        {
            rows.Add(shape.Read(reader));
        }

        return rows;
    }

    /// <summary>Refuses, before anything is read, tops that multiply beyond all reason. Where none was asked, nothing is known beforehand, and the answer is bounded as it grows.</summary>
    private void CheckCost(QueryOptions query)
    {
        if (query.Skip > MostSkipped)
        {
            throw new InvalidInputException("$skip", $"passes over more than {MostSkipped:N0} entities, which are all read to be counted; follow @iot.nextLink, or filter");
        }

        // Of one set alone any $top may be asked: the answer is cut where the server's pages end.
        var most = (double)limits.MaxEntities * MostHoped;
        if (query.Expand.Count > 0 && Asked(query) > most)
        {
            throw new InvalidInputException("$top", $"multiplied with those inside $expand, asks for more than {most:N0} entities; lower one of them");
        }
    }

    private static double Asked(QueryOptions query) => (query.Top ?? 1) * (1 + query.Expand.Sum(item => Asked(item.Options)));

    /// <summary>The options, once it is known that every name in them is one of the set.</summary>
    public static QueryOptions Checked(EntitySet set, QueryOptions query)
    {
        foreach (var name in query.Select ?? [])
        {
            SelectPath.Check(set, name);
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
}
