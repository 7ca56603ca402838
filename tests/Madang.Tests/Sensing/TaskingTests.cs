using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust;

namespace Madang.Tests.Sensing;

public sealed class TaskingTests
{
    private const string Root = "/sta/tasking/v1.1";

    private const string Lamp = """
        {
          "name": "밝기", "description": "등의 밝기를 정합니다",
          "taskingParameters": { "type": "DataRecord", "field": [
            { "name": "level", "label": "밝기", "type": "Quantity", "uom": { "code": "%" }, "constraint": { "type": "AllowedValues", "interval": [[0, 100]] } },
            { "name": "mode", "type": "Category", "optional": true, "constraint": { "type": "AllowedTokens", "value": ["steady", "blink"] } },
            { "name": "until", "type": "Time", "optional": true },
            { "name": "color", "type": "Text", "optional": true, "constraint": { "type": "AllowedTokens", "pattern": "^#[0-9a-f]{6}$" } },
            { "name": "steps", "type": "Count", "optional": true, "constraint": { "type": "AllowedValues", "value": [1, 2, 4] } },
            { "name": "test", "type": "Boolean", "optional": true }
          ] },
          "Actuator": { "name": "dimmer", "description": "d", "encodingType": "text/plain", "metadata": "none" }
        }
        """;

    private static readonly (string Parameters, string Field)[] Misunderstood =
    [
        ("""{ }""", "taskingParameters.level"),
        ("""{ "level": 101 }""", "taskingParameters.level"),
        ("""{ "level": "70" }""", "taskingParameters.level"),
        ("""{ "level": 70, "power": 1 }""", "taskingParameters.power"),
        ("""{ "level": 70, "mode": "off" }""", "taskingParameters.mode"),
        ("""{ "level": 70, "until": "tomorrow" }""", "taskingParameters.until"),
        ("""{ "level": 70, "color": "red" }""", "taskingParameters.color"),
        ("""{ "level": 70, "steps": 3 }""", "taskingParameters.steps"),
        ("""{ "level": 70, "steps": 1.5 }""", "taskingParameters.steps"),
        ("""{ "level": 70, "test": 1 }""", "taskingParameters.test"),
        ("""[70]""", "taskingParameters"),
    ];

    [Theory, BothEngines]
    public async Task A_thing_is_told_what_to_do_and_the_task_is_kept(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var capability = await sta.Create($"{Root}/Things(1)/TaskingCapabilities", Lamp);

        var task = await sta.Post($"{Root}/TaskingCapabilities({capability})/Tasks", """{ "taskingParameters": { "level": 70, "mode": "steady", "until": "2026-07-19T21:00:00+09:00", "color": "#ffe0b0", "steps": 2, "test": false } }""");
        await sta.Post($"{Root}/Tasks", $$"""{ "taskingParameters": { "level": 0 }, "TaskingCapability": { "@iot.id": {{capability}} } }""");

        Assert.NotNull((string?)task["creationTime"]);
        Assert.Equal(70, (int)(await sta.Get($"{Root}/Tasks({task["@iot.id"]})"))["taskingParameters"]!["level"]!);
        var read = await sta.Get($"{Root}/Things(1)?$expand=TaskingCapabilities($expand=Actuator,Tasks($orderby=creationTime%20desc))");
        Assert.Equal("dimmer", (string)read["TaskingCapabilities"]![0]!["Actuator"]!["name"]!);
        Assert.Equal(2, read["TaskingCapabilities"]![0]!["Tasks"]!.AsArray().Count);
        Assert.Equal("밝기", (string)(await sta.Get($"{Root}/Actuators(1)/TaskingCapabilities"))["value"]![0]!["name"]!);
        await sta.Patch($"{Root}/Tasks({task["@iot.id"]})", """{ "taskingParameters": { "level": 1 } }""", HttpStatusCode.Conflict);
    }

    [Theory, BothEngines]
    public async Task A_task_that_its_thing_would_not_understand_is_refused_by_parameter(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var capability = await sta.Create($"{Root}/Things(1)/TaskingCapabilities", Lamp);

        foreach (var (parameters, field) in Misunderstood)
        {
            var problem = await sta.Post($"{Root}/TaskingCapabilities({capability})/Tasks", $$"""{ "taskingParameters": {{parameters}} }""", HttpStatusCode.BadRequest);
            Assert.Equal(field, (string)problem["field"]!);
        }

        Assert.Empty((await sta.Get($"{Root}/Tasks"))["value"]!.AsArray());
    }

