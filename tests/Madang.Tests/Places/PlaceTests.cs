using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Madang.Places;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Places;

public sealed class PlaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_new_city_knows_Seouls_25_districts_by_both_code_systems(Engine engine)
    {
        await using var city = await TestCity.Start(engine);

        var districts = await city.Client.GetFromJsonAsync<JsonElement>("/api/places/district?geometry=none", Cancel);
        var kostat = await city.Client.GetFromJsonAsync<JsonElement>("/api/places/district/11110?codes=kostat", Cancel);
        var adm = await city.Client.GetFromJsonAsync<JsonElement>("/api/places/district/11110", Cancel);

        Assert.Equal(25, districts.GetProperty("features").GetArrayLength());
        Assert.Equal("노원구", kostat.GetProperty("properties").GetProperty("name").GetString());
        Assert.Equal("11350", kostat.GetProperty("properties").GetProperty("code_adm").GetString());
        Assert.Equal("종로구", adm.GetProperty("properties").GetProperty("name").GetString());
        Assert.True(adm.GetProperty("properties").GetProperty("schematic").GetBoolean());
    }

    [Fact]
    public async Task Every_centre_lies_in_its_own_district_and_the_answer_says_it_is_approximate()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var book = city.Services.GetRequiredService<PlaceBook>();

        foreach (var place in await book.ListDistricts(Cancel))
        {
            var found = await book.FindDistrict(place.Longitude, place.Latitude, Cancel);
            Assert.Equal((place.Code, true), (found!.Place.Code, found.Approximate));
        }

        Assert.Null(await book.FindDistrict(129.04, 35.16, Cancel));
    }

    [Theory, BothEngines]
    public async Task Real_shapes_replace_the_schematic_ones_once_and_the_same_import_changes_nothing(Engine engine)
    {
        var file = Path.Combine(SharedFolder() ?? "", "data/districts/gu.geojson");
        Assert.SkipUnless(File.Exists(file), $"The real district shapes are not here: {file}");
        await using var city = await TestCity.Start(engine);
        var shapes = await File.ReadAllTextAsync(file, Cancel);

        var first = await Put(city, "district?codes=kostat&source=Statistics%20Korea", shapes);
        var before = await city.Client.GetAsync("/api/places/district", Cancel);
        var again = await Put(city, "district?codes=kostat&source=Statistics%20Korea", shapes);
        await city.Restart();
        var after = await city.Client.GetAsync("/api/places/district", Cancel);

        Assert.Equal((25, 0), (first.Json.GetProperty("changed").GetInt32(), first.Json.GetProperty("made").GetInt32()));
        Assert.Equal(25, again.Json.GetProperty("unchanged").GetInt32());
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
        var book = city.Services.GetRequiredService<PlaceBook>();
        var station = await book.FindDistrict(127.068, 37.636, Cancel);
        Assert.Equal(("노원구", false), (station!.Place.NameKo, station.Approximate));
        Assert.Equal("Statistics Korea (2013)", station.Place.Source);
        Assert.Equal(497_000, station.Place.Population);
    }

    [Theory]
    [InlineData("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"11110"},"geometry":SQUARE},{"type":"Feature","properties":{"name":"x"},"geometry":SQUARE}]}""", "features[1].properties.code")]
    [InlineData("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"11110"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[1,0],[0,0]]]}}]}""", "features[0].geometry")]
    [InlineData("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"11110"},"geometry":{"type":"Point","coordinates":[0,0]}}]}""", "features[0].geometry.type")]
    [InlineData("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"99999"},"geometry":SQUARE}]}""", "features[0].properties.name")]
    [InlineData("""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"11110"},"geometry":SQUARE},{"type":"Feature","properties":{"code":"11110"},"geometry":SQUARE}]}""", "features[1].properties.code")]
    [InlineData("""{"type":"FeatureCollection","features":[]}""", "features")]
    [InlineData("""{"type":"Feature"}""", "body")]
    [InlineData("""{"type":"FeatureColl""", "body")]
    public async Task A_bad_feature_is_named_and_nothing_of_the_request_is_stored(string body, string field)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var before = await city.Client.GetAsync("/api/places/district", Cancel);

        var (status, json) = await Put(city, "district", body.Replace("SQUARE", """{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}""", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(field, json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(before.Headers.ETag, (await city.Client.GetAsync("/api/places/district", Cancel)).Headers.ETag);
    }

    [Fact]
    public async Task A_code_of_the_wrong_system_is_refused()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var (status, json) = await Put(city, "district?codes=kostat", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"11740"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("11740", json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_newest_places_is_told_so_in_a_304()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var first = await city.Client.GetAsync("/api/places/district", Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/places/district");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        var again = await city.Client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("application/geo+json", first.Content.Headers.ContentType!.MediaType);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> Put(TestCity city, string address, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/geo+json");
        using var response = await city.Client.PutAsync(new Uri("/api/places/" + address, UriKind.Relative), content, Cancel);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }

    private static string? SharedFolder()
    {
        if (Environment.GetEnvironmentVariable("MADANG_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Madang.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.Parent is { } beside ? Path.Combine(beside.FullName, "shared") : null;
    }
}
