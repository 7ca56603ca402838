using Madang.Sensing;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing;

public sealed class LatestReadingTests
{
    [Theory, BothEngines]
    public async Task A_stream_may_say_how_often_it_speaks_and_nonsense_there_is_nothing_said(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var thing = await sta.Create("Things", Sta.Thing());
        foreach (var said in new[] { "3600", "\"120\"", "0", "1e300", "86401", "\"often\"", "{ \"a\": 1 }", "null" })
        {
            await sta.Create($"Things({thing})/Datastreams", Sta.Datastream(more: $$""", "properties": { "cadenceSeconds": {{said}} }"""));
        }

        var latest = await sta.City.Services.GetRequiredService<SensingQueries>().ListLatest(TestContext.Current.CancellationToken);

        Assert.Equal([null, 3600, 120, null, null, null, null, null, null], latest.Select(reading => reading.Cadence?.TotalSeconds));
    }
}
