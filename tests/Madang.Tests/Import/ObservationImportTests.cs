using System.Globalization;
using Madang.Import;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Import;

public sealed class ObservationImportTests
{
    private const string Rows = ImportDesk.Head + "A,left,126.9,37.5,2026-07-18,0.10,1215\nB,right,127.0,37.6,2026-07-18,,1216\n\nA,left,126.9,37.5,2026-07-19,0.12,\n";

    [Theory]
    [InlineData(true, "100 Things made or found")]
    [InlineData(false, "200 Observations stored")]
    public async Task Progress_says_what_is_counted(bool onlyStations, string expected)
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        var map = onlyStations ? "id: stations\nsource: { text: a test }\nthing:\n  key: [station]\n  name: \"{station}\"\nlocation: { longitude: x, latitude: y }\n" : ImportDesk.Map;
        var csv = ImportDesk.Head + string.Concat(Enumerable.Range(0, 100).Select(row => $"{(onlyStations ? row : "A")},left,126.9,37.5,{new DateOnly(2026, 1, 1).AddDays(row):yyyy-MM-dd},1,1\n"));
        var told = new Told();

        await new ObservationImport(desk.Sta.City.Client, null, TimeProvider.System).Run(desk.File("data.csv", csv), desk.File("map.yaml", map), desk.Rejected, told, TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Create(CultureInfo.InvariantCulture, $"{told.Last.Count} {told.Last.Counted}"));
    }

    private sealed class Told : IProgress<ImportProgress>
    {
        public ImportProgress Last { get; private set; }

        public void Report(ImportProgress value) => Last = value;
    }

    [Theory, BothEngines]
    public async Task A_table_becomes_stations_and_days_and_a_second_run_adds_nothing(Engine engine)
    {
        await using var desk = await ImportDesk.Open(engine);

        var first = await desk.Import(Rows);
        Assert.Equal((3L, 2L, 4L, 4L, 2L, 0L), (first.Rows, first.ThingsMade, first.DatastreamsMade, first.Stored, first.EmptyCells, first.Rejected));
        Assert.False(File.Exists(desk.Rejected));

        var second = await desk.Import(Rows);
        Assert.Equal((0L, 2L, 0L, 4L, 0L, 4L), (second.ThingsMade, second.ThingsFound, second.DatastreamsMade, second.DatastreamsFound, second.Stored, second.AlreadyThere));
        Assert.Equal((2, 4, 4, 1, 2), (await desk.Count("Things"), await desk.Count("Datastreams"), await desk.Count("Observations"), await desk.Count("Sensors"), await desk.Count("ObservedProperties")));
    }

    [Theory, BothEngines]
    public async Task Days_numbers_and_properties_come_back_as_the_map_says(Engine engine)
    {
        await using var desk = await ImportDesk.Open(engine);
        await desk.Import(Rows);

        var thing = (await desk.Sta.Get("Things?$filter=properties/importId eq 'river/A'&$expand=Locations,Datastreams($expand=Observations,ObservedProperty;$orderby=id)"))["value"]![0]!;
        Assert.Equal(("Station A", "left", "a test"), ((string)thing["name"]!, (string)thing["properties"]!["bank"]!, (string)thing["properties"]!["source"]!));
        Assert.Equal("[126.9,37.5]", thing["Locations"]![0]!["location"]!["coordinates"]!.ToJsonString());
        var level = thing["Datastreams"]![0]!;
        Assert.Equal("level", (string)level["ObservedProperty"]!["properties"]!["measure"]!);
        Assert.Equal("2026-07-17T15:00:00.000Z/2026-07-18T15:00:00.000Z", (string)level["Observations"]![0]!["phenomenonTime"]!);
        Assert.Equal("0.10", level["Observations"]![0]!["result"]!.ToJsonString());
        Assert.Equal(21.5m, (decimal)thing["Datastreams"]![1]!["Observations"]![0]!["result"]!);
    }

    [Fact]
    public async Task Bad_cells_are_rejected_with_line_and_column_and_the_rest_is_stored()
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);

        var summary = await desk.Import(ImportDesk.Head
            + "A,left,126.9,37.5,2026-07-18,deep,1215\nA,left,126.9,37.5,2026-02-30,1,1215\nA,left,east,37.5,2026-07-19,1,1\n,left,126.9,37.5,2026-07-19,1,1\nA,left,126.9\n\"A\"x,left,126.9,37.5,2026-07-18,1,1\nA,left,126.9,37.5,2026-07-20,NaN,\"12");

        Assert.Equal((1L, 7L), (summary.Stored, summary.Rejected));
        var lines = await File.ReadAllLinesAsync(desk.Rejected, TestContext.Current.CancellationToken);
        Assert.Equal("line,column,value,reason", lines[0]);
        Assert.Equal("2,level,deep,is not a number", lines[1]);
        Assert.StartsWith("3,day,2026-02-30,is not a time", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("4,x,east,is not a number of degrees", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("5,station,,the row does not say which station", lines[4], StringComparison.Ordinal);
        Assert.Contains("the row has 3 cells where the header has 7", lines[5], StringComparison.Ordinal);
        Assert.Contains("a quote stands inside a cell", lines[6], StringComparison.Ordinal);
        Assert.StartsWith("8,", lines[7], StringComparison.Ordinal);
        Assert.Contains("a quote is not closed", lines[7], StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task Another_value_for_a_stored_time_is_reported_and_not_written(Engine engine)
    {
        await using var desk = await ImportDesk.Open(engine);
        await desk.Import(Rows);

        var summary = await desk.Import(Rows.Replace("0.12", "0.99", StringComparison.Ordinal));

        Assert.Equal((0L, 3L, 1L, 1L), (summary.Stored, summary.AlreadyThere, summary.Different, summary.Rejected));
        Assert.Contains("differs from 0.12", await File.ReadAllTextAsync(desk.Rejected, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await desk.Sta.Get("Observations?$filter=result eq 0.99&$count=true"))["@iot.count"]!);
    }

    [Theory, BothEngines]
    public async Task Two_imports_at_once_store_once(Engine engine)
    {
        await using var desk = await ImportDesk.Open(engine);
        var rows = ImportDesk.Head + string.Concat(Enumerable.Range(0, 200).Select(day => string.Create(CultureInfo.InvariantCulture, $"A,left,126.9,37.5,{new DateOnly(2025, 1, 1).AddDays(day):yyyy-MM-dd},{day},{day}\n")));
        var (file, map) = (desk.File("data.csv", rows), desk.File("map.yaml", ImportDesk.Map));

        var both = await Task.WhenAll(desk.ImportFile(file, map), desk.ImportFile(file, map));

        Assert.All(both, summary => Assert.Equal((200L, 0L), (summary.Rows, summary.Rejected)));
        Assert.Equal((1, 400), (await desk.Count("Things"), await desk.Count("Observations")));
    }

    [Fact]
    public async Task What_was_deleted_is_imported_again()
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        await desk.Import(Rows);
        foreach (var id in (await desk.Sta.Get("Observations?$select=id"))["value"]!.AsArray().Select(entity => (long)entity!["@iot.id"]!))
        {
            await desk.Sta.Delete($"Observations({id})");
        }

        Assert.Equal(4, (await desk.Import(Rows)).Stored);
        Assert.Equal(4, await desk.Count("Observations"));

        foreach (var id in (await desk.Sta.Get("Things?$select=id"))["value"]!.AsArray().Select(entity => (long)entity!["@iot.id"]!))
        {
            await desk.Sta.Delete($"Things({id})");
        }

        Assert.Equal(2, (await desk.Import(Rows)).ThingsMade);
        Assert.Equal((2, 4), (await desk.Count("Things"), await desk.Count("Observations")));
    }

    [Theory]
    [InlineData("id: river", "id: River", "id: must be small Latin letters")]
    [InlineData("id: river", "idd: river", "line 1: there is no key 'idd' here")]
    [InlineData("column: level", "column: depth", "has no column 'depth'")]
    [InlineData("yyyy-MM-dd, zone: Asia/Seoul", "yyyy-MM-dd, zone: Asia/Madang", "time.zone: 'Asia/Madang' is not a time zone")]
    [InlineData("period: day", "period: week", "time.period: 'week' is not one of day, hour, instant")]
    [InlineData("source: { text: a test }", "file: { encoding: ascii }", "file.encoding: 'ascii' is not one of utf-8, cp949, latin1")]
    [InlineData("{bank}", "{side}", "has no column 'side'")]
    [InlineData("[station]", "[station", "line ")]
    public async Task A_wrong_map_is_refused_by_key_before_anything_is_stored(string right, string wrong, string expected)
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);

        var refusal = await Assert.ThrowsAsync<Madang.Kernel.InvalidInputException>(() => desk.Import(Rows, ImportDesk.Map.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Count("Things"));
    }

    [Fact]
    public async Task Bytes_that_do_not_fit_the_encoding_are_refused_by_line_before_anything_is_stored()
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        var file = desk.File("data.csv", [.. "station,bank,x,y,day,level,temp\nA,left,126.9,37.5,2026-07-18,1,1\nB"u8, 0xC1, 0xDF, .. ",left,126.9,37.5,2026-07-18,1,1\n"u8]);

        var refusal = await Assert.ThrowsAsync<Madang.Kernel.InvalidInputException>(() => desk.ImportFile(file, desk.File("map.yaml", ImportDesk.Map)));

        Assert.StartsWith("line 3: byte 2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Count("Things"));
        var korean = await desk.ImportFile(file, desk.File("korean.yaml", ImportDesk.Map + "\nfile: { encoding: cp949 }\n"));
        Assert.Equal(2, korean.ThingsMade);
        Assert.Contains("Station B중", await desk.Sta.Names("Things"));
    }

    [Theory, BothEngines]
    public async Task Seouls_air_of_a_year_is_there_to_the_last_cell(Engine engine)
    {
        var file = SharedData.Find("air/seoul-daily-air-2021.cp949.csv");
        await using var desk = await ImportDesk.Open(engine);
        var map = ImportDesk.Shipped("seoul-air-daily.yaml");

        var first = await desk.ImportFile(file, map);
        Assert.Equal((18_100L, 50L, 300L, 108_396L, 204L, 0L), (first.Rows, first.ThingsMade, first.DatastreamsMade, first.Stored, first.EmptyCells, first.Rejected));
        var second = await desk.ImportFile(file, map);
        Assert.Equal((50L, 300L, 0L, 108_396L), (second.ThingsFound, second.DatastreamsFound, second.Stored, second.AlreadyThere));

        Assert.Equal((50, 300, 108_396), (await desk.Count("Things"), await desk.Count("Datastreams"), await desk.Count("Observations")));
        var day = (await desk.Sta.Get("Things?$filter=properties/importId eq 'seoul-air/강남구'&$expand=Datastreams($filter=properties/measure eq 'pm25';$expand=Observations($orderby=phenomenonTime desc;$top=1))"))["value"]![0]!["Datastreams"]![0]!["Observations"]![0]!;
        Assert.Equal(("2022-01-17T15:00:00.000Z/2022-01-18T15:00:00.000Z", 17), ((string)day["phenomenonTime"]!, (int)day["result"]!));
    }

    [Fact]
    public async Task Seouls_sensors_stand_at_their_places()
    {
        var file = SharedData.Find("sensors/sdot-sensors.csv");
        await using var desk = await ImportDesk.Open(Engine.Sqlite);

        var summary = await desk.ImportFile(file, ImportDesk.Shipped("sdot-sensors.yaml"));

        Assert.Equal((851L, 851L, 0L), (summary.Rows, summary.ThingsMade, summary.Rejected));
        Assert.Equal((851, 851, 0), (await desk.Count("Things"), await desk.Count("Locations"), await desk.Count("Datastreams")));
        Assert.Equal(851, (await desk.ImportFile(file, ImportDesk.Shipped("sdot-sensors.yaml"))).ThingsFound);
    }
}
