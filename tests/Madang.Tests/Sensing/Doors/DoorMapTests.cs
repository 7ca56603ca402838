using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Doors;

namespace Madang.Tests.Sensing.Doors;

public sealed class DoorMapTests
{
    private const string Good = """
        name: lamp
        format: json
        records: $.lamps[*]
        device:
          from: pole
        measures:
          - from: w
            measure: power
            range: [0, 10]
        """;

    [Fact]
    public void A_mapping_is_read()
    {
        var map = DoorMapReader.Read(Good);

        Assert.Equal(("lamp", "serial", "w", 10m), (map.Name, map.Device.Property, map.Measures[0].From.Written, map.Measures[0].Most));
        Assert.Null(map.Time.From);
        Assert.Null(map.Making);
    }

    [Theory]
    [InlineData("name: lamp", "name: Lamp", "line 1, name")]
    [InlineData("format: json", "format: xml", "line 2, format")]
    [InlineData("records: $.lamps[*]", "records: lamps", "line 3, records")]
    [InlineData("records: $.lamps[*]", "delimiter: ';'", "line 3, delimiter")]
    [InlineData("from: pole", "from: $.a[*]", "line 5, device.from")]
    [InlineData("from: pole", "form: pole", "line 5, device.from")]
    [InlineData("from: pole", "from: pole\n  serial: x", "line 6, device")]
    [InlineData("measure: power", "measure: Power", "line 8, measures[0].measure")]
    [InlineData("range: [0, 10]", "range: [10, 0]", "line 9, measures[0].range")]
    [InlineData("range: [0, 10]", "range: [0, ten]", "line 9, measures[0].range[1]")]
    [InlineData("range: [0, 10]", "scale: 0", "line 9, measures[0].scale")]
    [InlineData("range: [0, 10]", "scale: much", "line 9, measures[0].scale")]
    [InlineData("range: [0, 10]", "rnage: [0, 10]", "line 9, measures[0]")]
    [InlineData("range: [0, 10]", "kind: truth\n    scale: 2", "line 10, measures[0].scale")]
    [InlineData("measures:", "thing: { name: x }\nmeasures:", "line 6, thing")]
    [InlineData("measures:", "time: { from: at, zone: Asia/Soul }\nmeasures:", "line 6, time.zone")]
    [InlineData("measures:", "time: { from: at, format: dd }\nmeasures:", "line 6, time.format")]
    [InlineData("measures:", "create: true\nmeasures:", "line 8, measures[0].unit")]
    [InlineData("format: json", "format: &a json\nabout: *a", "line 3")]
    [InlineData("name: lamp", "name: [", "line ")]
    public void What_is_wrong_with_a_mapping_is_told_by_line_and_key(string from, string to, string where)
    {
        var wrong = Assert.Throws<InvalidInputException>(() => DoorMapReader.Read(Good.Replace(from, to, StringComparison.Ordinal)));

        Assert.StartsWith(where, wrong.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_that_is_nested_without_end_is_refused_and_not_followed()
    {
        Assert.Throws<InvalidInputException>(() => DoorMapReader.Read("name: " + new string('[', 60_000)));
        Assert.Throws<InvalidInputException>(() => DoorMapReader.Read(string.Concat(Enumerable.Range(0, 200).Select(depth => new string(' ', depth) + "a:\n"))));
        Assert.Throws<InvalidInputException>(() => DoorMapReader.Read(""));
        Assert.Throws<InvalidInputException>(() => DoorMapReader.Read("- a"));
    }

    [Theory]
    [InlineData("a.b", "1")]
    [InlineData("@.a.b", "1")]
    [InlineData("$.a.b", "1")]
    [InlineData("list[1]", "3")]
    [InlineData("['a.b']", "4")]
    [InlineData("기온", "5")]
    [InlineData("a['@id']", "6")]
    [InlineData("a.@id", "6")]
    [InlineData("a.c", null)]
    [InlineData("list[2]", null)]
    [InlineData("a[0]", null)]
    public void A_path_leads_to_a_value_or_to_nothing(string path, string? found)
    {
        var json = JsonElement.Parse("""{ "a": { "b": 1, "@id": 6 }, "list": [2, 3], "a.b": 4, "기온": 5 }""");

        Assert.Equal(found, JsonPath.TryParse(path)!.Find(json)?.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("$..a")]
    [InlineData("a[")]
    [InlineData("a[*].b")]
    [InlineData("a[?(@.b)]")]
    [InlineData("a[-1]")]
    public void What_is_no_path_is_known(string path) => Assert.Null(JsonPath.TryParse(path));

    [Theory]
    [InlineData("iso", "2026-07-19T14:30:00+09:00", "2026-07-19T05:30:00.000Z")]
    [InlineData("iso", "2026-07-19 14:30", "2026-07-19T05:30:00.000Z")]
    [InlineData("iso", "2026-07-19T14:30:15.5", "2026-07-19T05:30:15.500Z")]
    [InlineData("iso", "1.5", null)]
    [InlineData("unix", "1784439000", "2026-07-19T05:30:00.000Z")]
    [InlineData("unix-ms", "1784439000500", "2026-07-19T05:30:00.500Z")]
    [InlineData("unix", "1e27", null)]
    [InlineData("yyyyMMddHHmm", "202607191430", "2026-07-19T05:30:00.000Z")]
    [InlineData("yyyyMMddHHmm", "202607192430", null)]
    [InlineData("yyyy-MM-dd HH:mm zzz", "2026-07-19 14:30 +08:00", "2026-07-19T06:30:00.000Z")]
    public void A_time_is_read_as_its_device_writes_it(string format, string text, string? expected)
    {
        var place = new TimePlace(null, format, TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul"));

        Assert.Equal(expected, DeviceTime.Read(place, Cell.Of(text)) is { } time ? IsoTime.Write(time) : null);
    }

    [Fact]
    public void The_shipped_mappings_can_be_read()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Laws.House.Root, "doors"), "*.yaml"))
        {
            var map = DoorMapReader.Read(File.ReadAllText(file));
            Assert.Equal(Path.GetFileNameWithoutExtension(file), map.Name);
            Assert.NotEmpty(map.About);
        }
    }
}
