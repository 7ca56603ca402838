using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

[Requirement(Requirements.Sensing + "create-update-delete/create-entity")]
public sealed class CreateEntity
{
    [Theory, BothEngines]
    public async Task Every_kind_of_entity_is_created_in_its_set_with_201_and_its_address(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        foreach (var (set, body) in Bodies.One)
        {
            var made = await sta.City.Client.PostAsync($"/sta/v1.1/{set}", Bodies.Json(body), TestContext.Current.CancellationToken);
            var text = await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(made.StatusCode == HttpStatusCode.Created, $"{set}: {text}");
            var entity = JsonNode.Parse(text)!;
            Assert.EndsWith($"/{set}({entity["@iot.id"]})", made.Headers.Location!.ToString(), StringComparison.Ordinal);
            Assert.Equal((string)entity["@iot.selfLink"]!, made.Headers.Location.ToString());
            await sta.Get($"{set}({entity["@iot.id"]})");
        }
    }

    [Theory, BothEngines]
    public async Task An_entity_without_what_it_must_have_is_refused_by_name(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        await sta.Create("FeaturesOfInterest", Bodies.One.First(one => one.Set == "FeaturesOfInterest").Body);
        foreach (var (set, body) in Bodies.One)
        {
            foreach (var member in JsonNode.Parse(body)!.AsObject().Select(member => member.Key).Except(Bodies.Optional).ToList())
            {
                var less = JsonNode.Parse(body)!.AsObject();
                less.Remove(member);
                var problem = await sta.Post(set, less.ToJsonString(), HttpStatusCode.BadRequest);
                Assert.True(member == (string)problem["field"]!, $"{set} without {member}: {problem}");
            }
        }
    }

    [Theory, BothEngines]
    public async Task A_thing_without_a_place_is_told_why_its_observations_need_one(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Create("Things", """{ "name": "무소", "description": "자리 없음" }""");
        var datastream = await sta.Create("Things(1)/Datastreams", Sta.Datastream());
        var problem = await sta.Post($"Datastreams({datastream})/Observations", """{ "result": 1 }""", HttpStatusCode.BadRequest);
        Assert.Equal("FeatureOfInterest", (string)problem["field"]!);
        Assert.Contains("no Location", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task An_observation_without_a_feature_gets_one_from_where_its_thing_is(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        var observation = await sta.Create($"Datastreams({datastream})/Observations", """{ "result": 1 }""");
        var feature = await sta.Get($"Observations({observation})/FeatureOfInterest");
        Assert.Equal("Point", (string)feature["feature"]!["type"]!);
        Assert.Equal(126.977, (double)feature["feature"]!["coordinates"]![0]!);
    }
}
