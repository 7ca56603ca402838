using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Query;

/// <summary>Filters on all Observations that leave few Datastreams: answered from those, in the order they lie in.</summary>
public sealed class PinnedTests
{
    private static readonly (string Filter, string Found)[] Questions =
    [
        ("Datastream/id eq 1", "1 4"), ("Datastream/@iot.id eq 1 and result gt 1", "4"), ("result gt 1 and Datastream/id eq 1", "4"), ("Datastream/Thing/name eq '둘'", "2 5"),
        ("Datastream/id eq 1 or Datastream/id eq 2", "1 2 4 5"), ("(Datastream/id eq 1 and result gt 1) or Datastream/id eq 2", "2 4 5"), ("Datastream/id in (1,3) and result lt 4", "1 3"),
        ("Datastream/ObservedProperty/name eq '초미세먼지' and Datastream/id ne 2 and result ge 3", "3 4 6"), ("Datastream/id eq 1 and Datastream/id eq 2", ""),
        ("Datastream/id eq 1 or result eq 5", "1 4 5"), ("not (Datastream/id eq 1)", "2 3 5 6 7"), ("MultiDatastream/id eq 4 or Datastream/id eq 3", "3 6 7"), ("Datastream/id eq result", "1 2 3"),
        ("Datastream/id eq 1 and FeatureOfInterest/id gt 0", "1 4"), ("(Datastream/id add 1) eq 3", "2 5"), ("startswith(Datastream/Thing/name,'하')", "1 4"), ("1 eq 1 and Datastream/id eq 1", "1 4"),
    ];

    [Theory, BothEngines]
    public async Task A_filter_on_datastreams_finds_what_asking_every_observation_would_find(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        foreach (var name in new[] { "하나", "둘", "셋" })
        {
            await sta.CreateDatastream(name);
        }

        await sta.Post("Things(1)/MultiDatastreams", MultiDatastreamTests.Wind);
        foreach (var (datastream, result) in new[] { (1, 1), (2, 2), (3, 3), (1, 4), (2, 5), (3, 6) })
        {
            await sta.Observe(datastream, (result, result));
        }

        await sta.Post("MultiDatastreams(4)/Observations", """{ "result": [1, 2] }""");
        foreach (var (filter, found) in Questions)
        {
            Assert.Equal((filter, found), (filter, Sorted(await sta.Names($"Observations?$filter={filter}", "@iot.id"))));
            Assert.Equal((filter, found), (filter, string.Join(' ', await sta.Names($"Observations?$filter={filter}&$orderby=id", "@iot.id"))));
            Assert.Equal((filter, found), (filter, Sorted(await sta.Names($"Observations?$filter={filter}&$orderby=phenomenonTime", "@iot.id"))));
            Assert.Equal((filter, found), (filter, Sorted(await Follow(sta, $"Observations?$top=1&$filter={filter}"))));
            var number = found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            Assert.Equal((filter, number), (filter, (int)(await sta.Get($"Observations?$top=0&$count=true&$filter={filter}"))["@iot.count"]!));
            Assert.Equal((filter, number), (filter, (int)(await sta.Get($"Observations?$apply=filter({filter})/aggregate($count as n)"))["value"]![0]!["n"]!));
        }

        Assert.Equal(["1", "4", "2", "5"], await sta.Names("Observations?$filter=Datastream/id lt 3", "@iot.id"));
    }

    [Theory, BothEngines]
    public async Task Pages_go_on_in_their_order_when_few_datastreams_become_many_and_many_few(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, two) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘"));
        for (var minute = 0; minute < 6; minute++)
        {
            await sta.Observe(minute % 2 == 0 ? one : two, (-minute, minute));
        }

        var few = await sta.Get("Observations?$top=2&$filter=Datastream/id gt 0");
        var thing = await sta.Create("Things", $$"""{ "name": "many", "description": "d", "Datastreams": [{{string.Join(',', Enumerable.Range(0, 1000).Select(index => Sta.Datastream($"m{index}")))}}] }""");
        var many = await sta.Get("Observations?$top=2&$filter=Datastream/id gt 0");
        var restOfFew = await Follow(sta, (string)few["@iot.nextLink"]!);
        await sta.Delete($"Things({thing})");
        var restOfMany = await Follow(sta, (string)many["@iot.nextLink"]!);

