using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Query;

/// <summary>Following nextLink gives everything once, in every order, whatever comes and goes meanwhile.</summary>
public sealed class PagingTests
{
    [Theory, BothEngines]
    public async Task Every_order_is_paged_whole_and_equals_one_large_page(Engine engine)
    {
        await using var sta = await Start(engine);
        string[] orders =
        [
            "", "&$orderby=id desc", "&$orderby=phenomenonTime", "&$orderby=phenomenonTime desc", "&$orderby=phenomenonTime desc,id", "&$orderby=result", "&$orderby=result desc",
            "&$orderby=resultTime", "&$orderby=resultTime desc,result", "&$orderby=parameters/rank desc,phenomenonTime", "&$orderby=Datastream/name desc,result",
            "&$orderby=year(resultTime),result mod 3", "&$orderby=hour(phenomenonTime) desc",
        ];
        foreach (var collection in new[] { "Observations", "Datastreams(1)/Observations" })
        {
            foreach (var order in orders)
            {
                var whole = await sta.Names($"{collection}?$top=1000{order}", "@iot.id");

                Assert.True(whole.SequenceEqual(await Follow(sta, $"{collection}?$top=4{order}")), $"{collection} {order} on {engine}");
                Assert.Equal(whole.Skip(3), await Follow(sta, $"{collection}?$top=4&$skip=3{order}"));
            }
        }
    }

    [Theory, BothEngines]
    public async Task Nothing_is_lost_or_repeated_while_data_arrives_and_earlier_rows_go(Engine engine)
    {
        await using var sta = await Start(engine);
        var before = await sta.Names("Datastreams(1)/Observations?$orderby=phenomenonTime desc&$top=1000", "@iot.id");

        var page = await sta.Get("Datastreams(1)/Observations?$orderby=phenomenonTime desc&$top=5");
        var first = page["value"]!.AsArray().Select(one => one!["@iot.id"]!.ToString()).ToList();
        foreach (var id in first)
        {
            await sta.Delete($"Observations({id})");
        }

        await sta.Observe(1, (5000, 1), (5002, 2), (-5000, 3));
        var rest = await Follow(sta, (string)page["@iot.nextLink"]!);

        Assert.Equal(before, first.Concat(rest.SkipLast(1)));
    }

    [Theory, BothEngines]
    public async Task Pages_inside_expand_go_on_by_keys_too(Engine engine)
    {
        await using var sta = await Start(engine);
        var whole = await sta.Names("Datastreams(1)/Observations?$orderby=result desc&$top=1000", "@iot.id");

        var expanded = (await sta.Get("Datastreams?$filter=id lt 3&$expand=Observations($orderby=result desc;$top=4)"))["value"]!.AsArray();
        var first = expanded[0]!["Observations"]!.AsArray().Select(one => one!["@iot.id"]!.ToString());
        var link = (string)expanded[0]!["Observations@iot.nextLink"]!;

        Assert.Contains("$skiptoken=", link, StringComparison.Ordinal);
        Assert.Equal(whole, first.Concat(await Follow(sta, link)));
        Assert.Equal(2, expanded.Count);
    }

    [Theory, BothEngines]
    public async Task A_token_that_was_changed_or_belongs_elsewhere_is_refused(Engine engine)
    {
        await using var sta = await Start(engine);
        var link = (string)(await sta.Get("Observations?$top=2&$orderby=result"))["@iot.nextLink"]!;
        var token = link[(link.IndexOf("$skiptoken=", StringComparison.Ordinal) + 11)..];
        var changed = (token[0] == 'A' ? "B" : "A") + token[1..];

        foreach (var question in new[]
        {
            $"Observations?$top=2&$orderby=result&$skiptoken={changed}", $"Observations?$top=2&$orderby=id&$skiptoken={token}", $"Observations?$top=2&$orderby=result&$filter=id gt 1&$skiptoken={token}",
            $"Datastreams(1)/Observations?$orderby=result&$skiptoken={token}", "Observations?$skiptoken=", "Observations?$skiptoken=x", $"Datastreams?$expand=Observations($skiptoken={token})",
        })
        {
            Assert.Equal("$skiptoken", (string)(await sta.Get(question, HttpStatusCode.BadRequest))["field"]!);
        }

        Assert.Equal("$skip", (string)(await sta.Get($"Observations?$top=2&$orderby=result&$skip=1&$skiptoken={token}", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory, BothEngines]
    public async Task Keys_too_long_for_an_address_are_counted_instead(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        for (var index = 0; index < 6; index++)
        {
            await sta.Create("ObservedProperties", $$"""{ "name": "{{index}}{{new string('가', index % 2 == 0 ? 400 : 3)}}", "definition": "d", "description": "d" }""");
        }

        Assert.Equal(["1", "2", "3", "4", "5", "6"], await Follow(sta, "ObservedProperties?$orderby=name&$top=1"));
    }

    [Theory, BothEngines]
    public async Task The_last_observation_of_every_datastream_comes_from_what_is_kept_at_hand(Engine engine)
    {
        await using var sta = await Start(engine);
        await sta.CreateDatastream("빈 곳");
        foreach (var order in new[] { "phenomenonTime desc", "phenomenonTime desc,id desc" })
        {
            var page = (await sta.Get($"Datastreams?$expand=Observations($orderby={order};$top=1)"))["value"]!.AsArray();
            foreach (var datastream in page)
            {
                var alone = await sta.Get($"Datastreams({datastream!["@iot.id"]})/Observations?$orderby={order}&$top=1");
                Assert.Equal(alone["value"]!.ToJsonString(), datastream["Observations"]!.ToJsonString());
                Assert.Equal(alone["@iot.nextLink"] is null, datastream["Observations@iot.nextLink"] is null);
                if (datastream["Observations@iot.nextLink"] is { } link)
                {
                    Assert.Equal((await Follow(sta, (string)alone["@iot.nextLink"]!)).Take(3), (await Follow(sta, (string)link!)).Take(3));
                }
            }

            Assert.Empty(page[2]!["Observations"]!.AsArray());
        }
    }

    private static async Task<List<string>> Follow(Sta sta, string question)
    {
        var found = new List<string>();
        for (JsonNode? page = await sta.Get(question); page is not null; page = page["@iot.nextLink"] is { } link ? await sta.Get((string)link!) : null)
        {
            Assert.NotEmpty(page["value"]!.AsArray());
            found.AddRange(page["value"]!.AsArray().Select(one => one!["@iot.id"]!.ToString()));
        }

        return found;
    }

    /// <summary>Two Datastreams whose Observations have results of all kinds, equal times and missing values.</summary>
    private static async Task<Sta> Start(Engine engine)
    {
        var sta = await Sta.Start(engine);
        var (one, two) = (await sta.CreateDatastream("하나"), await sta.CreateDatastream("둘", "pm10"));
        string[] results = ["1", "2.5", "-3", "\"글\"", "\"it's\"", "true", "null", "1", "7", "\"글\"", "{ \"a\": 1 }", "0.1", "false"];
        for (var index = 0; index < 26; index++)
        {
            var more = (index % 3) switch { 0 => $", \"resultTime\": \"{Sta.At(index % 5)}\"", 1 => $", \"parameters\": {{ \"rank\": {index % 4} }}", _ => "" };
            await sta.Post($"Datastreams({(index % 4 == 0 ? two : one)})/Observations", $$"""{ "phenomenonTime": "{{Sta.At(index / 3 * 60)}}", "result": {{results[index % results.Length]}}{{more}} }""");
        }

        return sta;
    }
}
