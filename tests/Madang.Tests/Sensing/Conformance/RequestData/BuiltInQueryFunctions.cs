using Madang.Storage;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/built-in-query-functions")]
public sealed class BuiltInQueryFunctions(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("substringof('pm1', Datastream/name)")]
    [InlineData("endswith(Datastream/name, '10')")]
    [InlineData("startswith(Datastream/name, 'pm1')")]
    [InlineData("length(Datastream/Thing/name) eq 1")]
    [InlineData("indexof(Datastream/name, '10') eq 2")]
    [InlineData("substring(Datastream/name, 2) eq '10'")]
    [InlineData("tolower(Datastream/name) eq 'pm10'")]
    [InlineData("toupper(Datastream/name) eq 'PM10'")]
    [InlineData("trim(concat(' ', Datastream/name)) eq 'pm10'")]
    [InlineData("concat(Datastream/name, '!') eq 'pm10!'")]
    [InlineData("year(phenomenonTime) eq 2026 and result gt 99")]
    [InlineData("month(phenomenonTime) eq 7 and result gt 99")]
    [InlineData("day(phenomenonTime) eq 19 and result gt 99")]
    [InlineData("hour(phenomenonTime) eq 0 and result gt 99")]
    [InlineData("minute(phenomenonTime) le 4 and result gt 99")]
    [InlineData("second(phenomenonTime) eq 0 and result gt 99")]
    [InlineData("fractionalseconds(phenomenonTime) eq 0 and result gt 99")]
    [InlineData("date(phenomenonTime) eq date(2026-07-19T12:00:00Z) and result gt 99")]
    [InlineData("time(phenomenonTime) le time(2026-07-19T12:00:00Z) and result gt 99")]
    [InlineData("totaloffsetminutes(phenomenonTime) eq 0 and result gt 99")]
    [InlineData("phenomenonTime ne now() and result gt 99")]
    [InlineData("phenomenonTime gt mindatetime() and result gt 99")]
    [InlineData("phenomenonTime lt maxdatetime() and result gt 99")]
    [InlineData("round(result add 0.2) gt 99")]
    [InlineData("floor(result add 0.2) gt 99")]
    [InlineData("ceiling(result sub 0.2) gt 99")]
    [InlineData("before(2026-07-18T00:00:00Z, phenomenonTime) and result gt 99")]
    [InlineData("after(phenomenonTime, 2026-07-18T00:00:00Z) and result gt 99")]
    [InlineData("not meets(phenomenonTime, 2026-07-18T00:00:00Z/2026-07-18T01:00:00Z) and result gt 99")]
    [InlineData("during(phenomenonTime, 2026-07-19T00:00:00Z/2026-07-20T00:00:00Z) and result gt 99")]
    [InlineData("overlaps(phenomenonTime, 2026-07-19T00:00:00Z/2026-07-20T00:00:00Z) and result gt 99")]
    [InlineData("not starts(phenomenonTime, 2026-07-18T00:00:00Z) and result gt 99")]
    [InlineData("not finishes(phenomenonTime, 2026-07-18T00:00:00Z) and result gt 99")]
    [InlineData("geo.distance(FeatureOfInterest/feature, geography'POINT(127.1 37.57)') lt 10")]
    [InlineData("geo.length(geography'LINESTRING(127 37,128 37)') gt 88000 and result gt 99")]
    [InlineData("geo.intersects(FeatureOfInterest/feature, geography'POLYGON((127 37,128 37,128 38,127 38,127 37))')")]
    [InlineData("st_equals(FeatureOfInterest/feature, geography'POINT(127.1 37.57)')")]
    [InlineData("st_disjoint(FeatureOfInterest/feature, geography'POINT(126.977 37.57)')")]
    [InlineData("st_touches(FeatureOfInterest/feature, geography'LINESTRING(127.1 37.57,127.2 37.57)')")]
    [InlineData("st_within(FeatureOfInterest/feature, geography'POLYGON((127 37,128 37,128 38,127 38,127 37))')")]
    [InlineData("not st_overlaps(FeatureOfInterest/feature, geography'POINT(127 37)') and result gt 99")]
    [InlineData("not st_crosses(FeatureOfInterest/feature, geography'LINESTRING(127 37,128 38)') and result gt 99")]
    [InlineData("st_intersects(FeatureOfInterest/feature, geography'POINT(127.1 37.57)')")]
    [InlineData("st_contains(geography'POLYGON((127 37,128 37,128 38,127 38,127 37))', FeatureOfInterest/feature)")]
    [InlineData("st_relate(FeatureOfInterest/feature, geography'POINT(127.1 37.57)', 'T********')")]
    public async Task Every_function_of_tables_22_and_23_finds_the_second_datastream(string filter)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            Assert.Equal("100,101,102", await (await shared.Get(engine, Numbers.Prepare)).Results($"Observations?$orderby=id&$filter={filter}"));
        }
    }
}
