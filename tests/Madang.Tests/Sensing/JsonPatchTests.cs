using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

public sealed class JsonPatchTests
{
    private const string Type = "application/json-patch+json";

    /// <summary>The worked examples of RFC 6902, appendix A, as facts: document, patch, result; null for one that is an error.</summary>
    public static TheoryData<string, string, string?> Examples => new()
    {
        { """{ "foo": "bar" }""", """[{ "op": "add", "path": "/baz", "value": "qux" }]""", """{ "foo": "bar", "baz": "qux" }""" },
        { """{ "foo": [ "bar", "baz" ] }""", """[{ "op": "add", "path": "/foo/1", "value": "qux" }]""", """{ "foo": [ "bar", "qux", "baz" ] }""" },
        { """{ "baz": "qux", "foo": "bar" }""", """[{ "op": "remove", "path": "/baz" }]""", """{ "foo": "bar" }""" },
        { """{ "foo": [ "bar", "qux", "baz" ] }""", """[{ "op": "remove", "path": "/foo/1" }]""", """{ "foo": [ "bar", "baz" ] }""" },
        { """{ "baz": "qux", "foo": "bar" }""", """[{ "op": "replace", "path": "/baz", "value": "boo" }]""", """{ "baz": "boo", "foo": "bar" }""" },
        { """{ "foo": { "bar": "baz", "waldo": "fred" }, "qux": { "corge": "grault" } }""", """[{ "op": "move", "from": "/foo/waldo", "path": "/qux/thud" }]""", """{ "foo": { "bar": "baz" }, "qux": { "corge": "grault", "thud": "fred" } }""" },
        { """{ "foo": [ "all", "grass", "cows", "eat" ] }""", """[{ "op": "move", "from": "/foo/1", "path": "/foo/3" }]""", """{ "foo": [ "all", "cows", "eat", "grass" ] }""" },
        { """{ "baz": "qux", "foo": [ "a", 2, "c" ] }""", """[{ "op": "test", "path": "/baz", "value": "qux" }, { "op": "test", "path": "/foo/1", "value": 2 }]""", """{ "baz": "qux", "foo": [ "a", 2, "c" ] }""" },
        { """{ "baz": "qux" }""", """[{ "op": "test", "path": "/baz", "value": "bar" }]""", null },
        { """{ "foo": "bar" }""", """[{ "op": "add", "path": "/child", "value": { "grandchild": {} } }]""", """{ "foo": "bar", "child": { "grandchild": {} } }""" },
        { """{ "foo": "bar" }""", """[{ "op": "add", "path": "/baz", "value": "qux", "xyz": 123 }]""", """{ "foo": "bar", "baz": "qux" }""" },
        { """{ "foo": "bar" }""", """[{ "op": "add", "path": "/baz/bat", "value": "qux" }]""", null },
        { """{ "/": 9, "~1": 10 }""", """[{ "op": "test", "path": "/~01", "value": 10 }]""", """{ "/": 9, "~1": 10 }""" },
        { """{ "/": 9, "~1": 10 }""", """[{ "op": "test", "path": "/~01", "value": "10" }]""", null },
        { """{ "foo": [ "bar" ] }""", """[{ "op": "add", "path": "/foo/-", "value": [ "abc", "def" ] }]""", """{ "foo": [ "bar", [ "abc", "def" ] ] }""" },
        { """{ "foo": 1 }""", """[{ "op": "copy", "from": "/foo", "path": "/bar" }, { "op": "replace", "path": "/foo", "value": null }]""", """{ "foo": null, "bar": 1 }""" },
        { """{ "foo": [ 1 ] }""", """[{ "op": "add", "path": "/foo/2", "value": 2 }]""", null },
        { """{ "foo": [ 1 ] }""", """[{ "op": "remove", "path": "/foo/01" }]""", null },
        { """{ "foo": { "bar": 1 } }""", """[{ "op": "move", "from": "/foo", "path": "/foo/bar" }]""", null },
        { """{ "foo": 1 }""", """[{ "op": "remove", "path": "/bar" }]""", null },
    };

    [Theory, MemberData(nameof(Examples))]
    public void Operations_do_what_the_standard_says(string document, string patch, string? result)
    {
        using var operations = JsonDocument.Parse(patch);
        JsonNode? Apply() => JsonPatch.Apply(JsonNode.Parse(document), operations.RootElement);

        if (result is not null)
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result), Apply()));
            return;
        }

        Assert.True(Record.Exception(Apply) is InvalidInputException or CityRuleException);
    }

    [Theory, BothEngines]
    public async Task An_entity_is_changed_by_operations_on_its_properties(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();

        var thing = await sta.Send(HttpMethod.Patch, "Things(1)", """
            [{ "op": "test", "path": "/name", "value": "종로 1" }, { "op": "replace", "path": "/name", "value": "종로 2" },
             { "op": "remove", "path": "/properties/owner" }, { "op": "add", "path": "/properties/list/0", "value": 0 }]
            """, HttpStatusCode.OK, type: Type);
        Assert.Equal("종로 2", (string)thing["name"]!);
        Assert.Equal("[0,1,2]", thing["properties"]!["list"]!.ToJsonString());
        Assert.Null(thing["properties"]!["owner"]);

        var observation = await sta.Create($"Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-19T00:00:00Z", "result": 5, "parameters": { "a": 1 } }""");
        var changed = await sta.Send(HttpMethod.Patch, $"Observations({observation})", """[{ "op": "replace", "path": "/result", "value": 6 }, { "op": "remove", "path": "/parameters" }]""", HttpStatusCode.OK, type: Type);
        Assert.Equal(6, (int)changed["result"]!);
        Assert.Equal("2026-07-19T00:00:00.000Z", (string)changed["phenomenonTime"]!);
        Assert.Null(changed["parameters"]);
    }

    [Theory, BothEngines]
    public async Task A_patch_that_cannot_be_applied_changes_nothing_and_names_the_operation(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        async Task<JsonNode> Refused(string patch, HttpStatusCode expected = HttpStatusCode.BadRequest) => await sta.Send(HttpMethod.Patch, "Things(1)", patch, expected, type: Type);

        Assert.Equal("[1].path", (string)(await Refused("""[{ "op": "replace", "path": "/name", "value": "x" }, { "op": "remove", "path": "/nothing" }]"""))["field"]!);
        Assert.Equal("name", (string)(await Refused("""[{ "op": "remove", "path": "/name" }]"""))["field"]!);
        Assert.Equal("name", (string)(await Refused("""[{ "op": "replace", "path": "/name", "value": 5 }]"""))["field"]!);
        Assert.Equal("colour", (string)(await Refused("""[{ "op": "add", "path": "/colour", "value": 5 }]"""))["field"]!);
        Assert.Equal("body", (string)(await Refused("""{ "name": "x" }"""))["field"]!);
        await Refused("""[{ "op": "test", "path": "/name", "value": "x" }]""", HttpStatusCode.Conflict);
        await sta.Send(HttpMethod.Patch, "Things(99)", "[]", HttpStatusCode.NotFound, type: Type);
        await sta.Send(HttpMethod.Post, "Things", "[]", HttpStatusCode.UnsupportedMediaType, type: Type);
        Assert.Equal("종로 1", (string)(await sta.Get("Things(1)"))["name"]!);
    }
}
