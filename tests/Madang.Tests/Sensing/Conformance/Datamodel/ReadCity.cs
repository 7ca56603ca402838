using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Storage;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

/// <summary>A city of each engine with one entity of every set, number 1, each with all of its properties.</summary>
internal static class ReadCity
{
    public static async Task Prepare(Sta sta)
    {
        await sta.Post("Datastreams(1)/Observations", """
            { "phenomenonTime": "2026-07-19T00:00:00Z/2026-07-19T01:00:00Z", "resultTime": "2026-07-19T01:00:01Z", "result": 12.5, "resultQuality": { "code": "good" },
              "validTime": "2026-07-19T00:00:00Z/2026-07-20T00:00:00Z", "parameters": { "height": 3 } }
            """);
        foreach (var path in new[] { "Locations(1)", "Sensors(1)", "ObservedProperties(1)", "Datastreams(1)", "FeaturesOfInterest(1)" })
        {
            await sta.Patch(path, """{ "properties": { "owner": "시" } }""");
        }
    }

    /// <summary>Each property is there with its kind of JSON; a name with a question mark may be absent.</summary>
    public static async Task HasProperties(SharedSta shared, string set, params (string Name, JsonValueKind Kind)[] properties)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine, Prepare);
            var entity = (await sta.Get($"{set}(1)")).AsObject();
            foreach (var (name, kind) in properties)
            {
                Assert.True(entity.ContainsKey(name), $"{set} has no {name} on {engine}");
                Assert.Equal(kind, entity[name]!.GetValueKind());
                var alone = await sta.Get($"{set}(1)/{name}");
                Assert.Equal(entity[name]!.ToJsonString(), alone[name]!.ToJsonString());
                Assert.Equal([name], (await sta.Get($"{set}(1)?$select={name}")).AsObject().Select(member => member.Key));
            }

            await sta.Get($"{set}(1)/nothing", HttpStatusCode.NotFound);
        }
    }

    /// <summary>Each relation has its link and leads to one entity or to a collection, both there and in <c>$expand</c>.</summary>
    public static async Task HasRelations(SharedSta shared, string set, params (string Name, bool Many)[] relations)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine, Prepare);
            var entity = await sta.Get($"{set}(1)");
            foreach (var (name, many) in relations)
            {
                var link = (string)entity[name + "@iot.navigationLink"]!;
                Assert.EndsWith($"/sta/v1.1/{set}(1)/{name}", link, StringComparison.Ordinal);
                var behind = await sta.Get(link);
                var expanded = (await sta.Get($"{set}(1)?$expand={name}"))[name]!;
                Assert.Equal(1, (int)(many ? behind["value"]![0]! : behind)["@iot.id"]!);
                Assert.Equal(many, expanded is JsonArray);
                Assert.Equal(1, (int)(many ? expanded[0]! : expanded)["@iot.id"]!);
            }
        }
    }
}
