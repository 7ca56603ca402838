using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;

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

        var told = await sta.Get("/api/air/exposure?data=simulated");
        Assert.Equal(["11110", "11140"], told["districts"]!.AsArray().Select(district => (string)district!["code"]!));
        Assert.Equal(("o3", "advisory"), ((string)told["districts"]![0]!["warnings"]![0]!["measure"]!, (string)told["districts"]![0]!["warnings"]![0]!["level"]!));
        Assert.Equal(["day-care", "school", "hospital", "stop", "station"], told["guidance"]!.AsArray().Select(guidance => (string)guidance!["kind"]!));
        // Nobody has told of day-care centres here: their number is not known, and not 0.
        Assert.All(told["guidance"]!.AsArray(), guidance => Assert.Null((int?)guidance!["places"]));
        Assert.Empty((await sta.Get("/api/air/exposure?data=real"))["districts"]!.AsArray());
    }
}
