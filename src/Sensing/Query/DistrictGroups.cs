using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Places;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>
/// Groups by district: the database sums up by feature, and here the features of a district are put together. Where a district
/// lies is Places' to say.
/// </summary>
internal static class DistrictGroups
{
    private const string Name = "district";

    private static readonly PathExpression Feature = new(["FeatureOfInterest", "@iot.id"], 0);
    private static readonly string[] Parts = ["sum", "count", "min", "max", "$count"];

    public static bool Asked(Apply apply) => apply.Groups.Any(group => group.Name == Name);

    /// <summary>The same by feature, with all that can be put together again.</summary>
    public static Apply PartsOf(Apply apply) => apply.Aggregates.Any(aggregate => aggregate.Method == "countdistinct")
        ? throw new InvalidInputException("$apply", "countdistinct by district is not offered", 501)
        : apply with { Groups = [.. apply.Groups.Select(group => group.Name == Name ? group with { By = Feature } : group)], Aggregates = [.. Parts.Select(part => new Aggregate(part, part))] };

    public static async Task<AppliedRows> Merge(ReadScope read, Engine engine, PlaceBook places, Apply apply, AppliedRows parts)
    {
        var at = apply.Groups.ToList().FindIndex(group => group.Name == Name);
        var districts = await Districts(read, engine, places, parts.Rows.Select(row => Convert.ToInt64(row[at], CultureInfo.InvariantCulture)).Distinct());
        var rows = parts.Rows
            .GroupBy(row => string.Join('\u001f', Keys(row).Select(key => Convert.ToString(key, CultureInfo.InvariantCulture))))
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (IReadOnlyList<object?>)[.. Keys(group.First()), .. apply.Aggregates.Select(aggregate => Total(aggregate.Method, [.. group.Select(row => row.Skip(apply.Groups.Count).ToList())]))]);
        return new AppliedRows([.. apply.Groups.Select(group => group.Name), .. apply.Aggregates.Select(aggregate => aggregate.Alias)], [.. rows], false);

        IEnumerable<object?> Keys(IReadOnlyList<object?> row) =>
            row.Take(apply.Groups.Count).Select((key, index) => index == at ? districts.GetValueOrDefault(Convert.ToInt64(key, CultureInfo.InvariantCulture)) : key);
    }

    /// <summary>One aggregate over the features of a district; each row holds its <see cref="Parts"/>.</summary>
    private static double? Total(string method, List<List<object?>> rows)
    {
        double Sum(int part) => rows.Sum(row => Number(row[part]) ?? 0);
        return method switch
        {
            "count" => Sum(1),
            "$count" => Sum(4),
            "min" => rows.Min(row => Number(row[2])),
            "max" => rows.Max(row => Number(row[3])),
            "sum" => Sum(1) == 0 ? null : Sum(0),
            _ => Sum(1) == 0 ? null : Sum(0) / Sum(1),
        };
    }

    private static double? Number(object? value) => value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static async Task<Dictionary<long, string?>> Districts(ReadScope read, Engine engine, PlaceBook places, IEnumerable<long> features)
    {
        var middles = await read.Connection.QueryAsync<(long Id, double Longitude, double Latitude)>(
            $"SELECT f.id, (f.min_lon + f.max_lon) / 2, (f.min_lat + f.max_lat) / 2 FROM features f WHERE f.min_lon IS NOT NULL AND {engine.IsAmong("f.id", "@ids")}", new { ids = engine.Ids(features) }, read.Transaction);
        var districts = new Dictionary<long, string?>();
        foreach (var (id, longitude, latitude) in middles)
        {
            districts[id] = (await places.FindDistrict(longitude, latitude, read.Cancel))?.Place.Code;
        }

        return districts;
    }
}
