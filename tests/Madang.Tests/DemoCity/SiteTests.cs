using System.Text.Json.Nodes;
using Madang.DemoCity.City;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.DemoCity;

public sealed class SiteTests
{
    [Theory, BothEngines]
    public async Task Every_district_has_made_up_sites_in_it_and_a_restart_finds_the_same(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var door = new CityDoor(sta.City.Client, TimeProvider.System);
        var districts = await Stations.Districts(door, TestContext.Current.CancellationToken);
        await new Sites(door, 1).SetUp(districts, TestContext.Current.CancellationToken);
        var first = (await sta.Get("/api/places/sites?data=simulated")).ToJsonString();
        await new Sites(door, 1).SetUp(districts, TestContext.Current.CancellationToken);

        Assert.Equal(first, (await sta.Get("/api/places/sites?data=simulated")).ToJsonString());
        var kinds = JsonNode.Parse(first)!["kinds"]!.AsArray();
        Assert.Equal(500, kinds.Sum(kind => (int?)kind!["count"] ?? 0));
        var daycare = kinds.Single(kind => (string)kind!["kind"]! == "daycare")!["districts"]!.AsObject();
        Assert.Equal((25, true), (daycare.Count, daycare.All(district => (int)district.Value! == 5)));
        Assert.All((await sta.Get("/api/places/sites"))["kinds"]!.AsArray(), kind => Assert.Null(kind!["count"]));
        var one = (await sta.Get("/api/places/sites/daycare?data=simulated&top=1"))["features"]![0]!["properties"]!;
        Assert.Equal(("모의 어린이집 1", "simulated", "demo-1-11110-1"), ((string)one["name"]!, (string)one["world"]!, (string)one["code"]!));
        Assert.Contains("모의 데이터", (string)one["source"]!, StringComparison.Ordinal);
    }
}
