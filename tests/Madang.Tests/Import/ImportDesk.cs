using System.Text;
using System.Text.Json.Nodes;
using Madang.Import;
using Madang.Storage;
using Madang.Tests.Laws;
using Madang.Tests.Sensing;

namespace Madang.Tests.Import;

/// <summary>A city, a folder for files, and the import between them.</summary>
internal sealed class ImportDesk : IAsyncDisposable
{
    public const string Map = """
        id: river
        source: { text: a test }
        thing:
          key: [station]
          name: "Station {station}"
          properties: { bank: "{bank}" }
        location: { longitude: x, latitude: y }
        time: { columns: [day], format: yyyy-MM-dd, zone: Asia/Seoul, period: day }
        sensor: { name: gauge }
        measures:
          - { column: level, measure: level, name: 수위, name_en: Level, unit: { symbol: m } }
          - { column: temp, measure: temperature, name: 수온, name_en: Temperature, unit: { symbol: ℃ }, scale: 0.1, offset: -100 }
        """;

    public const string Head = "station,bank,x,y,day,level,temp\n";

    private readonly string folder = Directory.CreateTempSubdirectory("madang-import-test-").FullName;

    private ImportDesk(Sta sta) => Sta = sta;

    public Sta Sta { get; }

    public string Rejected => Path.Combine(folder, "rejected.csv");

    public static async Task<ImportDesk> Open(Engine engine) => new(await Sta.Start(engine));

    public static string Shipped(string map) => Path.Combine(House.Root, "maps", map);

    public string File(string name, string text, Encoding? encoding = null) => File(name, (encoding ?? new UTF8Encoding(false)).GetBytes(text));

    public string File(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public Task<ObservationSummary> Import(string csv, string map = Map) => ImportFile(File("data.csv", csv), File("map.yaml", map));

    public Task<ObservationSummary> ImportFile(string file, string map) =>
        new ObservationImport(Sta.City.Client, null, TimeProvider.System).Run(file, map, Rejected, null, TestContext.Current.CancellationToken);

    /// <summary>To the last one, however many there are.</summary>
    public async Task<int> Count(string set)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Sta.Address($"{set}?$count=true&$top=0"));
        request.Headers.Add("Prefer", "count=exact");
        using var answer = await Sta.City.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["@iot.count"]!;
    }

    public async ValueTask DisposeAsync()
    {
        await Sta.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
