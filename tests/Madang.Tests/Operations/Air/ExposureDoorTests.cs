using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Air;

/// <summary>Where an advisory is in force, what is done there.</summary>
public sealed class ExposureDoorTests
{
    [Theory, BothEngines]
    public async Task An_advisory_of_ozone_affects_its_region_and_tells_each_kind_of_place_what_to_do(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        Assert.Empty((await sta.Get("/api/air/exposure?data=simulated"))["districts"]!.AsArray());
        var station = await sta.AddStation("종로구 측정소 (모의)", AirScene.Jongno, ["o3"], simulated: true);
        await sta.PutRule("ozone-here", """
            {
              "name": { "ko": "오존", "en": "Ozone" }, "owner": { "ko": "대기정책과", "en": "Air policy" }, "source": { "title": "t" }, "from": "2020-01-01", "data": "simulated",
              "scope": { "measure": "o3", "unit": "ppm", "kind": "air-station", "regions": [{ "code": "downtown", "name": { "ko": "도심권", "en": "Downtown" }, "districts": ["11110", "11140"] }] },
              "each": "region", "signal": { "kind": "mean", "across": "max" }, "isPublic": true,
              "levels": [{ "name": "advisory", "from": 0.12, "holdMinutes": 0, "lift": 0.12 }]
            }
            """);
        var hour = new DateTimeOffset(2026, 7, 19, 1, 0, 0, TimeSpan.Zero);
        await sta.Tell(station["o3"], hour.AddHours(2), 0.13, 0.13, 0.13);
        await sta.Until(alerts => alerts.Count == 1, "state=open&rule=ozone-here");

        // It is made once for all who ask, and anew soon after the alert.
        var told = await Until(sta, told => told["districts"]!.AsArray().Count > 0);
        Assert.Equal(["11110", "11140"], told["districts"]!.AsArray().Select(district => (string)district!["code"]!));
        Assert.Equal(("o3", "advisory"), ((string)told["districts"]![0]!["warnings"]![0]!["measure"]!, (string)told["districts"]![0]!["warnings"]![0]!["level"]!));
        Assert.Equal(["daycare", "school", "hospital", "elderly-care", "stop", "station"], told["guidance"]!.AsArray().Select(guidance => (string)guidance!["kind"]!));
        // Nobody has told of day-care centres here: their number is not known, and not 0.
        Assert.All(told["guidance"]!.AsArray(), guidance => Assert.Null((int?)guidance!["places"]));
        Assert.Empty((await sta.Get("/api/air/exposure?data=real"))["districts"]!.AsArray());
        Assert.Equal([null, null], told["districts"]!.AsArray().Select(district => (int?)district!["sites"]![0]!["count"]));

        await Put(sta, "daycare?data=simulated", ("D1", 126.977, 37.57), ("D2", 126.980, 37.58), ("D3", 127.063, 37.497));
        await Put(sta, "school?data=real", ("S1", 126.977, 37.57));
        told = await Until(sta, told => (int?)told["districts"]![0]!["sites"]![0]!["count"] == 2);
        // A site that goes is not counted any more, at once.
        using (var gone = await sta.City.Client.DeleteAsync(new Uri("/api/places/sites/daycare/D2?data=simulated", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        }

        Assert.Equal(1, (int?)(await sta.Get("/api/air/exposure?data=simulated"))["districts"]![0]!["sites"]![0]!["count"]);
        await Put(sta, "daycare?data=simulated", ("D2", 126.980, 37.58));
        told = await sta.Get("/api/air/exposure?data=simulated");
        Assert.Equal(2, (int?)told["districts"]![0]!["sites"]![0]!["count"]);
        Assert.Equal((0, "어린이집"), ((int)told["districts"]![1]!["sites"]![0]!["count"]!, (string)told["districts"]![1]!["sites"]![0]!["name"]!["ko"]!));
        Assert.Equal((2, (int?)null), ((int?)told["guidance"]![0]!["places"], (int?)told["guidance"]![1]!["places"]));
        Assert.Null(told["sites"]);
        var one = await sta.Get("/api/air/exposure?data=simulated&district=11110");
        Assert.Equal(["11110"], one["districts"]!.AsArray().Select(district => (string)district!["code"]!));
        Assert.Equal(["D1", "D2"], one["sites"]!.AsArray().Select(site => (string)site!["code"]!));
        // Nothing is in force where the third one lies.
        Assert.Empty((await sta.Get("/api/air/exposure?data=simulated&district=11680"))["sites"]!.AsArray());
        using var wrong = await sta.City.Client.GetAsync(new Uri("/api/air/exposure?district=here", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Matches("(?s)민감한 곳의 수.*어린이집.*종로구.*<td>2</td>", await sta.City.Client.GetStringAsync("/air?data=simulated", TestContext.Current.CancellationToken));
    }

    private static async Task<JsonNode> Until(Sta sta, Func<JsonNode, bool> holds)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var told = await sta.Get("/api/air/exposure?data=simulated");
            if (holds(told))
            {
                return told;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), told.ToJsonString());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task Put(Sta sta, string address, params (string Code, double Longitude, double Latitude)[] sites)
    {
        var features = sites.Select(site => FormattableString.Invariant($$"""{ "type": "Feature", "properties": { "code": "{{site.Code}}", "name": "{{site.Code}}" }, "geometry": { "type": "Point", "coordinates": [{{site.Longitude}}, {{site.Latitude}}] } }"""));
        using var body = new StringContent($$"""{ "type": "FeatureCollection", "features": [{{string.Join(',', features)}}] }""", System.Text.Encoding.UTF8, "application/geo+json");
        using var answer = await sta.City.Client.PutAsync(new Uri("/api/places/sites/" + address, UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
