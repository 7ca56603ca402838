using System.Net;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing.Mqtt;

namespace Madang.Tests.Sensing;

/// <summary>A result is what its Datastream's observationType says (OGC 18-088, 8.2.4, table 9).</summary>
public sealed class ResultTypeTests
{
    private static readonly string[] Results = ["1.5", "-2", "3.0", "\"글\"", "true", "{\"a\":1}", "[1]", "null"];

    [Theory, BothEngines]
    public async Task Each_observation_type_takes_its_results_and_refuses_others_by_name(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        foreach (var (type, fits) in new[]
        {
            ("OM_Measurement", "1.5 -2 3.0 null"), ("OM_CountObservation", "-2 3.0 null"), ("OM_TruthObservation", "true null"), ("OM_CategoryObservation", "\"글\" null"),
            ("OM_Observation", string.Join(' ', Results)), ("OM_GeometryObservation", string.Join(' ', Results)),
        })
        {
            var datastream = await sta.Create("Things(1)/Datastreams", Sta.Datastream(type, type: type));
            foreach (var result in Results)
            {
                var good = fits.Split(' ').Contains(result);
                var answer = await sta.Post($"Datastreams({datastream})/Observations", $$"""{ "result": {{result}} }""", good ? HttpStatusCode.Created : HttpStatusCode.BadRequest);
                Assert.True(good || (string)answer["field"]! == "result", $"{type} {result}: {answer}");
            }

            var rows = string.Join(',', Results.Select(result => $"[{result}]"));
            var stored = (await sta.Post("CreateObservations", $$"""[{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["result"], "dataArray": [{{rows}}] }]""")).AsArray();
            Assert.Equal(Results.Select(fits.Split(' ').Contains), stored.Select(each => (string)each! != "error"));
        }
    }

    [Theory, BothEngines]
    public async Task So_do_changes_deep_inserts_and_the_values_of_a_MultiDatastream(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var datastream = await sta.Create("Things(1)/Datastreams", Sta.Datastream(type: "OM_Measurement"));
        var observation = await sta.Create($"Datastreams({datastream})/Observations", """{ "result": 1 }""");
        Assert.Equal("result", (string)(await sta.Patch($"Observations({observation})", """{ "result": "x" }""", HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("result", (string)(await sta.Put($"Observations({observation})", """{ "result": true }""", HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("Observations[0].result", (string)(await sta.Post("Things(1)/Datastreams", Sta.Datastream(type: "OM_Measurement", more: """, "Observations": [{ "result": "x" }]"""), HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("1", (await sta.Get($"Observations({observation})"))["result"]!.ToJsonString());

        var multi = await sta.Create("Things(1)/MultiDatastreams", MultiDatastreamTests.Wind.Replace("\"OM_Measurement\", \"OM_Measurement\"", "\"http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement\", \"OM_CountObservation\"", StringComparison.Ordinal));
        foreach (var (result, field) in new[] { ("[1.5, 2]", null), ("[null, null]", null), ("[1e400, 2]", "result"), ("[\"x\", 2]", "result[0]"), ("[1, 2.5]", "result[1]"), ("[1, {}]", "result[1]"), ("[1, true]", "result[1]"), ("[1]", "result") })
        {
            var answer = await sta.Post($"MultiDatastreams({multi})/Observations", $$"""{ "result": {{result}} }""", field is null ? HttpStatusCode.Created : HttpStatusCode.BadRequest);
            Assert.Equal((result, field), (result, (string?)answer["field"]));
        }
    }

    [Theory, BothEngines]
    public async Task And_what_is_published(Engine engine)
    {
        await using var sta = await MqttCity.Start(engine);
        var datastream = await sta.Create("Things(1)/Datastreams", Sta.Datastream(type: "OM_Measurement"));
        await using var client = await MqttClient.Connect(sta.City);

        var refused = await client.Publish($"v1.1/Datastreams({datastream})/Observations", """{"result": "x"}""");
        Assert.Equal(Reason.PayloadFormatInvalid, refused.Reason);
        Assert.Contains("OM_Measurement", refused.Text, StringComparison.Ordinal);
        Assert.Equal(Reason.Success, (await client.Publish($"v1.1/Datastreams({datastream})/Observations", """{"result": 1}""")).Reason);
    }
}
