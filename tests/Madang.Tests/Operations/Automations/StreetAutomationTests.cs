using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Duty;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Sensing;
using Madang.Tests.Trust;
using static Madang.Tests.Operations.Automations.AutomationScene;

namespace Madang.Tests.Operations.Automations;

/// <summary>What acts on the street, or speaks to everybody: approved by a second person, and taken back.</summary>
public sealed class StreetAutomationTests
{
    private const string Root = "/sta/tasking/v1.1", Lamp = """{ "kind": "lamp", "street": "종로", "level": 100, "minutes": 120 }""";

    private const string Notice = """{ "kind": "publish", "hours": 6, "text": { "ko": "연기를 피해 주십시오 ({where})", "en": "Keep away from the smoke ({where})" } }""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Lamps_are_told_when_a_second_person_agreed_and_go_back_by_time_or_by_hand(Engine engine)
    {
        await using var city = await Open(engine);
        var sta = new Sta(city.City);
        var lamps = new List<long>();
        foreach (var serial in (string[])["A-1", "A-2", "A-3"])
        {
            lamps.Add(await Light(sta, serial));
        }

        // Of A-3 nobody knows what it is; A-1 was told 40, A-2 20.
        await Tell(sta, lamps[0], 40);
        await Tell(sta, lamps[1], 20);
        sta.Advance(1);
        await Put(city, "lee", "light", Automation(Fire, Lamp, isDry: true), HttpStatusCode.Forbidden);
        await Approve(city, "light", Automation(Fire, Lamp, isDry: true));
        Assert.Equal("done lamps-told 2 dry", Line(await sta.Send(HttpMethod.Post, "/api/automations/light/try", "{}", HttpStatusCode.OK)));
        await Approve(city, "light", Automation(Fire, Lamp));
        Assert.Equal([40, 20], await Told(sta));

        await sta.OpenFire();
        var run = (await sta.UntilRuns("light", runs => runs.Count == 2))[0];
        Assert.Equal("done lamps-told 2", Line(run));
        Assert.Equal([40, 20, 100, 100], (await Told(sta)).Take(4));

        // A second run finds them held; somebody dims one by hand; the other goes back when its time is over.
        await sta.OpenFire();
        Assert.Equal("done no-lamps 0", Line((await sta.UntilRuns("light", runs => runs.Count == 3))[0]));
        sta.Advance(5);
        await Tell(sta, lamps[1], 60);
        await sta.Turn();
        Assert.Equal(5, (await Told(sta)).Count);
        sta.Advance(116);
        await sta.Turn();
        await sta.Turn();
        Assert.Equal([60, 40], (await Told(sta)).Skip(4));
        await sta.Undo("light", run, HttpStatusCode.Conflict);

        sta.Advance(1);
        await sta.OpenFire();
        run = (await sta.UntilRuns("light", runs => runs.Count == 4))[0];
        Assert.Equal("done lamps-told 2", Line(run));
        sta.Advance(1);
        await sta.Undo("light", run);
        Assert.Equal([100, 100, 40, 60], (await Told(sta)).Skip(6));

        // One person is enough to switch off what acts on the street.
        await Put(city, "kim", "light", Automation(Fire, Lamp), HttpStatusCode.OK, isOn: false);
    }

    [Theory, BothEngines]
    public async Task A_notice_is_told_in_its_district_until_it_is_taken_down(Engine engine)
    {
        await using var city = await Open(engine);
        var sta = new Sta(city.City);
        await Approve(city, "notice", Automation(Fire, Notice, isDry: true));
        await Approve(city, "notice", Automation(Fire, Notice));
        var fire = await sta.OpenFire(""", "longitude": 126.977, "latitude": 37.57 """);
        var run = (await sta.UntilRuns("notice", runs => runs.Count == 1))[0];
        Assert.Equal("done published 1", Line(run));

        sta.Advance(1);
        var notice = Assert.Single((await sta.Get("/api/notices?data=real")).AsArray())!;
        Assert.Equal(("11110", $"연기를 피해 주십시오 (화재 {fire}번)"), ((string)notice["district"]!, (string)notice["text"]!["ko"]!));
        Assert.Empty((await sta.Get("/api/notices?data=simulated")).AsArray());
        Assert.Contains("연기를 피해 주십시오", await sta.City.Client.GetStringAsync("/here/11110?data=real", Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("연기를 피해 주십시오", await sta.City.Client.GetStringAsync("/here/11680?data=real", Cancel), StringComparison.Ordinal);
        await sta.Undo("notice", run);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while ((await sta.Get("/api/notices?data=real")).AsArray().Count > 0)
        {
            Assert.False(patience.IsCancellationRequested, "the notice is still told");
            await System.Threading.Tasks.Task.Delay(50, Cancel);
        }
    }

    /// <summary>A closed city with an operator and an official, where all else is done by another operator; its clock stands where that of alerts does.</summary>
    private static async Task<ClosedCity> Open(Engine engine)
    {
        var city = await ClosedCity.Start(engine, new TestClock(DutyScene.Start));
        city.City.Client.DefaultRequestHeaders.Add("X-Test-Person", "root");
        await city.Give("kim", "operator", null);
        await city.Give("lee", "official", null);
        return city;
    }

    private static Task<JsonNode?> Put(ClosedCity city, string by, string id, string automation, HttpStatusCode expected, bool isOn = true) =>
        ClosedCity.Send(city.As(by), HttpMethod.Put, "/api/automations/" + id, $$"""{ "automation": {{automation}}, "isOn": {{(isOn ? "true" : "false")}} }""", expected);

    private static async Task Approve(ClosedCity city, string id, string automation)
    {
        var written = await Put(city, "kim", id, automation, HttpStatusCode.Accepted);
        var review = $"/api/automations/{id}/revisions/{(int)written!["revision"]!}/review";
        await ClosedCity.Send(city.As("kim"), HttpMethod.Post, review, """{ "approve": true }""", HttpStatusCode.Conflict);
        await ClosedCity.Send(city.As("lee"), HttpMethod.Post, review, """{ "approve": true }""", HttpStatusCode.OK);
    }

    private static Task<long> Light(Sta sta, string serial) => sta.Create($"{Root}/Things", $$"""
        { "name": "등 {{serial}}", "description": "d", "properties": { "kind": "street-light", "street": "종로", "serial": "{{serial}}" },
          "Locations": [{ "name": "l", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [126.98, 37.57] } }],
          "TaskingCapabilities": [{ "name": "밝기", "description": "d", "taskingParameters": { "type": "DataRecord", "field": [{ "name": "level", "type": "Quantity" }] },
            "Actuator": { "name": "a", "description": "d", "encodingType": "text/plain", "metadata": "none" } }] }
        """);

    private static async Task Tell(Sta sta, long lamp, int level)
    {
        var capability = (long)(await sta.Get($"{Root}/Things({lamp})/TaskingCapabilities"))["value"]![0]!["@iot.id"]!;
        await sta.Create($"{Root}/Tasks", $$"""{ "taskingParameters": { "level": {{level}} }, "TaskingCapability": { "@iot.id": {{capability}} } }""");
    }

    private static async Task<IReadOnlyList<int>> Told(Sta sta) => [.. (await sta.Get($"{Root}/Tasks?$orderby=id"))["value"]!.AsArray().Select(task => (int)task!["taskingParameters"]!["level"]!)];
}
