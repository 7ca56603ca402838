using System.Net;
using Madang.Storage;

namespace Madang.Tests.Sensing.Query;

/// <summary>Every operator and function of OGC 18-088, tables 21 to 23, with an answer known beforehand, on both engines.</summary>
public sealed class FunctionTests(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    // Precedence and parentheses; arithmetic on both sides.
    [InlineData("result add 2 mul 3 eq 7", "1")]
    [InlineData("(result add 2) mul 3 eq 9", "1")]
    [InlineData("result mul 2 eq 1 add 3", "2")]
    [InlineData("-result eq -3", "3")]
    [InlineData("result sub -1 eq 4", "3")]
    [InlineData("result divby 2 eq 1.5", "3")]
    [InlineData("result div 2 eq 1.5", "3")]
    [InlineData("result mod 2 eq 0 and not (result eq 4) or result eq 1", "1,2")]
    [InlineData("not (result eq 1 or result eq 2) and result lt 4", "3")]
    [InlineData("result in (1, 3, 'it''s')", "1,3,6")]
    [InlineData("not (result in (1, 2, 3, 4))", "5,6,7,8")]
    // Text: doubled quotes, Korean, numbers that are sometimes text.
    [InlineData("result eq 'it''s'", "6")]
    [InlineData("result ne 'it''s' and result ne 1", "2,3,4,5,7,8")]
    [InlineData("substringof('비', result)", "5")]
    [InlineData("contains(result, '눈')", "5")]
    [InlineData("startswith(result, '비와')", "5")]
    [InlineData("endswith(result, '''s')", "6")]
    [InlineData("length(result) eq 4", "5,6")]
    [InlineData("indexof(result, '눈') eq 3", "5")]
    [InlineData("substring(result, 3) eq '눈'", "5")]
    [InlineData("substring(result, 1, 1) eq '와'", "5")]
    [InlineData("toupper(result) eq 'IT''S'", "6")]
    [InlineData("tolower('비A') eq '비a' and result eq 1", "1")]
    [InlineData("trim(concat('  ', result)) eq 'it''s'", "6")]
    [InlineData("concat(concat(result, '-'), concat(result, '!')) eq '비와 눈-비와 눈!'", "5")]
    // Null.
    [InlineData("result eq null", "8")]
    [InlineData("result ne null and result ne true", "1,2,3,4,5,6")]
    [InlineData("year(resultTime) eq null", "2,3,4,5,6,7,8")]
    [InlineData("year(resultTime) ne null", "1")]
    [InlineData("validTime eq null", "1,2,4,5,6,7,8")]
    [InlineData("parameters/color eq 'red'", "2")]
    [InlineData("parameters/list[1] eq 20", "2")]
    [InlineData("parameters/deep/er ne null", "2")]
    // Numbers.
    [InlineData("round(result add 0.4) eq 3", "3")]
    [InlineData("floor(result add 0.9) eq 3", "3")]
    [InlineData("ceiling(result sub 0.9) eq 3", "3")]
    // Parts of a time, in UTC. The first is 2026-07-19T00:00:00Z.
    [InlineData("year(phenomenonTime) eq 2026 and result eq 1", "1")]
    [InlineData("year(phenomenonTime) eq 1969", "4")]
    [InlineData("month(phenomenonTime) eq 12 and day(phenomenonTime) eq 31", "4")]
    [InlineData("hour(phenomenonTime) eq 23 and minute(phenomenonTime) eq 59 and second(phenomenonTime) eq 58", "4")]
    [InlineData("fractionalseconds(phenomenonTime) eq 0.25", "4")]
    [InlineData("date(phenomenonTime) eq 1969-12-31", "4")]
    [InlineData("date(phenomenonTime) lt 2026-07-19", "4")]
    [InlineData("time(phenomenonTime) gt 23:59:58", "4")]
    [InlineData("time(phenomenonTime) eq 00:02:00", "2")]
    [InlineData("hour(time(phenomenonTime)) eq 23", "4")]
    [InlineData("year(date(phenomenonTime)) eq 1969", "4")]
    [InlineData("totaloffsetminutes(phenomenonTime) eq 0 and result eq 1", "1")]
    [InlineData("hour(2026-07-19T08:00:00+09:00) eq 23 and result eq 1", "1")]
    [InlineData("phenomenonTime lt now() and result eq 1", "1")]
    [InlineData("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime() and result eq 1", "1")]
    // Durations, on both sides.
    [InlineData("phenomenonTime add duration'PT1H' eq 2026-07-19T01:00:00Z", "1")]
    [InlineData("phenomenonTime sub duration'P1DT2H' eq 2026-07-17T22:00:00Z", "1")]
    [InlineData("phenomenonTime eq 2026-07-19T00:01:00Z add duration'PT1M'", "2")]
    [InlineData("phenomenonTime sub 'PT2M' eq 2026-07-19T00:00:00Z", "2")]
    [InlineData("phenomenonTime sub 2026-07-19T00:00:00Z eq duration'PT2M'", "2")]
    [InlineData("phenomenonTime sub resultTime lt duration'-PT1S'", "1")]
    [InlineData("(phenomenonTime sub 2026-07-19T00:00:00Z) mul 2 eq duration'PT4M'", "2")]
    [InlineData("(phenomenonTime sub 2026-07-19T00:00:00Z) div 2 eq -duration'-PT1M'", "2")]
    [InlineData("totalseconds(phenomenonTime sub 2026-07-19T00:00:00Z) eq 120", "2")]
    [InlineData("date(phenomenonTime) sub 2026-07-18 eq duration'P1D' and result eq 1", "1")]
    [InlineData("date(phenomenonTime) add duration'P1D' eq 1970-01-01", "4")]
    [InlineData("2026-07-19T09:00:00 09:00 eq phenomenonTime", "1")]
    // Instants and intervals. The third has validTime 2026-07-19T00:00:00Z/2026-07-20T00:00:00Z.
    [InlineData("before(validTime, 2026-07-20T00:00:00Z)", "3")]
    [InlineData("before(validTime, 2026-07-19T23:00:00Z)", "")]
    [InlineData("after(validTime, 2026-07-18T23:00:00Z)", "3")]
    [InlineData("after(validTime, 2026-07-18T00:00:00Z/2026-07-19T00:00:00Z)", "3")]
    [InlineData("meets(validTime, 2026-07-20T00:00:00Z/2026-07-21T00:00:00Z)", "3")]
    [InlineData("meets(2026-07-18T00:00:00Z/P1D, validTime)", "3")]
    [InlineData("during(validTime, 2026-07-19T00:00:00Z/2026-07-20T00:00:00Z)", "3")]
    [InlineData("during(validTime, 2026-07-19T01:00:00Z/2026-07-20T00:00:00Z)", "")]
    [InlineData("during(phenomenonTime, 2026-07-19T00:00:00Z/2026-07-19T00:02:00Z)", "1")]
    [InlineData("during(phenomenonTime, '2026-07-19T00:00:00Z/2026-07-19T00:02:00Z')", "1")]
    [InlineData("overlaps(validTime, 2026-07-19T12:00:00Z/2026-07-21T00:00:00Z)", "3")]
    [InlineData("overlaps(validTime, 2026-07-20T00:00:00Z/2026-07-21T00:00:00Z)", "")]
    [InlineData("overlaps(validTime, 2026-07-19T00:00:00Z)", "3")]
    [InlineData("starts(validTime, 2026-07-19T00:00:00Z)", "3")]
    [InlineData("finishes(validTime, 2026-07-01T00:00:00Z/2026-07-20T00:00:00Z)", "3")]
    [InlineData("validTime eq 2026-07-19T00:00:00Z/2026-07-20T00:00:00Z", "3")]
    [InlineData("validTime lt 2026-07-20T00:00:00Z/2026-07-21T00:00:00Z", "3")]
    [InlineData("validTime add duration'P1D' eq 2026-07-20T00:00:00Z/2026-07-21T00:00:00Z", "3")]
    // Paths through many mean "exists", under "not" as well.
    [InlineData("Datastream/Observations/result eq 'it''s' and result eq 1", "1")]
    [InlineData("not (Datastream/Observations/result eq 'nothing') and result eq 1", "1")]
    [InlineData("not (Datastream/Observations/result eq 'it''s')", "")]
    [InlineData("Datastream/Thing/properties/owner/dept eq '스마트도시과' and result eq 1", "1")]
    [InlineData("Datastream/Thing/properties/list[0] eq 1 and result eq 1", "1")]
    public async Task A_function_gives_the_known_answer(string filter, string expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var sta = await shared.Get(engine, Prepare);

            Assert.True(expected == string.Join(',', await sta.Names($"Observations?$filter={filter}&$orderby=id", "@iot.id")), $"{filter} on {engine}");
        }
    }

    [Theory]
    [InlineData("year(result) eq 1", "argument 1 of 'year'")]
    [InlineData("concat(result, 5) eq 'a'", "argument 2 of 'concat'")]
    [InlineData("substringof(5, result)", "argument 1 of 'substringof'")]
    [InlineData("during(phenomenonTime, 5)", "argument 2 of 'during'")]
    [InlineData("hour(date(phenomenonTime)) eq 1", "argument 1 of 'hour'")]
    [InlineData("totalseconds(5) eq 1", "argument 1 of 'totalseconds'")]
    [InlineData("year() eq 1", "takes 1 arguments, not 0")]
    [InlineData("substring(result) eq 'a'", "takes 2 or 3 arguments")]
    [InlineData("phenomenonTime add 5 eq now()", "'add' at position 16 cannot be done with a time and a number")]
    [InlineData("phenomenonTime mul duration'PT1H' eq now()", "'mul'")]
    [InlineData("phenomenonTime add duration'P1M' eq now()", "duration of days")]
    [InlineData("phenomenonTime add duration'P' eq now()", "duration of days")]
    [InlineData("phenomenonTime gt 2026-07-20T00:00:00Z/2026-07-19T00:00:00Z", "ends before it starts")]
    [InlineData("phenomenonTime gt 2026-07-19", "compares a time with a date")]
    [InlineData("result in (id)", "constants")]
    [InlineData("result eq binary'AA'", "stands before a quote")]
    public async Task A_wrong_argument_is_named(string filter, string said)
    {
        var problem = await (await shared.Get(Engine.Sqlite, Prepare)).Get($"Observations?$filter={filter}", HttpStatusCode.BadRequest);

        Assert.Equal("$filter", (string)problem["field"]!);
        Assert.Contains(said, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory, Hosts.BothEngines]
    public async Task Plus_and_percent_signs_mean_what_addresses_say(Engine engine)
    {
        var sta = await shared.Get(engine, Prepare);
        async Task<int> Found(string query) => (await sta.Get("/sta/v1.1/Observations?" + query))["value"]!.AsArray().Count;

        Assert.Equal(1, await Found("$filter=result+eq+%27it%27%27s%27"));
        Assert.Equal(1, await Found("%24filter=result%20eq%20%27%EB%B9%84%EC%99%80%20%EB%88%88%27"));
        Assert.Equal(1, await Found("$filter=phenomenonTime eq 2026-07-19T09:00:00%2B09:00"));
        Assert.Equal(1, await Found("$filter=phenomenonTime eq 2026-07-19T09:00:00+09:00"));
    }

    private static async Task Prepare(Sta sta)
    {
        string[] observations =
        [
            $$"""{ "phenomenonTime": "{{Sta.At(0)}}", "result": 1, "resultTime": "{{Sta.At(1)}}" }""",
            $$"""{ "phenomenonTime": "{{Sta.At(2)}}", "result": 2, "parameters": { "color": "red", "list": [10, 20], "deep": { "er": 1 } } }""",
            $$"""{ "phenomenonTime": "{{Sta.At(4)}}", "result": 3, "validTime": "2026-07-19T00:00:00Z/2026-07-20T00:00:00Z" }""",
            """{ "phenomenonTime": "1969-12-31T23:59:58.25Z", "result": 4 }""",
            $$"""{ "phenomenonTime": "{{Sta.At(8)}}", "result": "비와 눈" }""",
            $$"""{ "phenomenonTime": "{{Sta.At(10)}}", "result": "it's" }""",
            $$"""{ "phenomenonTime": "{{Sta.At(12)}}", "result": true }""",
            $$"""{ "phenomenonTime": "{{Sta.At(14)}}", "result": null }""",
        ];
        foreach (var observation in observations)
        {
            await sta.Post("Datastreams(1)/Observations", observation);
        }
    }
}
