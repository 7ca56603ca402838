using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Operations;
using Madang.Places;
using Madang.Sensing;
using Madang.Web.Pages.Ask;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Datastreams;

/// <summary><c>/datastreams/{id}</c>: one Datastream, its window as a chart, its Observations one by one, and the query that read them.</summary>
internal static class ShowDatastream
{
    internal static async Task<RazorComponentResult> Handle(
        Visit visit, string id, string? span, string? from, string? to, string? after, HttpContext context,
        SensingQueries sensing, CityNow city, PlaceBook places, Sensing.SensorHealth health, SensorThingsDoor door, CancellationToken cancel)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || await sensing.FindDatastream(number, cancel) is not var (thing, about))
        {
            return MissingPage.Answer(visit);
        }

        var found = await city.FindSensor(thing.Id, cancel);
        var stream = await new Sensors.StreamReader(sensing, city).Read(found?.Sensor, about, found?.Now.AsOf, visit, span, from, to, cancel);
        var findings = await health.List(null, thing.Id, 0, Sensing.SensorHealth.MostListed, cancel);
        var sensor = new SensorView(visit, thing, found?.Sensor, found?.Now.AsOf, found?.Now.Id, await places.ListDistricts(cancel), stream) { Findings = [.. findings.Where(finding => finding.Datastream == number)] };
        var query = Query(number, stream.Window, after);
        return new RazorComponentResult<DatastreamPage>(new { View = Read(sensor, query, await door.Read(context, query.Address), after is not null) });
    }

    /// <summary>The newest first, a page at a time; within the window when the reader chose one.</summary>
    private static AskedAddress Query(long datastream, SensorWindow window, string? after)
    {
        var options = new List<(string, string)> { ("$select", "id,phenomenonTime,resultTime,result"), ("$orderby", "phenomenonTime desc"), ("$top", DatastreamView.PageSize.ToString(CultureInfo.InvariantCulture)) };
        if (window.IsChosen)
        {
            options.Insert(0, ("$filter", $"phenomenonTime ge {IsoTime.Write(window.From)} and phenomenonTime lt {IsoTime.Write(window.To)}"));
        }

        if (after is not null)
        {
            options.Add(("$skiptoken", after));
        }

        return new AskedAddress { Root = "/sta/v1.1", Path = string.Create(CultureInfo.InvariantCulture, $"Datastreams({datastream})/Observations"), Options = options };
    }

    private static DatastreamView Read(SensorView sensor, AskedAddress query, SensorThingsAnswer answer, bool isOlder)
    {
        var view = new DatastreamView(sensor, query.Readable, query.Address, query.Curl(sensor.Visit.Origin), null, null, isOlder);
        if (answer.Status != StatusCodes.Status200OK || !answer.IsWhole)
        {
            return view with { Problem = answer.IsWhole ? $"{answer.Status} {answer.Phrase}" : sensor.Language["stream.too-large"] };
        }

        using var json = JsonDocument.Parse(answer.Kept);
        var next = json.RootElement.TryGetProperty("@iot.nextLink", out var link) ? AskedAddress.Of(link.GetString()!).Find("$skiptoken") : null;
        return view with { Observations = [.. json.RootElement.GetProperty("value").EnumerateArray().Select(One)], Older = next };
    }

    /// <summary>An Observation as the door tells it.</summary>
    internal static ToldObservation One(JsonElement told)
    {
        var times = (told.GetProperty("phenomenonTime").GetString() ?? "").Split('/');
        return new ToldObservation(told.GetProperty("@iot.id").GetInt64(), Time(times[0])!.Value, times.Length > 1 ? Time(times[1]) : null, Time(told.GetProperty("resultTime").GetString()), told.GetProperty("result").Clone());
    }

    private static DateTimeOffset? Time(string? text) => IsoTime.TryParse(text, out var at) ? at : null;
}
