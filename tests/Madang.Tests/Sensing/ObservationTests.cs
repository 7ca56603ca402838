using System.Net;
using Madang.Sensing.Ingest;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class ObservationTests
{
    [Theory, BothEngines]
    public async Task Results_of_every_kind_come_back_as_they_went_in(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        string[] results = ["38", "38.5", "1.0", "-0", "-0.0", "1e3", "12345678901234567890", "0.1", "\"비 \\\"많음\\\"\"", "\"\"", "true", "false", "null", "{\"a\": [1, {\"b\": null}], \"한\": 1.50}", "[]"];

        foreach (var result in results)
        {
            var id = await sta.Create($"Datastreams({datastream})/Observations", $$"""{ "result": {{result}}, "parameters": { "x": 1.0 }, "resultQuality": "good" }""");
            var text = await sta.City.Client.GetStringAsync($"/sta/v1.1/Observations({id})?$select=result,parameters,resultQuality", TestContext.Current.CancellationToken);

            Assert.Equal("{\"result\":" + result + ",\"resultQuality\":\"good\",\"parameters\":{ \"x\": 1.0 }}", text);
        }
    }

    [Theory, BothEngines]
    public async Task Times_of_every_kind_are_kept_and_a_missing_phenomenon_time_is_now(Engine engine)
    {
        var clock = new TestClock();
        await using var sta = await Sta.Start(engine, clock: clock);
        var datastream = await sta.CreateDatastream();

        await sta.Post($"Datastreams({datastream})/Observations", """
            { "phenomenonTime": "2026-07-19T00:00:00+09:00/2026-07-20T00:00:00+09:00", "resultTime": "2026-07-20T00:01:00.123456+09:00", "validTime": "2026-07-20T00:00:00Z/2026-07-21T00:00:00Z", "result": 1 }
            """);
        await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 2 }""");

        var page = (await sta.Get($"Datastreams({datastream})/Observations?$orderby=id"))["value"]!;
        Assert.Equal("2026-07-18T15:00:00.000Z/2026-07-19T15:00:00.000Z", (string)page[0]!["phenomenonTime"]!);
        Assert.Equal("2026-07-19T15:01:00.123456Z", (string)page[0]!["resultTime"]!);
        Assert.Equal("2026-07-20T00:00:00.000Z/2026-07-21T00:00:00.000Z", (string)page[0]!["validTime"]!);
        Assert.Equal(Madang.Kernel.IsoTime.Write(Madang.Kernel.IsoTime.FromMicros(Madang.Kernel.IsoTime.ToMicros(clock.GetUtcNow()))), (string)page[1]!["phenomenonTime"]!);
        Assert.True(page[1]!.AsObject().ContainsKey("resultTime"));
        Assert.Null(page[1]!["resultTime"]);
    }

    [Theory, BothEngines]
    public async Task A_bad_item_of_a_data_array_answers_error_in_its_place_and_the_good_ones_are_stored(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var body = $$"""
            [{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["phenomenonTime", "result"], "dataArray@iot.count": 4,
               "dataArray": [["2026-07-19T00:00:00Z", 1], ["2026-02-30T00:00:00Z", 2], ["2026-07-19T00:02:00Z"], ["2026-07-19T00:04:00Z", "넷"]] },
             { "Datastream": { "@iot.id": 4711 }, "components": ["result"], "dataArray": [[5]] }]
            """;

        var answers = (await sta.Post("CreateObservations", body)).AsArray().Select(answer => (string)answer!).ToArray();

        Assert.Equal([false, true, true, false, true], answers.Select(answer => answer == "error"));
        Assert.Equal("넷", (string)(await sta.Get(answers[3]))["result"]!);
        Assert.Equal(2, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task Equal_times_are_different_observations_but_a_retry_with_its_key_is_not(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var one = """{ "phenomenonTime": "2026-07-19T00:00:00Z", "result": 1 }""";
        var many = $$"""[{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["result"], "dataArray": [[1], ["2"], [3]] }, { "Datastream": { "@iot.id": 99 }, "components": ["result"], "dataArray": [[1]] }]""";

        await sta.Post($"Datastreams({datastream})/Observations", one);
        await sta.Post($"Datastreams({datastream})/Observations", one);
        var first = await sta.Post($"Datastreams({datastream})/Observations", one, key: "k1");
        var again = await sta.Post($"Datastreams({datastream})/Observations", one, key: "k1");
        var batch = await sta.Post("CreateObservations", many, key: "k2");
        var batchAgain = await sta.Post("CreateObservations", many, key: "k2");
        var thing = await sta.Post("Things", Sta.Thing("한 번"), key: "k3");
        var thingAgain = await sta.Post("Things", Sta.Thing("한 번"), key: "k3");

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.Equal(batch.ToJsonString(), batchAgain.ToJsonString());
        Assert.Equal((long)thing["@iot.id"]!, (long)thingAgain["@iot.id"]!);
        Assert.Equal(6, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
        var problem = await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 2 }""", HttpStatusCode.UnprocessableEntity, "k1");
        Assert.Equal("idempotency-key-reused", (string)problem["code"]!);
    }

    [Theory, BothEngines]
    public async Task A_retry_for_what_has_been_deleted_since_is_told_so(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var thing = (long)(await sta.Post("Things", Sta.Thing("지울 것"), key: "k1"))["@iot.id"]!;
        var observation = (long)(await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 1 }""", key: "k2"))["@iot.id"]!;
        await sta.Delete($"Things({thing})");
        await sta.Delete($"Observations({observation})");

        var gone = await sta.Post("Things", Sta.Thing("지울 것"), HttpStatusCode.Gone, "k1");
        var unheard = await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 1 }""", HttpStatusCode.Gone, "k2");

        Assert.Equal(("created-and-deleted", $"This key created Thing {thing}, which has been deleted since."), ((string)gone["code"]!, (string)gone["detail"]!));
        Assert.Equal($"This key created Observation {observation}, which has been deleted since.", (string)unheard["detail"]!);
    }

    [Theory, BothEngines]
    public async Task Retries_at_the_same_time_store_once(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sta.Post($"Datastreams({datastream})/Observations", """{ "result": 1 }""", key: "same")));

        Assert.Single(answers.Select(answer => (long)answer["@iot.id"]!).Distinct());
        Assert.Equal(1, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task Retries_of_an_entity_at_the_same_time_make_one(Engine engine)
    {
        await using var sta = await Sta.Start(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => sta.Post("Things", Sta.Thing(), key: "same")));

        Assert.Single(answers.Select(answer => (long)answer["@iot.id"]!).Distinct());
        Assert.Equal(1, (int)(await sta.Get("Things?$count=true"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task Many_writers_at_once_are_all_stored_and_counted(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(index => sta.Post($"Datastreams({datastream})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(index)}}", "result": {{index}} }""")));

        Assert.Equal(200, (int)(await sta.Get("Observations?$count=true&$top=0"))["@iot.count"]!);
        Assert.Equal($"{Sta.At(0)[..^1]}.000Z/{Sta.At(199)[..^1]}.000Z", (string)(await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]!);
    }

    [Theory, BothEngines]
    public async Task A_datastream_knows_its_times_and_its_area_and_forgets_them_with_its_last_observation(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        Assert.Null((await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]);

        await sta.Observe(datastream, (0, 1), (10, 2), (20, 3));
        var ids = await sta.Names($"Datastreams({datastream})/Observations", "@iot.id");
        var known = await sta.Get($"Datastreams({datastream})");
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-19T00:20:00.000Z", (string)known["phenomenonTime"]!);
        Assert.Equal("Point", (string)known["observedArea"]!["type"]!);

        await sta.Delete($"Observations({ids[2]})");
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-19T00:10:00.000Z", (string)(await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]!);
        await sta.Patch($"Observations({ids[1]})", """{ "phenomenonTime": "2026-07-19T00:05:00Z" }""");
        Assert.Equal("2026-07-19T00:00:00.000Z/2026-07-19T00:05:00.000Z", (string)(await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]!);

        await sta.Delete($"Observations({ids[0]})");
        await sta.Delete($"Observations({ids[1]})");
        var empty = (await sta.Get($"Datastreams({datastream})")).AsObject();
        Assert.Null(empty["phenomenonTime"]);
        Assert.Null(empty["observedArea"]);
    }

    [Theory, BothEngines]
    public async Task A_full_queue_answers_503_with_retry_after_and_stores_nothing(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings => settings["Sensing:QueueLimit"] = "10");
        var datastream = await sta.CreateDatastream();
        var hold = new TaskCompletionSource();
        var database = sta.City.Services.GetRequiredService<IDatabase>();
        var queue = sta.City.Services.GetRequiredService<IngestQueue>();

        // On SQLite the gate is held; PostgreSQL commits beside it, so its table is locked.
        var holding = database.Write(
            async scope =>
            {
                if (engine == Engine.Postgres)
                {
                    await using var command = scope.Connection.CreateCommand();
                    command.CommandText = "LOCK TABLE datastreams IN ACCESS EXCLUSIVE MODE";
                    await command.ExecuteNonQueryAsync();
                }

                await hold.Task.WaitAsync(TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);
        var body = $$"""[{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["result"], "dataArray": [[1],[2],[3],[4],[5],[6]] }]""";
        var first = sta.Post("CreateObservations", body);
        while (!queue.IsWaiting)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using var response = await sta.City.Client.PostAsync(
            Sta.Address("CreateObservations"), new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        hold.SetResult();
        await holding;
        await first;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", response.Headers.RetryAfter!.ToString());
        Assert.Equal(6, (int)(await sta.Get("Observations?$count=true"))["@iot.count"]!);
    }
}
