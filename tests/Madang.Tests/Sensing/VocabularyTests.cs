using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

/// <summary>The words that the standard lists for types, encodings and units, and what may become of them later.</summary>
public sealed class VocabularyTests(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("Datastreams(1)", """{ "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurment" }""", "observationType")]
    [InlineData("Datastreams(1)", """{ "observationType": "measurement" }""", "observationType")]
    [InlineData("Datastreams(1)", """{ "unitOfMeasurement": { "name": "n", "symbol": 5, "definition": null } }""", "unitOfMeasurement.symbol")]
    [InlineData("Datastreams(1)", """{ "phenomenonTime": "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z" }""", "phenomenonTime")]
    [InlineData("Sensors(1)", """{ "encodingType": "pdf" }""", "encodingType")]
    [InlineData("Locations(1)", """{ "encodingType": "application/GeoJSON", "location": { "type": "Point", "coordinates": [127, 37] } }""", "encodingType")]
    [InlineData("Locations(1)", """{ "encodingType": "application/geojson; charset=utf-8", "location": { "type": "Point", "coordinates": [127, 37] } }""", "encodingType")]
    public async Task What_is_almost_a_word_of_the_standard_is_refused_and_named(string address, string body, string field)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var problem = await (await shared.Get(engine)).Patch(address, body, HttpStatusCode.BadRequest);

            Assert.Equal(field, (string)problem["field"]!);
        }
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\n \"name\": x }", "line 2, byte 10 there is 'x'")]
    [InlineData("{ \"name\": \"등\", ", "ends at line 1")]
    [InlineData("{ \"name\": 1, \"name\": 2 }", "'name' twice")]
    public async Task A_body_that_is_no_json_is_told_where_it_breaks(string body, string reason)
    {
        var problem = await (await shared.Get(Engine.Sqlite)).Post("Things", body, HttpStatusCode.BadRequest);

        Assert.Contains(reason, (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_nests_without_end_is_told_so()
    {
        var problem = await (await shared.Get(Engine.Sqlite)).Post("Things", $$"""{ "name": "n", "description": "d", "properties": {{string.Concat(Enumerable.Repeat("[", 300))}}""", HttpStatusCode.BadRequest);

        Assert.Contains("nested deeper than", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_unit_has_its_three_members_and_whatever_else_it_says(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        var unit = (await sta.Patch("Datastreams(1)", """{ "unitOfMeasurement": { "symbol": "㎡", "ucum": "m2" } }"""))["unitOfMeasurement"]!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "symbol": "㎡", "ucum": "m2", "name": null, "definition": null }"""), unit));
    }

    [Theory, BothEngines]
    public async Task The_type_of_a_datastream_with_observations_only_becomes_one_that_they_fit(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var address = FormattableString.Invariant($"Things({await sta.Create("Things", Sta.Thing())})/Datastreams");
        var datastream = await sta.Create(address, Sta.Datastream("count", type: "OM_CountObservation"));
        static string Type(string type) => $$"""{ "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/{{type}}" }""";
        await sta.Patch($"Datastreams({datastream})", Type("OM_TruthObservation"));
        await sta.Patch($"Datastreams({datastream})", Type("OM_CountObservation"));
        await sta.Observe(datastream, (0, 1));

        await sta.Patch($"Datastreams({datastream})", Type("OM_TruthObservation"), HttpStatusCode.Conflict);
        await sta.Patch($"Datastreams({datastream})", Type("OM_Measurement"));
        await sta.Patch($"Datastreams({datastream})", Type("OM_CountObservation"), HttpStatusCode.Conflict);
        await sta.Patch($"Datastreams({datastream})", Type("OM_Observation"));
        await sta.Patch($"Datastreams({datastream})", """{ "observationType": "https://example.org/types/wind-rose" }""");
    }

    [Theory, BothEngines]
    public async Task Who_sends_back_what_it_got_changes_what_it_changed(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        await sta.Observe(1, (0, 1), (5, 2));
        var datastream = (await sta.Get("Datastreams(1)")).AsObject();
        datastream["name"] = "다른 이름";

        Assert.Equal("다른 이름", (string)(await sta.Put("Datastreams(1)", datastream.ToJsonString()))["name"]!);
        Assert.Equal("다른 이름", (string)(await sta.Patch("Datastreams(1)", datastream.ToJsonString()))["name"]!);
    }

    [Theory, BothEngines]
    public async Task Keys_that_are_no_names_are_asked_in_quotes(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Create("Things", """{ "name": "가", "description": "d", "properties": { "lamp-id": "L-1", "높이 (m)": 5, "a": { "b.c": [1, 2] }, "it's": true } }""");
        await sta.Create("Things", """{ "name": "나", "description": "d", "properties": { "lamp-id": "L-2", "높이 (m)": 7 } }""");

        Assert.Equal(["가"], await sta.Names("Things?$filter=properties/'lamp-id' eq 'L-1'"));
        Assert.Equal(["나"], await sta.Names("Things?$filter=properties/'높이 (m)' gt 6"));
        Assert.Equal(["가"], await sta.Names("Things?$filter=properties/a/'b.c'[1] eq 2"));
        Assert.Equal(["가"], await sta.Names("Things?$filter=properties/'it''s' eq true"));
        Assert.Equal(["나", "가"], await sta.Names("Things?$orderby=properties/'높이 (m)' desc"));
        Assert.Equal("$filter", (string)(await sta.Get("Things?$filter=properties/'' eq 1", HttpStatusCode.BadRequest))["field"]!);
        Assert.Equal("$filter", (string)(await sta.Get("Things?$filter=properties/'[0]' eq 1", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task A_key_of_digits_is_a_key_and_a_number_in_brackets_an_element(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Create("Things", """{ "name": "키", "description": "d", "properties": { "a": { "1": "x" } } }""");
        await sta.Create("Things", """{ "name": "원소", "description": "d", "properties": { "a": ["y", "x"] } }""");

        Assert.Equal(["키"], await sta.Names("Things?$filter=properties/a/'1' eq 'x'"));
        Assert.Equal(["키"], await sta.Names("Things?$filter=properties/a/1 eq 'x'"));
        Assert.Equal(["원소"], await sta.Names("Things?$filter=properties/a[1] eq 'x'"));
        Assert.Empty(await sta.Names("Things?$filter=properties/a[999999999] eq 'x'"));
        foreach (var wrong in new[] { "1.5", "-1", "1e1", "4294967297" })
        {
            Assert.Equal("$filter", (string)(await sta.Get($"Things?$filter=properties/a[{wrong}] eq 'x'", HttpStatusCode.BadRequest))["field"]!);
        }
    }

    [Theory, BothEngines]
    public async Task Parameters_and_capitals_make_no_other_encoding_of_a_place(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        foreach (var encoding in new[] { "application/geo+json; charset=utf-8", "Application/Geo+JSON", "application/vnd.geo+json;v=1" })
        {
            var id = await sta.Create("Locations", $$"""{ "name": "곳", "description": "d", "encodingType": "{{encoding}}", "location": { "type": "Point", "coordinates": [127, 37] } }""");

            Assert.Equal(encoding, (string)(await sta.Get($"Locations({id})"))["encodingType"]!);
            Assert.Single(await sta.Names($"Locations?$filter=id eq {id} and st_within(location, geography'POLYGON((126 36, 128 36, 128 38, 126 38, 126 36))')"));
        }
    }

    [Fact]
    public async Task What_is_wrong_inside_expand_is_said_with_where_it_stands()
    {
        var sta = await shared.Get(Engine.Sqlite);

        var problem = await sta.Get("Things?$expand=Datastreams($expand=Observations($filter=nme eq 1))", HttpStatusCode.BadRequest);
        var option = await sta.Get("Things?$expand=Datastreams($expand=Observations($top=x))", HttpStatusCode.BadRequest);

        Assert.Equal("$filter", (string)problem["field"]!);
        Assert.Contains("(in $expand=Datastreams/Observations) 'nme'", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Contains("(in $expand=Datastreams/Observations) 'x'", (string)option["detail"]!, StringComparison.Ordinal);
    }
}
