using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class ChangeTests
{
    [Theory, BothEngines]
    public async Task Patch_changes_what_is_given_and_put_replaces_all(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var thing = await sta.Create("Things", Sta.Thing());

        var patched = await sta.Patch($"Things({thing})", """{ "description": "고침" }""");
        Assert.Equal("종로 1", (string)patched["name"]!);
        Assert.Equal("고침", (string)patched["description"]!);
        Assert.NotNull(patched["properties"]);

        var put = (await sta.Put($"Things({thing})", """{ "name": "새 이름", "description": "d" }""")).AsObject();
        Assert.Equal("새 이름", (string)put["name"]!);
        Assert.False(put.ContainsKey("properties"));
        Assert.Equal("description", (string)(await sta.Put($"Things({thing})", """{ "name": "새 이름" }""", HttpStatusCode.BadRequest))["field"]!);
        await sta.Patch("Things(999)", "{}", HttpStatusCode.NotFound);
    }

    [Theory, BothEngines]
    public async Task What_was_read_can_be_sent_back(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1));

        foreach (var path in new[] { "Things(1)", "Locations(1)", $"Datastreams({datastream})", "Sensors(1)", "ObservedProperties(1)", "Observations(1)", "FeaturesOfInterest(1)" })
        {
            var read = await sta.Get(path);
            Assert.Equal(read.ToJsonString(), (await sta.Put(path, read.ToJsonString())).ToJsonString());
            await sta.Patch(path, """{ "@iot.id": 4711 }""", HttpStatusCode.BadRequest);
        }
    }

    [Theory, BothEngines]
    public async Task Relations_are_changed_by_reference(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var one = await sta.CreateDatastream("하나");
        var two = await sta.CreateDatastream("둘");
        var thing = (long)(await sta.Get($"Datastreams({two})/Thing"))["@iot.id"]!;

        await sta.Patch($"Datastreams({one})", $$"""{ "Thing": { "@iot.id": {{thing}} } }""");

        Assert.Equal("둘", (string)(await sta.Get($"Datastreams({one})/Thing"))["name"]!);
        Assert.Equal("Thing", (string)(await sta.Patch($"Datastreams({one})", """{ "Thing": { "@iot.id": 999 } }""", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_thing_takes_its_datastreams_and_observations_along_and_nothing_else(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var gone = await sta.CreateDatastream("가는 것");
        var stays = await sta.CreateDatastream("남는 것");
        await sta.Observe(gone, (0, 1));
        await sta.Observe(stays, (0, 1));
        var thing = (long)(await sta.Get($"Datastreams({gone})/Thing"))["@iot.id"]!;

        await sta.Delete($"Things({thing})");

        Assert.Equal(["남는 것"], await sta.Names("Things"));
        foreach (var (set, left) in new[] { ("Datastreams", 1), ("Observations", 1), ("HistoricalLocations", 1), ("Locations", 2), ("Sensors", 2), ("ObservedProperties", 2), ("FeaturesOfInterest", 2) })
        {
            Assert.True(left == (int)(await sta.Get(set + "?$count=true"))["@iot.count"]!, set);
        }

        await sta.Delete($"Things({thing})", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Sensors", "Sensor")]
    [InlineData("ObservedProperties", "ObservedProperty")]
    public async Task What_a_datastream_needs_takes_it_along(string set, string relation)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            await using var sta = await Sta.Start(engine);
            var datastream = await sta.CreateDatastream();
            await sta.Observe(datastream, (0, 1));

            await sta.Delete($"{set}({(long)(await sta.Get($"Datastreams({datastream})/{relation}"))["@iot.id"]!})");

            Assert.Empty((await sta.Get("Datastreams"))["value"]!.AsArray());
            Assert.Empty((await sta.Get("Observations"))["value"]!.AsArray());
            Assert.Single((await sta.Get("Things"))["value"]!.AsArray());
        }
    }

    [Theory, BothEngines]
    public async Task A_location_takes_its_history_along_and_a_feature_its_observations(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1), (70, 2));
        var location = (await sta.Names("Locations", "@iot.id"))[0];
        var feature = (await sta.Names("FeaturesOfInterest", "@iot.id"))[0];

        await sta.Delete($"Locations({location})");
        Assert.Empty((await sta.Get("HistoricalLocations"))["value"]!.AsArray());
        Assert.Equal(2, (await sta.Get($"FeaturesOfInterest({feature})/Observations"))["value"]!.AsArray().Count);

        await sta.Delete($"FeaturesOfInterest({feature})");
        Assert.Empty((await sta.Get("Observations"))["value"]!.AsArray());
        Assert.Null((await sta.Get($"Datastreams({datastream})"))["phenomenonTime"]);
        Assert.Empty((await sta.Get($"/api/series/{datastream}?from=2026-07-18T00:00:00Z&to=2026-07-20T00:00:00Z"))["points"]!.AsArray());
    }

    [Theory, BothEngines]
    public async Task A_link_is_not_deleted_with_what_it_leads_to_and_a_reference_is_not_written(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 1));
        var observation = (long)(await sta.Get($"Datastreams({datastream})/Observations"))["value"]![0]!["@iot.id"]!;
        var thing = (long)(await sta.Get($"Datastreams({datastream})/Thing"))["@iot.id"]!;

        await sta.Delete($"Observations({observation})/Datastream", HttpStatusCode.MethodNotAllowed);
        await sta.Delete($"Datastreams({datastream})/Thing", HttpStatusCode.MethodNotAllowed);
        await sta.Delete($"Things({thing})/Datastreams({datastream})/$ref", HttpStatusCode.NotImplemented);
        await sta.Delete($"Things({thing})/$ref", HttpStatusCode.NotImplemented);
        Assert.Equal("path", (string)(await sta.Post("Things/$ref", """{ "name": "n", "description": "d" }""", HttpStatusCode.NotImplemented))["field"]!);
        await sta.Post($"Datastreams({datastream})/Observations/$ref", """{ "result": 1 }""", HttpStatusCode.NotImplemented);
        await sta.Patch($"Things({thing})/$ref", """{ "name": "m" }""", HttpStatusCode.NotImplemented);
        await sta.Put($"Datastreams({datastream})/Thing/$ref", $$"""{ "@iot.id": {{thing}} }""", HttpStatusCode.NotImplemented);

        Assert.Single((await sta.Get($"Things({thing})/Datastreams({datastream})/Observations"))["value"]!.AsArray());
        await sta.Delete($"Things({thing})/Datastreams({datastream})");
    }

    [Fact]
    public async Task Any_top_is_cut_where_a_page_ends_and_no_skip_reads_everything()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.CreateDatastream();

        Assert.Single((await sta.Get("Things?$top=2000000000"))["value"]!.AsArray());
        Assert.Equal("$skip", (string)(await sta.Get("Things?$skip=250001", HttpStatusCode.BadRequest))["field"]!);
        Assert.Empty((await sta.Get("Things?$skip=250000"))["value"]!.AsArray());
    }
}