        Assert.Equal(["5", "3", "1", "6", "4", "2"], Ids(few).Concat(restOfFew));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], Ids(many).Concat(restOfMany));
    }

    [Theory, BothEngines]
    public async Task Nothing_is_lost_or_repeated_while_data_arrives_and_a_datastream_goes(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var (one, two) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘"));
        await sta.Observe(one, (1, 1), (2, 2), (3, 3));
        await sta.Observe(two, (1, 4), (2, 5));

        var first = await sta.Get("Observations?$top=2&$filter=Datastream/id gt 0");
        await sta.Observe(one, (0, 6), (4, 7));
        var second = await sta.Get((string)first["@iot.nextLink"]!);
        await sta.Delete($"Datastreams({one})");
        var rest = await Follow(sta, (string)second["@iot.nextLink"]!);

        Assert.Equal(["1", "2", "3", "7", "4", "5"], Ids(first).Concat(Ids(second)).Concat(rest));
    }

    [Theory, BothEngines]
    public async Task A_count_by_datastream_is_exact_below_the_limit_and_near_the_truth_beyond(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings =>
        {
            settings["Sensing:CountLimit"] = "1000";
            settings["Sensing:RollupRestSeconds"] = "0";
        });
        var (one, two) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘"));
        await sta.Observe(one, [.. Enumerable.Range(0, 4000).Select(minute => (minute, minute % 10.0))]);
        await sta.Observe(two, [.. Enumerable.Range(0, 900).Select(minute => (minute, minute % 10.0))]);
        await SeriesTests.Compute(sta);

        Assert.Equal((900, false), await Count(sta, $"Datastream/id eq {two}"));
        Assert.Equal((4000, true), await Count(sta, $"Datastream/id eq {one}"));
        Assert.Equal((4000, true), await Count(sta, "Datastream/Thing/name eq '하나'"));
        Assert.Equal((4900, true), await Count(sta, "Datastream/id lt 3"));
        var (half, guessed) = await Count(sta, $"Datastream/id eq {one} and result lt 5");
        Assert.True(guessed && half is > 1800 and < 2200, $"{half}");
    }

    [Theory, BothEngines]
    public async Task An_estimate_is_never_below_what_the_page_holds(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings => settings["Sensing:CountLimit"] = "1000");
        var (one, _) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘"));
        await sta.Observe(one, [.. Enumerable.Range(0, 3000).Select(minute => (minute, (double)minute))]);

        // The first thousand, from which the rest is guessed, hold none of them.
        var answer = await sta.Get("Datastreams?$orderby=id&$expand=Observations($count=true;$top=5;$filter=result gt 2000)");

        var first = answer["value"]![0]!;
        Assert.Equal(5, first["Observations"]!.AsArray().Count);
        Assert.True((long)first["Observations@iot.count"]! > 5, $"{first["Observations@iot.count"]}");
    }

    private static async Task<(long Number, bool Guessed)> Count(Sta sta, string filter)
    {
        var answer = await sta.Get($"Observations?$top=0&$count=true&$filter={filter}");
        return ((long)answer["@iot.count"]!, (bool?)answer["@madang.countEstimate"] == true);
    }

    private static string Sorted(IEnumerable<string> ids) => string.Join(' ', ids.Order());

    private static IEnumerable<string> Ids(JsonNode page) => page["value"]!.AsArray().Select(one => one!["@iot.id"]!.ToString());

    private static async Task<List<string>> Follow(Sta sta, string question)
    {
        var found = new List<string>();
        for (JsonNode? page = await sta.Get(question); page is not null; page = page["@iot.nextLink"] is { } link ? await sta.Get((string)link!) : null)
        {
            found.AddRange(Ids(page));
        }

        return found;
    }
}
