using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;

namespace Madang.Tests.Sensing.Query;

/// <summary>Whatever is asked, SQLite and PostgreSQL answer the same, page by page; and nothing that is asked is a bug of the server.</summary>
public sealed class BothEnginesAgreeTests(SharedSta shared) : IClassFixture<SharedSta>
{
    private const int Asked = 250;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Random_filters_and_orders_give_the_same(int seed)
    {
        var (sqlite, postgres) = (await shared.Get(Engine.Sqlite, Prepare), await shared.Get(Engine.Postgres, Prepare));
        var questions = new Questions(seed);
        for (var index = 0; index < Asked; index++)
        {
            var question = index % 4 == 0 ? $"Observations?$select=id&$top=11&$orderby={questions.Key()}{(index % 8 == 0 ? " desc" : "")}" : $"Observations?$select=id&$top=200&$count=true&$orderby=id&$filter={questions.Condition(2)}";
            var (one, other) = (await Ask(sqlite, question), await Ask(postgres, question));

            // Texts are ordered as each database orders text; what comes is the same.
            Assert.True(one.Status == other.Status && (one.Text == other.Text || (index % 4 == 0 && one.Ids.Order().SequenceEqual(other.Ids.Order()))), $"{question}\n{one.Text}\n{other.Text}");
            Assert.True(one.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{question}: {one.Text}");
            Assert.True(one.Status != HttpStatusCode.OK || index % 4 != 0 || one.Ids.Distinct().Count() == 60, $"{question}: {one.Ids.Count} of 60");
        }
    }

    private static async Task<(HttpStatusCode Status, string Text, List<string> Ids)> Ask(Sta sta, string question)
    {
        var ids = new List<string>();
        var count = "";
        for (string? next = Sta.Address(question); next is not null;)
        {
            using var answer = await sta.City.Client.GetAsync(next, TestContext.Current.CancellationToken);
            var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return (answer.StatusCode, answer.StatusCode == HttpStatusCode.BadRequest ? "" : page.ToJsonString(), []);
            }

            ids.AddRange(page["value"]!.AsArray().Select(one => one!["@iot.id"]!.ToString()));
            count = page["@iot.count"]?.ToString() ?? count;
            next = (string?)page["@iot.nextLink"];
            Assert.True(ids.Count <= 60, question);
        }

        return (HttpStatusCode.OK, $"{count}: {string.Join(',', ids)}", ids);
    }

    /// <summary>Sixty Observations of every kind in six Datastreams of three Things at a point, a line and an area.</summary>
    private static async Task Prepare(Sta sta)
    {
        string[] shapes =
        [
            """{ "type": "Point", "coordinates": [127, 37.5] }""", """{ "type": "LineString", "coordinates": [[126.9, 37.4], [127.1, 37.6]] }""",
            """{ "type": "Polygon", "coordinates": [[[126.95, 37.45], [127.05, 37.45], [127.05, 37.55], [126.95, 37.55], [126.95, 37.45]]] }""",
        ];
        foreach (var (index, shape) in shapes.Index())
        {
            await sta.Create("Things", $$"""
                { "name": "곳 {{index}}", "description": "d", "properties": { "n": {{index}}, "o": { "x": {{(index == 1 ? "null" : "\"예\"")}} } },
                  "Locations": [{ "name": "l{{index}}", "description": "d", "encodingType": "application/geo+json", "location": {{shape}} }],
                  "Datastreams": [{{Sta.Datastream($"a{index}")}}, {{Sta.Datastream($"b{index}")}}] }
                """);
        }

        string[] results = ["{0}", "{0}.25", "-{0}", "\"글{0}\"", "true", "false", "null", "[1, {0}]", "0", "1e10", "\"it's\""];
        for (var index = 0; index < 60; index++)
        {
            var at = Sta.At(index * 17);
            var until = index % 3 == 0 ? "/" + Sta.At((index * 17) + (index % 5 * 60) + 1) : "";
            var more = (index % 4 == 0 ? $", \"resultTime\": \"{at}\"" : "") + (index % 5 == 0 ? $", \"validTime\": \"{at}/{Sta.At((index * 17) + 150)}\"" : "")
                + (index % 6 == 0 ? $", \"parameters\": {{ \"p\": {(index % 12 == 0 ? "1" : "\"x\"")}, \"l\": [{index}] }}" : "");
            var result = string.Format(CultureInfo.InvariantCulture, results[index % results.Length], index);
            await sta.Post($"Datastreams({2 + (index % 6)})/Observations", $$"""{ "phenomenonTime": "{{at}}{{until}}", "result": {{result}}{{more}} }""");
        }
    }
}