    [Theory, BothEngines]
    public async Task A_capability_whose_parameters_nobody_could_judge_is_refused(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        async Task<string> Refused(string from, string to) =>
            (string)(await sta.Post($"{Root}/Things(1)/TaskingCapabilities", Lamp.Replace(from, to, StringComparison.Ordinal), HttpStatusCode.BadRequest))["field"]!;

        Assert.Equal("taskingParameters.type", await Refused("\"DataRecord\"", "\"Quantity\""));
        Assert.Equal("taskingParameters.field[1].type", await Refused("\"Category\"", "\"Kategorie\""));
        Assert.Equal("taskingParameters.field[1].name", await Refused("\"name\": \"mode\"", "\"name\": \"level\""));
        Assert.Equal("taskingParameters.field[0].constraint.interval", await Refused("[[0, 100]]", "[[100, 0]]"));
        Assert.Equal("taskingParameters.field[3].constraint.pattern", await Refused("^#[0-9a-f]{6}$", "(a+"));
    }

    [Theory, BothEngines]
    public async Task To_command_is_a_right_of_its_own_and_reaches_ones_own_things(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var department = await city.Department("lights");
        var (lamps, others) = (await city.Provider("lamps", department), await city.Provider("others", department));
        var maker = city.With((await city.Key(lamps, ["read", "write"])).Secret);
        var commander = city.With((await city.Key(lamps, ["read", "command"])).Secret);
        var stranger = city.With((await city.Key(others, ["read", "write", "command"])).Secret);
        await ClosedCity.Send(maker, HttpMethod.Post, $"{Root}/Things", Sta.Thing(), HttpStatusCode.Created);
        await ClosedCity.Send(stranger, HttpMethod.Post, $"{Root}/Things(1)/TaskingCapabilities", Lamp, HttpStatusCode.Forbidden);
        await ClosedCity.Send(commander, HttpMethod.Post, $"{Root}/Things(1)/TaskingCapabilities", Lamp, HttpStatusCode.Forbidden);
        await ClosedCity.Send(maker, HttpMethod.Post, $"{Root}/Things(1)/TaskingCapabilities", Lamp, HttpStatusCode.Created);

        const string task = """{ "taskingParameters": { "level": 70 } }""";
        const string tasks = $"{Root}/TaskingCapabilities(1)/Tasks";
        await ClosedCity.Send(city.With(null), HttpMethod.Post, tasks, task, HttpStatusCode.Unauthorized);
        await ClosedCity.Send(maker, HttpMethod.Post, tasks, task, HttpStatusCode.Forbidden);
        await ClosedCity.Send(stranger, HttpMethod.Post, tasks, task, HttpStatusCode.Forbidden);
        await ClosedCity.Send(commander, HttpMethod.Post, tasks, task, HttpStatusCode.Created);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"{Root}/Tasks", """{ "taskingParameters": { "level": 70 }, "TaskingCapability": { "@iot.id": 1 } }""", HttpStatusCode.Created);
    }

    [Theory, BothEngines]
    public async Task Tasking_has_a_root_of_its_own_and_the_sensing_root_does_not_know_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();

        var sensing = (await sta.Get("/sta/v1.1"))["value"]!.AsArray().Select(set => (string)set!["name"]!).ToList();
        var tasking = (await sta.Get(Root))["value"]!.AsArray().Select(set => (string)set!["name"]!).ToList();

        Assert.Equal(["Things", "Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest"], sensing);
        Assert.Equal(["Actuators", "TaskingCapabilities", "Tasks"], tasking.Except(sensing));
        await sta.Get("/sta/v1.1/Tasks", HttpStatusCode.NotFound);
        Assert.Null((await sta.Get("/sta/v1.1/Things(1)"))["TaskingCapabilities@iot.navigationLink"]);
        Assert.NotNull((await sta.Get($"{Root}/Things(1)"))["TaskingCapabilities@iot.navigationLink"]);
    }

    [Theory, BothEngines]
    public async Task What_it_was_told_goes_with_the_capability_the_actuator_and_the_thing(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        foreach (var target in new[] { "TaskingCapabilities(1)", "Actuators(2)", "Things(1)" })
        {
            var capability = await sta.Create($"{Root}/Things(1)/TaskingCapabilities", Lamp);
            await sta.Post($"{Root}/TaskingCapabilities({capability})/Tasks", """{ "taskingParameters": { "level": 70 } }""");
            await sta.Delete($"{Root}/{target}");
            Assert.Empty((await sta.Get($"{Root}/Tasks"))["value"]!.AsArray());
            Assert.Empty((await sta.Get($"{Root}/TaskingCapabilities"))["value"]!.AsArray());
        }
    }
}
