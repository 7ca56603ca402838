using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Places;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Places;

public sealed class SiteTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Sites_are_told_by_kind_district_and_distance_and_the_same_again_changes_nothing(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        Assert.Equal((2, 0, 0), Counts(await Put(city, "school?source=a%20test&licence=KOGL-1", Collection(("A", "가 학교", 126.977, 37.570), ("B", "나 학교", 126.980, 37.570)))));
        Assert.Equal((0, 0, 2), Counts(await Put(city, "school?source=a%20test&licence=KOGL-1", Collection(("A", "가 학교", 126.977, 37.570), ("B", "나 학교", 126.980, 37.570)))));
        Assert.Equal((1, 1, 0), Counts(await Put(city, "school", Collection(("B", "나 새 학교", 126.980, 37.570), ("C", "다 학교", 127.047, 37.517)))));
        Assert.Equal((1, 0, 0), Counts(await Put(city, "camera", Collection(("A", "카메라", 126.978, 37.570)))));
        Assert.Equal((1, 0, 0), Counts(await Put(city, "school?data=simulated", Collection(("A", "모의 학교 1", 126.977, 37.570)))));

        var all = await Get(city, "sites/school");
        Assert.Equal(["가 학교", "나 새 학교", "다 학교"], Names(all));
        Assert.Equal(["11110", "11110", "11680"], all["features"]!.AsArray().Select(each => (string?)each!["properties"]!["district"]));
        // What was not said of B the second time stays as it was.
        Assert.Equal(("a test", "KOGL-1", "real"), ((string?)all["features"]![1]!["properties"]!["source"], (string?)all["features"]![1]!["properties"]!["licence"], (string?)all["features"]![1]!["properties"]!["world"]));
        Assert.Equal(["모의 학교 1"], Names(await Get(city, "sites/school?data=simulated")));
        Assert.Equal(["다 학교"], Names(await Get(city, "sites/school?district=11680")));
        var page = await Get(city, "sites/school?top=2");
        Assert.Equal(["가 학교", "나 새 학교"], Names(page));
        Assert.Equal(["다 학교"], Names(await Get(city, ((string)page["next"]!)["/api/places/".Length..])));

        var near = await Get(city, "sites/near?lon=126.977&lat=37.570&metres=500");
        Assert.Equal(["가 학교", "카메라", "나 새 학교"], Names(near));
        Assert.Equal([0, 88, 264], near["features"]!.AsArray().Select(each => (int)each!["properties"]!["metres"]!));
        Assert.Equal(["카메라"], Names(await Get(city, "sites/near?lon=126.977&lat=37.570&kinds=camera,hospital&metres=100")));
        var counts = (await Get(city, "sites"))["kinds"]!.AsArray().ToDictionary(kind => (string)kind!["kind"]!, kind => kind!);
        Assert.Equal((3, 2, true), ((int)counts["school"]["count"]!, (int)counts["school"]["districts"]!["11110"]!, (bool)counts["school"]["isSensitive"]!));
        Assert.Null(counts["hospital"]["count"]);
    }

    [Theory, BothEngines]
    public async Task A_site_goes_and_so_do_those_of_a_source_that_its_new_file_does_not_name(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Put(city, "school?source=city", Collection(("A", "가 학교", 126.977, 37.570), ("B", "나 학교", 126.980, 37.570), ("C", "다 학교", 127.047, 37.517)));
        await Put(city, "school?source=other", Collection(("X", "다른 학교", 126.977, 37.571)));
        await Put(city, "school?data=simulated&source=city", Collection(("B", "모의 학교", 126.977, 37.570)));

        Assert.Equal(HttpStatusCode.NoContent, await Delete(city, "school/A"));
        Assert.Equal(HttpStatusCode.NotFound, await Delete(city, "school/A"));
        Assert.Equal(HttpStatusCode.NotFound, await Delete(city, "hospital/B"));
        Assert.Equal(HttpStatusCode.BadRequest, await Delete(city, "palace/B"));
        Assert.Equal(["나 학교", "다 학교", "다른 학교"], Names(await Get(city, "sites/school")));

        var (status, answer) = await Put(city, "school?source=city&replace=true", Collection(("C", "다 새 학교", 127.047, 37.517), ("D", "라 학교", 127.047, 37.518)));
        Assert.Equal((HttpStatusCode.OK, 1), (status, answer.GetProperty("removed").GetInt32()));
        Assert.Equal(["다 새 학교", "라 학교", "다른 학교"], Names(await Get(city, "sites/school")));
        Assert.Equal(["모의 학교"], Names(await Get(city, "sites/school?data=simulated")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Put(city, "school?replace=true", Collection(("C", "다 학교", 127.047, 37.517)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Put(city, "school?source=city&replace=some", Collection(("C", "다 학교", 127.047, 37.517)))).Status);

        var record = (await city.Client.GetFromJsonAsync<JsonNode>("/api/audit?action=sites.remove", Cancel))!;
        Assert.Equal(2, record["entries"]!.AsArray().Count);
    }

    [Fact]
    public async Task However_many_ask_at_once_a_kind_is_read_once_until_it_changes()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var book = city.Services.GetRequiredService<SiteBook>();
        await Put(city, "school", Collection([.. Enumerable.Range(0, 500).Select(number => ($"S{number}", "학교", 126.9 + (number * 0.0001), 37.5))]));
        var before = book.Loads;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => Assert.Equal(500, (await book.List("school", false, Cancel)).Count), Cancel)));
        Assert.InRange(book.Loads - before, 1, 2);

        var version = book.Version;
        Assert.Equal(HttpStatusCode.NoContent, await Delete(city, "school/S0"));
        Assert.True(book.Version > version);
        Assert.Equal(499, (await book.List("school", false, Cancel)).Count);
    }

    [Theory, BothEngines]
    public async Task A_site_is_in_the_district_of_the_shapes_that_the_city_has_now(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Put(city, "hospital", Collection(("H", "병원", 126.977, 37.593)));
        Assert.Equal(["병원"], Names(await Get(city, "sites/hospital?district=11110")));

        // 종로구 becomes a small square elsewhere, and 중구 one that holds the hospital.
        using var shapes = new StringContent("""
            { "type": "FeatureCollection", "features": [
              { "type": "Feature", "properties": { "code": "11110" }, "geometry": { "type": "Polygon", "coordinates": [[[127.3,37.7],[127.31,37.7],[127.31,37.71],[127.3,37.7]]] } },
              { "type": "Feature", "properties": { "code": "11140" }, "geometry": { "type": "Polygon", "coordinates": [[[126.97,37.58],[126.99,37.58],[126.99,37.60],[126.97,37.60],[126.97,37.58]]] } }] }
            """, Encoding.UTF8, "application/geo+json");
        (await city.Client.PutAsync(new Uri("/api/places/district", UriKind.Relative), shapes, Cancel)).EnsureSuccessStatusCode();
        Assert.Equal(["병원"], Names(await Get(city, "sites/hospital?district=11140")));
        Assert.Empty(Names(await Get(city, "sites/hospital?district=11110")));
    }

    [Theory]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":POINT},{"type":"Feature","properties":{"name":"x"},"geometry":POINT}]""", "features[1].properties.code")]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]""", "features[0].geometry.type")]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A"},"geometry":POINT}]""", "features[0].properties.name")]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A b","name":"가"},"geometry":POINT}]""", "features[0].properties.code")]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A","name":"가","capacity":1.5},"geometry":POINT}]""", "features[0].properties.capacity")]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A","name":"가","world":"simulated"},"geometry":POINT}]""", "features[0].properties.world")]
    [InlineData("school", """[{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":POINT},{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":POINT}]""", "features[1].properties.code")]
    [InlineData("school", "[]", "features")]
    [InlineData("palace", """[{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":POINT}]""", "kind")]
    [InlineData("school?data=both", """[{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":POINT}]""", "data")]
    public async Task A_bad_feature_is_named_and_nothing_of_the_request_is_stored(string address, string features, string field)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var body = $$"""{"type":"FeatureCollection","features":{{features.Replace("POINT", """{"type":"Point","coordinates":[127,37.5]}""", StringComparison.Ordinal)}}}""";
        var (status, json) = await Put(city, address, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(field, json.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(Names(await Get(city, "sites/school")));
    }

    [Theory]
    [InlineData("sites/near?lat=37.5", "lon")]
    [InlineData("sites/near?lon=127&lat=37.5&metres=2001", "metres")]
    [InlineData("sites/near?lon=127&lat=37.5&top=201", "top")]
    [InlineData("sites/near?lon=127&lat=37.5&kinds=school,palace", "kinds")]
    [InlineData("sites/near?lon=NaN&lat=37.5", "lon")]
    [InlineData("sites/school?top=2001", "top")]
    [InlineData("sites/palace", "kind")]
    public async Task What_is_asked_wrongly_is_named(string address, string field)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        using var answer = await city.Client.GetAsync(new Uri("/api/places/" + address, UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_grid_finds_what_a_plain_search_finds_and_no_area_is_of_the_kind_of_the_points()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var chance = new Random(7);
        var points = Enumerable.Range(0, 1_500).Select(i => (Code: $"S{i}", Name: $"정류장 {i}", Longitude: Math.Round(126.9 + (chance.NextDouble() * 0.2), 6), Latitude: Math.Round(37.5 + (chance.NextDouble() * 0.1), 6))).ToList();
        Assert.Equal((1_500, 0, 0), Counts(await Put(city, "stop", Collection([.. points]))));
        var book = city.Services.GetRequiredService<SiteBook>();
        for (var i = 0; i < 50; i++)
        {
            var (x, y, metres) = (126.9 + (chance.NextDouble() * 0.2), 37.5 + (chance.NextDouble() * 0.1), chance.NextDouble() * 2_000);
            var plain = points.Where(point => Globe.Metres(x, y, point.Longitude, point.Latitude) <= metres).OrderBy(point => Globe.Metres(x, y, point.Longitude, point.Latitude)).Select(point => point.Code);
            Assert.Equal(plain, (await book.Near(x, y, metres, ["stop"], false, 5_000, Cancel)).Select(near => near.Site.Code));
        }

        var district = (await city.Services.GetRequiredService<PlaceBook>().Find(PlaceBook.District, "11140", Cancel))!;
        var inside = await book.InShape(district.Shape, ["stop"], false, Cancel);
        Assert.NotEmpty(inside);
        Assert.True(Math.Abs((await book.CountByDistrict("stop", false, Cancel))!["11140"] - inside.Count) <= inside.Count / 2, "the count takes the nearest district for points outside of all, the shape does not");
        using var area = new StringContent("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"A","name":"가"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}""", Encoding.UTF8, "application/geo+json");
        Assert.Equal(HttpStatusCode.BadRequest, (await city.Client.PutAsync(new Uri("/api/places/sites", UriKind.Relative), area, Cancel)).StatusCode);
    }

    private static string Collection(params (string Code, string Name, double Longitude, double Latitude)[] sites) => new JsonObject
    {
        ["type"] = "FeatureCollection",
        ["features"] = new JsonArray([.. sites.Select(site => new JsonObject
        {
            ["type"] = "Feature",
            ["properties"] = new JsonObject { ["code"] = site.Code, ["name"] = site.Name },
            ["geometry"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(site.Longitude, site.Latitude) },
        })]),
    }.ToJsonString();

    private static (int Made, int Changed, int Unchanged) Counts((HttpStatusCode Status, JsonElement Json) answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Json.GetRawText());
        return (answer.Json.GetProperty("made").GetInt32(), answer.Json.GetProperty("changed").GetInt32(), answer.Json.GetProperty("unchanged").GetInt32());
    }

    private static IEnumerable<string> Names(JsonNode collection) => collection["features"]!.AsArray().Select(each => (string)each!["properties"]!["name"]!);

    private static async Task<HttpStatusCode> Delete(TestCity city, string address)
    {
        using var answer = await city.Client.DeleteAsync(new Uri("/api/places/sites/" + address, UriKind.Relative), Cancel);
        return answer.StatusCode;
    }

    private static async Task<JsonNode> Get(TestCity city, string address) => (await city.Client.GetFromJsonAsync<JsonNode>("/api/places/" + address, Cancel))!;

    private static async Task<(HttpStatusCode Status, JsonElement Json)> Put(TestCity city, string address, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/geo+json");
        using var response = await city.Client.PutAsync(new Uri("/api/places/sites/" + address, UriKind.Relative), content, Cancel);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }
}
