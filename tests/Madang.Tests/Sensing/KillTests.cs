using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class KillTests
{
    private const int PerRequest = 50;

    public static TheoryData<Engine, bool> EnginesAndWays => new() { { Engine.Sqlite, false }, { Engine.Sqlite, true }, { Engine.Postgres, false }, { Engine.Postgres, true } };

    [Theory, MemberData(nameof(EnginesAndWays))]
    public async Task What_was_acknowledged_before_a_kill_is_there_once_and_what_was_not_is_there_whole_or_not_at_all(Engine engine, bool asChangeSet)
    {
        await using var store = await TestStore.Create(engine);
        var settings = store.Settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        var acknowledged = new ConcurrentBag<string>();
        var attempted = 0;
        string streams = "";

        for (var round = 0; round < KillRounds.Number; round++)
        {
            await using var server = RealServer.Start(settings, "serve", "--open", "--urls", "http://127.0.0.1:0");
            await server.UntilServing();
            using var client = new HttpClient { BaseAddress = server.Url };
            streams = streams.Length > 0 ? streams : await CreateDatastream(client);

            var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        var request = Interlocked.Increment(ref attempted);
                        if (asChangeSet ? await SendChangeSet(client, streams, request) : await SendArray(client, streams, request))
                        {
                            acknowledged.Add(request.ToString(CultureInfo.InvariantCulture));
                        }
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    // The server was killed: what this request became is found out below.
                }
            })).ToArray();
            while (acknowledged.Count < (round + 1) * 40)
            {
                Assert.False(writers.Any(one => one.IsCompleted), server.Output);
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            await Task.Delay(Random.Shared.Next(150), TestContext.Current.CancellationToken);
            server.Kill();
            await Task.WhenAll(writers);
        }

        await using var city = await TestCity.Start(store);
        var counts = await CountByRequest(city.Client, streams);
        Assert.All(acknowledged, request => Assert.True(counts.GetValueOrDefault(request) == PerRequest, $"request {request} was acknowledged; {counts.GetValueOrDefault(request)} of its {PerRequest} Observations are there"));
        Assert.All(counts, one => Assert.Equal(PerRequest, one.Value));

        var series = await city.Client.GetFromJsonAsync<JsonNode>($"/api/series/{streams}?from=2026-07-18T00:00:00Z&to=2026-07-20T00:00:00Z&step=1d", TestContext.Current.CancellationToken);
        Assert.Equal(counts.Values.Sum(), series!["points"]!.AsArray().Sum(point => (int)point!["count"]!));
        var (first, last) = (await Edge(city.Client, streams, "asc"), await Edge(city.Client, streams, "desc"));
        Assert.Equal($"{first}/{last}", (string?)(await city.Client.GetFromJsonAsync<JsonNode>($"/sta/v1.1/Datastreams({streams})", TestContext.Current.CancellationToken))!["phenomenonTime"]);
    }

    private static async Task<bool> SendArray(HttpClient client, string streams, int request)
    {
        var rows = string.Join(',', Enumerable.Range(0, PerRequest).Select(row => FormattableString.Invariant($"[\"{At(request, row)}\", {request}]")));
        var body = $$"""[{ "Datastream": { "@iot.id": {{streams}} }, "components": ["phenomenonTime", "result"], "dataArray": [{{rows}}] }]""";
        using var answer = await client.PostAsync("/sta/v1.1/CreateObservations", new StringContent(body, Encoding.UTF8, "application/json"));
        return answer.IsSuccessStatusCode && !(await answer.Content.ReadAsStringAsync()).Contains("error", StringComparison.Ordinal);
    }

    private static async Task<bool> SendChangeSet(HttpClient client, string streams, int request)
    {
        var parts = string.Join(',', Enumerable.Range(0, PerRequest).Select(row => FormattableString.Invariant(
            $$"""{"id": "{{row}}", "atomicityGroup": "g", "method": "post", "url": "Datastreams({{streams}})/Observations", "body": {"phenomenonTime": "{{At(request, row)}}", "result": {{request}} } }""")));
        using var answer = await client.PostAsync("/sta/v1.1/$batch", new StringContent($$"""{"requests": [{{parts}}]}""", Encoding.UTF8, "application/json"));
        return answer.IsSuccessStatusCode && JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["responses"]!.AsArray().All(part => (int)part!["status"]! == 201);
    }

    /// <summary>Times of one day, other ones for each request.</summary>
    private static string At(int request, int row) => Sta.At(row + (request % 600));

    /// <summary>When the first or the last Observation was, as a recount finds it.</summary>
    private static async Task<string> Edge(HttpClient client, string datastream, string order)
    {
        var page = await client.GetFromJsonAsync<JsonNode>($"/sta/v1.1/Datastreams({datastream})/Observations?$orderby=phenomenonTime {order}&$top=1&$select=phenomenonTime", TestContext.Current.CancellationToken);
        return (string)page!["value"]![0]!["phenomenonTime"]!;
    }

    private static async Task<string> CreateDatastream(HttpClient client)
    {
        using var answer = await client.PostAsync("/sta/v1.1/Things", new StringContent(Sta.Thing(), Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        var page = await client.GetFromJsonAsync<JsonNode>("/sta/v1.1/Datastreams");
        return page!["value"]![0]!["@iot.id"]!.ToString();
    }

    private static async Task<Dictionary<string, int>> CountByRequest(HttpClient client, string datastream)
    {
        var counts = new Dictionary<string, int>();
        for (var next = $"/sta/v1.1/Datastreams({datastream})/Observations?$select=result&$top=10000"; next is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonNode>(next);
            foreach (var observation in page!["value"]!.AsArray())
            {
                var request = observation!["result"]!.ToString();
                counts[request] = counts.GetValueOrDefault(request) + 1;
            }

            next = (string?)page["@iot.nextLink"];
        }

        return counts;
    }
}
