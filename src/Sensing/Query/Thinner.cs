using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Query;

/// <summary>
/// <c>$thin=500</c>: of the numeric Observations of one Datastream about so many that a chart of them looks like a chart of all.
/// Time is cut into equal stretches, and of each the first, the last, the smallest and the greatest stay, as they are.
/// </summary>
internal sealed class Thinner(Visibility visibility, TimeProvider clock)
{
    /// <summary>The most Observations that are looked at.</summary>
    private const int MostSeen = 500_000;

    private const int PointsOfStretch = 4;

    public async Task<Page> Read(ReadScope read, Engine engine, EntitySet set, Parent? parent, QueryOptions query, IEnumerable<string> also)
    {
        if (set != SensorThingsModel.Observations || parent is not { Navigation.From.Table: "datastreams" })
        {
            throw new InvalidInputException("$thin", "is offered below one Datastream: Datastreams(1)/Observations?$thin=500");
        }

        var shape = new RowShape(set, EntityReader.Checked(set, query), also);
        var sql = new SqlText(engine);
        var filter = query.Filter is null ? "" : $" AND {new FilterTranslator(sql, set, "t", visibility, clock).Condition(query.Filter)}";
        var from = $"FROM {set.Source} t WHERE {visibility.Condition(set.Table, "t")} AND {await PageReader.JoinTo(read, engine, parent, sql, "t")} AND t.result_kind = 1{filter}";
        var all = new List<(long Id, long Time, double Number)>();
        await using (var command = await sql.Command(read, $"SELECT t.id, t.phenomenon_start, t.result_number {from} ORDER BY t.phenomenon_start, t.id LIMIT {MostSeen + 1}"))
        {
            await using var reader = await Statements.Run(command, read.Cancel);
            while (await Statements.Next(reader, read.Cancel))
            {
                all.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetDouble(2)));
            }
        }

        if (all.Count > MostSeen)
        {
            throw new InvalidInputException("$thin", $"would look at more than {MostSeen:N0} Observations; ask for a shorter time with $filter");
        }

        return new Page(shape, await Rows(read, engine, shape, parent, Chosen(all, query.Thin!.Value)), null, null);
    }

    /// <summary>All of them where there are few enough.</summary>
    internal static List<(long Id, long Time, double Number)> Chosen(List<(long Id, long Time, double Number)> all, int points)
    {
        if (all.Count <= points)
        {
            return all;
        }

        var stretches = Math.Max(1, points / PointsOfStretch);
        var (first, span) = (all[0].Time, Math.Max(1, all[^1].Time - all[0].Time));
        return [.. all.GroupBy(one => Math.Min(stretches - 1, (int)((double)(one.Time - first) / span * stretches))).SelectMany(Ends)];
    }

    private static IEnumerable<(long Id, long Time, double Number)> Ends(IEnumerable<(long Id, long Time, double Number)> stretch)
    {
        var inside = stretch.ToList();
        return new[] { inside[0], inside.MinBy(one => one.Number), inside.MaxBy(one => one.Number), inside[^1] }.DistinctBy(one => one.Id).OrderBy(one => one.Time).ThenBy(one => one.Id);
    }

    private static async Task<List<EntityRow>> Rows(ReadScope read, Engine engine, RowShape shape, Parent parent, List<(long Id, long Time, double Number)> chosen)
    {
        var rows = new List<EntityRow>();
        if (chosen.Count == 0)
        {
            return rows;
        }

        var sql = new SqlText(engine);
        var (datastream, first, last) = (sql.Add(parent.Id), sql.Add(chosen[0].Time), sql.Add(chosen[^1].Time));
        await using var command = await sql.Command(
            read,
            $"SELECT {shape.SelectList("t")} FROM observations t WHERE {engine.IsAmong("t.id", sql.Add(engine.Ids(chosen.Select(one => one.Id))))} AND t.datastream_id = {datastream} AND t.phenomenon_start BETWEEN {first} AND {last} ORDER BY t.phenomenon_start, t.id");
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        while (await reader.ReadAsync(read.Cancel))
        {
            rows.Add(shape.Read(reader));
        }

        return rows;
    }
}
