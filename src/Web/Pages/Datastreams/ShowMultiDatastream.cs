using System.Globalization;
using System.Text.Json;
using Madang.Sensing;
using Madang.Web.Pages.Ask;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Datastreams;

/// <summary><c>/multi-datastreams/{id}</c>: one MultiDatastream (OGC 18-088, clause 12), a chart for each place of its results, its Observations, and the query that read them. It is read through the door of SensorThings, with the reader's own rights.</summary>
internal static class ShowMultiDatastream
{
    private const string Root = "/sta/v1.1";

    internal static async Task<RazorComponentResult> Handle(Visit visit, string id, string? after, HttpContext context, SensorThingsDoor door, CancellationToken cancel)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return MissingPage.Answer(visit);
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"MultiDatastreams({number})");
        using var about = Json(await door.Read(context, new AskedAddress { Root = Root, Path = path, Options = [("$expand", "Thing($select=id,name),Sensor($select=name),ObservedProperties($select=name,properties)")] }.Address));
        if (about is null)
        {
            return MissingPage.Answer(visit);
        }

        List<(string, string)> options = [("$select", "id,phenomenonTime,resultTime,result"), ("$orderby", "phenomenonTime desc"), ("$top", MultiDatastreamView.PageSize.ToString(CultureInfo.InvariantCulture))];
        var query = new AskedAddress { Root = Root, Path = path + "/Observations", Options = after is null ? options : [.. options, ("$skiptoken", after)] };
        using var told = Json(await door.Read(context, query.Address));
        var (root, thing) = (about.RootElement, about.RootElement.GetProperty("Thing"));
        return new RazorComponentResult<MultiDatastreamPage>(new
        {
            View = new MultiDatastreamView(
                visit, number, Text(root, "name"), Text(root, "description"), (thing.GetProperty("@iot.id").GetInt64(), Text(thing, "name")), Text(root.GetProperty("Sensor"), "name"), [.. Parts(root)],
                told is null ? [] : [.. told.RootElement.GetProperty("value").EnumerateArray().Select(ShowDatastream.One)])
            {
                Query = query.Readable, Address = query.Address, Curl = query.Curl(visit.Origin), IsOlder = after is not null,
                Older = told is not null && told.RootElement.TryGetProperty("@iot.nextLink", out var next) ? AskedAddress.Of(next.GetString()!).Find("$skiptoken") : null,
            },
        });
    }

    /// <summary>The MultiDatastreams of a Thing, by id and name; at most a hundred.</summary>
    internal static async Task<IReadOnlyList<(long Id, string Name)>> ListOf(long thing, HttpContext context, SensorThingsDoor door)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"Things({thing})/MultiDatastreams");
        using var found = Json(await door.Read(context, new AskedAddress { Root = Root, Path = path, Options = [("$select", "id,name"), ("$top", "100")] }.Address));
        return found is null ? [] : [.. found.RootElement.GetProperty("value").EnumerateArray().Select(each => (each.GetProperty("@iot.id").GetInt64(), Text(each, "name")))];
    }

    private static JsonDocument? Json(SensorThingsAnswer answer) => answer is { Status: StatusCodes.Status200OK, IsWhole: true } ? JsonDocument.Parse(answer.Kept) : null;

    private static IEnumerable<MultiPart> Parts(JsonElement root) => root.GetProperty("ObservedProperties").EnumerateArray().Zip(
        root.GetProperty("unitOfMeasurements").EnumerateArray(),
        (property, unit) => new MultiPart(
            Text(property, "name"), property.TryGetProperty("properties", out var own) && own.ValueKind == JsonValueKind.Object ? Text(own, "measure") : "", unit.ValueKind == JsonValueKind.Object ? Text(unit, "symbol") : ""));

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
