using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Query;

public sealed class CountTests
{
    [Theory, BothEngines]
    public async Task A_count_is_exact_up_to_its_limit_and_an_estimate_that_says_so_beyond(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings => settings["Sensing:CountLimit"] = "1000");
        var (small, large) = (await sta.CreateDatastream(), await sta.CreateDatastream("둘"));
        await sta.Observe(small, [.. Enumerable.Range(0, 1000).Select(minute => (minute, (double)minute))]);
        var below = await sta.Get($"Datastreams({small})/Observations?$count=true&$top=0");
        await sta.Observe(large, [.. Enumerable.Range(0, 3000).Select(minute => (minute, (double)(minute % 10)))]);
        if (engine == Engine.Postgres)
        {
            await using var command = Npgsql.NpgsqlDataSource.Create(sta.City.Store.Postgres!).CreateCommand("ANALYZE");
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var all = await sta.Get("Observations?$count=true&$top=0");
        var filtered = await sta.Get($"Datastreams({large})/Observations?$count=true&$top=0&$filter=result eq 3");
        var most = await sta.Get($"Datastreams({large})/Observations?$count=true&$top=0&$filter=result gt 1");
        var expanded = (await sta.Get("Datastreams?$expand=Observations($count=true;$top=1)"))["value"]![1]!;

        Assert.Equal((1000, null), ((long)below["@iot.count"]!, below["@madang.countEstimate"]));
        Assert.True((bool)all["@madang.countEstimate"]!);
        Assert.InRange((long)all["@iot.count"]!, 1001, 8000);
        Assert.Equal((300, null), ((long)filtered["@iot.count"]!, filtered["@madang.countEstimate"]));
        Assert.True((bool)most["@madang.countEstimate"]!);
        Assert.InRange((long)most["@iot.count"]!, 500, 8000);
        Assert.True((bool)expanded["Observations@madang.countEstimate"]!);
    }

    [Theory, BothEngines]
    public async Task Whoever_prefers_an_exact_count_gets_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine, settings => settings["Sensing:CountLimit"] = "1000");
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 1500).Select(minute => (minute, (double)minute))]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sta/v1.1/Observations?$count=true&$top=0");
        request.Headers.Add("Prefer", "count=exact");

        var answer = await sta.City.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("""{"@iot.count":1500,"value":[]}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("count=exact", answer.Headers.GetValues("Preference-Applied").Single());
    }

    [Fact]
    public async Task Tops_that_multiply_beyond_reason_are_refused_before_anything_is_read()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);

        var problem = await sta.Get("Things?$top=1000&$expand=Datastreams($top=100;$expand=Observations($top=100))", HttpStatusCode.BadRequest);

        Assert.Equal("$top", (string)problem["field"]!);
        await sta.Get("Datastreams?$top=10000&$expand=Observations($top=1;$orderby=phenomenonTime desc)");
        await sta.Get("Things?$expand=Datastreams/Observations");
    }
}
