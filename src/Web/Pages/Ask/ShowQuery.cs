using System.Text.Json;
using Madang.Kernel;
using Madang.Operations;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Madang.Web.Pages.Ask;

/// <summary><c>/developers/query</c>: a query of SensorThings to write or to choose, and what the door answers to whoever looks at the page.</summary>
internal static class ShowQuery
{
    internal static async Task<IResult> Handle(Visit visit, string? q, HttpContext context, CityNow city, SensorThingsDoor door, CancellationToken cancel)
    {
        var sensors = await city.ListSensors(null, cancel);
        var view = new QueryView(visit, string.IsNullOrWhiteSpace(q) ? null : q.Trim(), QueryExamples.Of(sensors.FirstOrDefault(sensor => sensor.Find("pm25") is { At: not null }) ?? sensors.FirstOrDefault(sensor => sensor.Heard is not null)));
        return new RazorComponentResult<QueryPage>(new { View = view.Asked is null ? view : await Ask(view, context, door) });
    }

    private static async Task<QueryView> Ask(QueryView view, HttpContext context, SensorThingsDoor door)
    {
        if (view.Asked!.Length > SensorThingsDoor.LongestAddress)
        {
            return view with { Asked = view.Asked[..SensorThingsDoor.LongestAddress], Problem = new QueryProblem(view.Visit.Language.Say("ask.too-long", SensorThingsDoor.LongestAddress), null, null, []) };
        }

        var asked = AskedAddress.Of(view.Asked);
        view = view with { Asked = asked.Readable, Root = asked.Root, Address = asked.Address, Curl = asked.Curl(view.Visit.Origin) };
        try
        {
            return Show(view, asked, await door.Read(context, asked.Address));
        }
        catch (InvalidInputException wrong)
        {
            return view with { Problem = new QueryProblem(wrong.Reason, null, null, QueryHints.Of(view.Visit.Language, asked, wrong.Status, null)) };
        }
    }

    private static QueryView Show(QueryView view, AskedAddress asked, SensorThingsAnswer answer)
    {
        var isJson = answer.Type?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
        var (text, whole) = isJson ? PrettyJson.Of(answer.Kept.Span, answer.IsWhole) : PrettyJson.Plain(answer.Kept.Span, answer.IsWhole);
        view = view with { Answer = answer, Text = text, IsWhole = whole, Next = NextOf(answer, isJson) is { } next ? AskedAddress.Of(next).Readable : null };
        return answer.Status < 400 ? view : view with { Problem = Explain(view.Visit.Language, asked, answer, isJson) };
    }

    private static QueryProblem Explain(Language language, AskedAddress asked, SensorThingsAnswer answer, bool isJson)
    {
        string? detail = null, field = null, code = null;
        if (isJson && answer.IsWhole && answer.Size > 0)
        {
            using var problem = JsonDocument.Parse(answer.Kept);
            (detail, field, code) = (Find(problem, "detail"), Find(problem, "field"), Find(problem, "code"));
        }

        return new QueryProblem(detail ?? $"{answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}", field, code, QueryHints.Of(language, asked, answer.Status, code));
    }

    private static string? Find(JsonDocument problem, string name) =>
        problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Where the next page lies: in a header of CSV, near the beginning of JSON, so that it is found in a long answer too.</summary>
    private static string? NextOf(SensorThingsAnswer answer, bool isJson)
    {
        if (!isJson || answer.Size == 0)
        {
            return answer.NextInHeader;
        }

        var reader = new Utf8JsonReader(answer.Kept.Span, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 128 }));
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("@iot.nextLink") && reader.Read())
                {
                    return reader.GetString();
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }
}
