using Madang.DemoCity.City;
using Madang.DemoCity.World;
using Madang.Sensing;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.DemoCity;

public sealed class LampTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 19, 12, 0, 0, TimeSpan.FromHours(9));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_lamp_follows_its_schedule_and_a_task_until_the_schedule_changes()
    {
        var pole = new Pole(Street.All[0], 1, new Noise(1));
        pole.Begin(0, Noon);
        Assert.Equal((0, 100, 60), (pole.Level(Noon), pole.Level(Noon.AddHours(8)), pole.Level(Noon.AddHours(12))));

        pole.Tell(40, Noon, null);
        Assert.Equal((40, 100), (pole.Level(Noon.AddHours(6.9)), pole.Level(Noon.AddHours(7))));
        pole.Tell(20, Noon, Noon.AddHours(1));
        Assert.Equal((20, 0), (pole.Level(Noon.AddMinutes(59)), pole.Level(Noon.AddHours(1))));
        pole.Count(Noon.AddMinutes(30));
        Assert.InRange(pole.Energy, 0.5 * (2.5 + (96 * 0.2 * 0.97)), 0.5 * (2.5 + (96 * 0.2 * 1.03)));
    }

    [Theory, BothEngines]
    public async Task A_task_changes_the_lamp_and_what_it_does_comes_back_through_the_door(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var door = new CityDoor(sta.City.Client, TimeProvider.System);
        var lamps = new Lamps(door, 1);
        await lamps.SetUp(TimeProvider.System.GetUtcNow(), Cancel);
        await lamps.Report(lamps.Poles, TimeProvider.System.GetUtcNow(), Cancel);
        var lights = sta.City.Services.GetRequiredService<StreetLights>();
        Assert.Equal(40, (await lights.List(Cancel)).Count);

        var first = (await sta.Get("/sta/tasking/v1.1/Things?$filter=properties/serial%20eq%20'DEMO-SJ-001'&$expand=TaskingCapabilities"))["value"]![0]!;
        await sta.Post($"/sta/tasking/v1.1/TaskingCapabilities({first["TaskingCapabilities"]![0]!["@iot.id"]})/Tasks", """{ "taskingParameters": { "level": 35 } }""");
        var told = await lamps.ReadTasks(Cancel);
        await lamps.Report(told, TimeProvider.System.GetUtcNow().AddSeconds(1), Cancel);

        var light = (await lights.List(Cancel)).Single(one => one.Serial == "DEMO-SJ-001");
        Assert.Equal((1, 35d, "on", "세종대로", true, 35d), (told.Count, light.Level, light.State, light.Street, light.Simulated, light.Told?.Level));
        Assert.InRange(light.Power!.Value, 30, 42);
        Assert.Equal("fault", (await lights.List(Cancel)).Single(one => one.Serial == "DEMO-JR-009").State);

        // Another start finds the same poles, and what they were told.
        var again = new Lamps(door, 1);
        await again.SetUp(TimeProvider.System.GetUtcNow(), Cancel);
        Assert.Equal(35, again.Poles[0].Level(TimeProvider.System.GetUtcNow()));
        Assert.Equal(40, (await lights.List(Cancel)).Count);
    }
}
