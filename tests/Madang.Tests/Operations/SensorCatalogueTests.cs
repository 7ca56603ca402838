using Madang.Operations;

namespace Madang.Tests.Operations;

/// <summary>What the catalogue finds, and in which order. Nothing here needs a server.</summary>
public sealed class SensorCatalogueTests
{
    private static readonly DateTimeOffset Clock = new(2026, 7, 19, 5, 0, 0, TimeSpan.Zero);

    private static readonly SensorCatalogue Catalogue = new(
        new CitySnapshot("1", CityData.Real, Clock, Clock, 0, new SensorCount(2, 1, 0), 1, [], [], [], new Dictionary<string, IReadOnlyList<HistoryPoint>>()),
        Madang.Operations.Live.SensorLines.Of([
            Sensor(11, "S-DoT 종로 2", "11110", SensorState.Reporting, 3, ("pm25", 20, true), ("noise", 61, true)),
            Sensor(12, "S-DoT 종로 10", "11110", SensorState.Late, 30, ("pm25", 90, false)),
            Sensor(13, "기상대 관악", "11620", SensorState.Reporting, 1, ("temperature", -3, true), ("pm25", 35, true)) with { Source = "기상청 AWS" },
            Sensor(14, "옛 측정소", null, SensorState.Silent, null, ("pm25", null, false)) with { Dormant = true, Source = "공원 관리소" },
        ]));

    [Theory]
    [InlineData(null, null, null, null, "11 12 13 14")]
    [InlineData("s-dot", null, null, null, "11 12")]
    [InlineData(" 종로  DOT ", null, null, null, "11 12")]
    [InlineData("13", null, null, null, "13")]
    [InlineData("관리소", null, null, null, "14")]
    [InlineData("종로 관악", null, null, null, "")]
    [InlineData(null, "noise", null, null, "11")]
    [InlineData(null, null, "11620", null, "13")]
    [InlineData(null, null, "outside", null, "14")]
    [InlineData(null, null, null, "late", "12")]
    [InlineData(null, null, null, "silent", "")]
    [InlineData(null, null, null, "dormant", "14")]
    [InlineData("종로", "pm25", "11110", "reporting", "11")]
    public void Every_condition_must_hold(string? text, string? measure, string? district, string? health, string found) =>
        Assert.Equal(found, Ids(new SensorQuery { Text = text, Measure = measure, District = district, Health = SensorQuery.ParseHealth(health) }));

    [Theory]
    [InlineData("name", "11 12 13 14")]
    [InlineData("-name", "14 13 12 11")]
    [InlineData("heard", "12 11 13 14")]
    [InlineData("-heard", "13 11 12 14")]
    [InlineData("value", "11 13 12 14")]
    [InlineData("-value", "13 11 12 14")]
    public void What_is_old_or_unknown_comes_after_what_is_so_now(string sort, string found)
    {
        var (order, descending) = SensorQuery.ParseOrder(sort)!.Value;

        Assert.Equal(found, Ids(new SensorQuery { Measure = "pm25", Order = order, Descending = descending }));
    }

    [Fact]
    public void Healths_are_counted_whichever_is_asked_for()
    {
        var hits = Catalogue.Find(new SensorQuery { Measure = "pm25", Health = SensorHealth.Late });

        Assert.Equal((2, 1, 0, 1), (hits.ByHealth[SensorHealth.Reporting], hits.ByHealth[SensorHealth.Late], hits.ByHealth[SensorHealth.Silent], hits.ByHealth[SensorHealth.Dormant]));
        Assert.Equal(["pm25", "temperature", "noise"], Catalogue.MeasuresFound);
    }

    [Fact]
    public void Sensor_2_stands_before_sensor_10() =>
        Assert.Equal(["센서 2", "센서 10", "센서 10-1", "센서 가"], new[] { "센서 10-1", "센서 가", "센서 10", "센서 2" }.OrderBy(Madang.Operations.Live.Directory.InOrder, StringComparer.Ordinal));

    [Fact]
    public void Districts_with_the_same_published_value_share_a_rank_and_those_without_have_none()
    {
        var ranking = Ranking.Of([District("11110", 38.4), District("11140", 37.6), District("11170", 52), District("11200", null), District("11215", 9)], "pm25");

        Assert.Equal([("11170", 1, false), ("11110", 2, true), ("11140", 2, true), ("11215", 4, false)], ranking.Places.Select(place => (place.District.Code, place.Rank, place.Tied)));
        Assert.Equal(["11200"], ranking.Unknown.Select(district => district.Code));
        Assert.Null(ranking.Find("11200"));
    }

    private static string Ids(SensorQuery query) => string.Join(' ', Catalogue.Find(query).Sensors.Select(sensor => sensor.Thing));

    private static SensorNow Sensor(long thing, string name, string? district, SensorState state, int? minutesAgo, params (string Measure, double? Value, bool Current)[] readings)
    {
        var heard = minutesAgo is { } minutes ? Clock.AddMinutes(-minutes) : (DateTimeOffset?)null;
        return new SensorNow(
            thing, name, CityData.Real, "S-DoT", null, 127, 37.5, district, state, Dormant: false, heard,
            [.. readings.Select((reading, index) => new SensorReading((thing * 10) + index, reading.Measure, "", heard, reading.Value, reading.Current, null))]);
    }

    private static DistrictNow District(string code, double? value) => new(
        code, code, code, Approximate: false, new SensorCount(1, 0, 0), Clock, value is { } known ? [new Figure("pm25", "㎍/㎥", known, AirGrade.Moderate, 1, Clock, Clock, "")] : []);
}
