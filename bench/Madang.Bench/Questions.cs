using System.Globalization;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>A question to SensorThings and the bare statement that finds the same rows.</summary>
/// <param name="Name">In words.</param>
/// <param name="Address">The address below the root, for a Datastream.</param>
/// <param name="Statement">The statement of an engine, with the Datastream as <c>@id</c>.</param>
/// <param name="Asked">What is asked of the median, in milliseconds.</param>
/// <param name="Runs">How often it is asked.</param>
/// <param name="OfMonths">Whether it is asked of Datastreams that hold a month at two minutes.</param>
internal sealed record Question(string Name, Func<long, string> Address, Func<Engine, string> Statement, string Asked, int Runs = 200, bool OfMonths = false);

/// <summary>What is asked of the large store.</summary>
internal static class Questions
{
    private const string Latest = "Observations($orderby=phenomenonTime%20desc;$top=1)", Month = "phenomenonTime%20ge%202026-07-01T00:00:00Z%20and%20phenomenonTime%20lt%202026-07-31T00:00:00Z";

    public static IReadOnlyList<Question> All { get; } =
    [
        new("last 1,000 of a Datastream, entities", id => $"Datastreams({id})/Observations?$orderby=phenomenonTime%20desc&$top=1000", _ => Last, "≤ 5"),
        new("last 1,000 of a Datastream, dataArray", id => $"Datastreams({id})/Observations?$orderby=phenomenonTime%20desc&$top=1000&$resultFormat=dataArray", _ => Last, "≤ 3"),
        new("$count of all", _ => "Observations?$count=true&$top=0", Counted(""), "≤ 50", 20),
        new("$count with a filter that half meets", _ => "Observations?$count=true&$top=0&$filter=result%20gt%2020", Counted("WHERE result_number > 20"), "≤ 50", 20),
        new("$count of one Datastream", id => $"Datastreams({id})/Observations?$count=true&$top=0", _ => "SELECT count(*) FROM observations WHERE datastream_id = @id", "≤ 50"),
        new("latest of 1,000 Datastreams", _ => $"Datastreams?$top=1000&$expand={Latest}", _ => LatestOf, "≤ 30", 100),
        new("latest of 1,000 Things", _ => $"Things?$top=1000&$expand=Datastreams($expand={Latest})", _ => LatestOf, "≤ 30", 100),
        new("hourly means of a month", id => $"Datastreams({id})/Observations?$apply=filter({Month})/groupby((bucket(phenomenonTime,PT1H)),aggregate(result%20with%20average%20as%20mean))", _ => Hours, "≤ 10", 200, true),
        new("within 500 m, of 100,000 Locations", id => $"Locations?$filter=geo.distance(location,geography'POINT({(126.85 + (id % 50 * 0.005)).ToString("0.000", CultureInfo.InvariantCulture)}%2037.55)')%20lt%20500&$top=100", _ => Near, "≤ 20"),
    ];

    private const string Last = "SELECT id, phenomenon_start, phenomenon_end, result_kind, result_number, result_text, result_time, valid_start, valid_end, quality, parameters FROM observations WHERE datastream_id = @id ORDER BY phenomenon_start DESC, id DESC LIMIT 1000";

    private const string LatestOf = "SELECT d.id, d.name, (SELECT result_number FROM observations o WHERE o.datastream_id = d.id ORDER BY o.phenomenon_start DESC, o.id DESC LIMIT 1) FROM datastreams d ORDER BY d.id LIMIT 1000";

    private const string Hours = "SELECT start, sum / count FROM rollups WHERE datastream_id = @id AND step = 60 AND start >= 1782864000000000 AND start < 1785456000000000 ORDER BY start";

    private const string Near = "SELECT id, name, location FROM locations WHERE min_lon <= 126.85 + (@id % 50) * 0.005 + 0.00567 AND max_lon >= 126.85 + (@id % 50) * 0.005 - 0.00567 AND min_lat <= 37.55451 AND max_lat >= 37.54549 LIMIT 100";

    /// <summary>A count stops where the server's own does.</summary>
    private static Func<Engine, string> Counted(string where) => _ => $"SELECT count(*) FROM (SELECT 1 FROM observations {where} LIMIT 100001) AS counted";
}
