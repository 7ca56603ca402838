using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Import;

/// <summary>The real binary, into a store and into a running server.</summary>
public sealed class ImportCommandTests
{
    private const string Square = """
        {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"11250","name":"강동구"},
          "geometry":{"type":"Polygon","coordinates":[[[127.1,37.5],[127.2,37.5],[127.2,37.6],[127.1,37.5]]]}}]}
        """;

    [Theory, BothEngines]
    public async Task Observations_go_straight_into_a_store(Engine engine)
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        await using var store = await TestStore.Create(engine);
        var (file, map) = (desk.File("data.csv", ImportDesk.Head + "A,left,126.9,37.5,2026-07-18,1,1\nA,left,126.9,37.5,2026-07-19,deep,1\n"), desk.File("map.yaml", ImportDesk.Map));
        string[] target = store.Postgres is { } postgres ? ["--postgres", postgres] : ["--data", store.Folder];

        foreach (var stored in new[] { 3, 0 })
        {
            await using var import = RealServer.Start(null, ["import", "observations", file, "--map", map, "--rejected", desk.Rejected, .. target]);
            Assert.Equal(1, await import.UntilEnd());
            Assert.Matches($@"Observations stored\s+{stored}\n[^\n]+\s+{3 - stored}\n", import.Output);
            Assert.Contains(desk.Rejected, import.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Files_go_into_a_running_server_and_a_folder_that_it_holds_is_refused()
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var server = RealServer.Start(null, "serve", "--open", "--data", store.Folder, "--urls", "http://127.0.0.1:0");
        await server.UntilServing();
        var (file, map, shapes) = (desk.File("data.csv", ImportDesk.Head + "A,left,126.9,37.5,2026-07-18,1,1\n"), desk.File("map.yaml", ImportDesk.Map), desk.File("gu.json", Square));

        await using (var import = RealServer.Start(null, "import", "observations", file, "--map", map, "--url", server.Url.ToString()))
        {
            Assert.Equal(0, await import.UntilEnd());
            Assert.Matches(@"Things\s+1   1 made", import.Output);
        }

        await using (var import = RealServer.Start(null, "import", "observations", file, "--map", map, "--data", store.Folder))
        {
            Assert.Equal(2, await import.UntilEnd());
            Assert.Contains("--url http://localhost:8080", import.Output, StringComparison.Ordinal);
        }

        foreach (var (codes, code, expected) in new[] { ("kostat", 0, "0 made, 1 changed"), ("kostat", 0, "0 changed, 1 as they were") })
        {
            await using var import = RealServer.Start(null, "import", "places", shapes, "--codes", codes, "--source", "a test", "--url", server.Url.ToString());
            Assert.Equal(code, await import.UntilEnd());
            Assert.Contains(expected, import.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("kostat", "11110", "종로구", "the file calls 11110 종로구, the city calls it 노원구")]
    [InlineData("adm", "11110", "노원구", "the file calls 11110 노원구, the city calls it 종로구")]
    [InlineData(null, "11110", "종로구", "--codes: is missing")]
    public async Task Shapes_with_the_codes_of_others_are_refused(string? codes, string code, string name, string expected)
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        var file = desk.File("gu.json", Square.Replace("11250", code, StringComparison.Ordinal).Replace("강동구", name, StringComparison.Ordinal));

        var refusal = await Assert.ThrowsAsync<Madang.Kernel.InvalidInputException>(() =>
            new Madang.Import.PlacesImport(desk.Sta.City.Client, null, TimeProvider.System).Run(file, null, null, codes, null, null, TestContext.Current.CancellationToken));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seouls_districts_get_their_shapes()
    {
        var file = SharedData.Find("districts/gu.geojson");
        await using var desk = await ImportDesk.Open(Engine.Sqlite);

        var summary = await new Madang.Import.PlacesImport(desk.Sta.City.Client, null, TimeProvider.System)
            .Run(file, ImportDesk.Shipped("seoul-districts-kostat.yaml"), null, null, null, null, TestContext.Current.CancellationToken);

        Assert.Equal((25, 0, 25), (summary.Received, summary.Made, summary.Changed));
    }

    [Theory]
    [InlineData("import observations nowhere.csv --map nowhere.yaml --data .", "--map: Could not find")]
    [InlineData("import observations nowhere.csv --data .", "--map")]
    [InlineData("import observations x.csv --map m.yaml --url here", "'here' is not an address")]
    [InlineData("import observations x.csv --map m.yaml --url http://localhost:1 --data .", "exclude each other")]
    public async Task What_cannot_be_done_ends_with_2_and_says_why(string words, string expected)
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        await using var import = RealServer.Start(new Dictionary<string, string> { ["Storage__Data"] = Path.Combine(desk.Sta.City.Store.Folder, "other") }, words.Replace("--data .", $"--data {desk.Sta.City.Store.Folder}-x", StringComparison.Ordinal).Split(' '));

        Assert.Equal(2, await import.UntilEnd());
        Assert.Contains(expected, import.Output, StringComparison.Ordinal);
        if (Directory.Exists(desk.Sta.City.Store.Folder + "-x"))
        {
            Directory.Delete(desk.Sta.City.Store.Folder + "-x", recursive: true);
        }
    }
}
