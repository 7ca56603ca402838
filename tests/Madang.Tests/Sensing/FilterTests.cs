using Madang.Storage;

namespace Madang.Tests.Sensing;

/// <summary>One small city for each engine; every filter must count the same there.</summary>
public sealed class FilterTests(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("result gt 2", 2)]
    [InlineData("result ge 2 and result lt 4", 2)]
    [InlineData("result eq 1 or result eq 4 and result gt 100", 1)]
    [InlineData("(result eq 1 or result eq 4) and result lt 100", 2)]
    [InlineData("not (result gt 2)", 6)]
    [InlineData("result add 1 gt 4", 1)]
    [InlineData("result mul 2 sub 1 eq 7", 1)]
    [InlineData("result div 2 eq 0.5", 1)]
    [InlineData("result mod 2 eq 1", 2)]
    [InlineData("result mod 0 eq 1", 0)]
    [InlineData("round(result add 0.5) eq 3", 1)]
    [InlineData("round(result sub 0.5) eq 2", 1)]
    [InlineData("-1 lt result", 4)]
    [InlineData("result eq '비와 눈'", 1)]
    [InlineData("substringof('눈', result)", 1)]
    [InlineData("result eq 'it''s'", 1)]
    [InlineData("result eq true", 1)]
    [InlineData("result eq null", 1)]
    [InlineData("result ne null", 7)]
    [InlineData("resultTime eq null", 8)]
    [InlineData("phenomenonTime lt 2026-07-19T00:04:00Z", 2)]
    [InlineData("phenomenonTime ge 2026-07-19T09:04:00+09:00 and phenomenonTime le 2026-07-19T00:06:00Z", 2)]
    [InlineData("phenomenonTime lt now()", 8)]
    [InlineData("Datastream/Thing/name eq '종로 1'", 8)]
    [InlineData("Datastream/Thing/Locations/name eq '없는 곳'", 0)]
    [InlineData("Datastream/Thing/properties/owner/dept eq '스마트도시과'", 8)]
    [InlineData("Datastream/Thing/properties/list[1] eq 2", 8)]
    [InlineData("Datastream/Thing/properties/rank gt 6.5", 8)]
    [InlineData("Datastream/Thing/properties/simulated eq true", 8)]
    [InlineData("Datastream/Thing/properties/nothing eq null", 8)]
    [InlineData("Datastream/unitOfMeasurement/symbol eq '㎍/㎥'", 8)]
    [InlineData("startswith(Datastream/ObservedProperty/name, '초미세') and endswith(Datastream/Thing/name, '1')", 8)]
    [InlineData("length(Datastream/Thing/name) eq 4", 8)]
    [InlineData("id gt 0 and round(result) eq 3", 1)]
    public async Task Filters_mean_the_same_on_both_engines(string filter, int expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine, Prepare);

            Assert.True(expected == (int)(await sta.Get($"Observations?$filter={filter}&$count=true&$top=0"))["@iot.count"]!, $"{filter} on {engine}");
        }
    }

    private static async Task Prepare(Sta sta)
    {
        var minute = 0;
        foreach (var result in new[] { "1", "2", "3", "4", "\"비와 눈\"", "\"it's\"", "true", "null" })
        {
            await sta.Post("Datastreams(1)/Observations", $$"""{ "phenomenonTime": "{{Sta.At(minute)}}", "result": {{result}} }""");
            minute += 2;
        }
    }
}
