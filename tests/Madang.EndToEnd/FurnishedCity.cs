using System.Net.Http.Json;
using System.Text.Json;
using Madang.EndToEnd;

[assembly: AssemblyFixture(typeof(FurnishedCity))]

namespace Madang.EndToEnd;

/// <summary>The demo with a department, a provider, a key, and its official with every role that opens a page; one for all tests that only look.</summary>
public sealed class FurnishedCity : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public CityProcess City { get; private set; } = null!;

    /// <summary>The id of a person who is not the official.</summary>
    public string Person { get; private set; } = "";

    /// <summary>The id of a key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The id of a MultiDatastream.</summary>
    public string Multi { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        City = await CityProcess.StartDemo(Cancel);
        await Post("/api/departments", new { code = "digital", nameKo = "디지털도시국", nameEn = "Digital City Bureau" });
        await Post("/api/providers", new { code = "sdot", name = "S-DoT 운영사", department = 1 });
        await Post("/api/incidents", new { kind = "fire", title = "시장 골목 화재", place = "종로구", longitude = 126.977, latitude = 37.57, data = "simulated" });
        await Post("/api/incidents/1/orders", new { to = "구조대", text = "3층을 수색하십시오" });
        await Post("/api/scenarios/large-fire/start", new { stage = "respond", incident = 1, data = "simulated" });
        Key = (await Post("/api/keys", new { name = "관문 1호", provider = 1, scopes = new[] { "write" }, perSecond = 50 })).GetProperty("key").GetProperty("id").GetString()!;
        foreach (var role in (string[])["administrator", "operator", "auditor"])
        {
            await Post("/api/grants", new { person = await Find("official"), role, purpose = "시험" });
        }

        Person = await Find("citizen");
        Multi = await MakeWind();
    }

    public async ValueTask DisposeAsync() => await City.DisposeAsync();

    /// <summary>Makes a MultiDatastream with some Observations.</summary>
    private async Task<string> MakeWind()
    {
        object Unit(string symbol) => new { name = symbol, symbol, definition = symbol };
        object Property(string name) => new { name, definition = "http://example.org/" + name, description = name };
        using var made = await City.Client.PostAsJsonAsync("/sta/v1.1/Things(1)/MultiDatastreams", new
        {
            name = "바람", description = "풍향과 풍속", multiObservationDataTypes = (string[])["OM_Measurement", "OM_Measurement"], unitOfMeasurements = (object[])[Unit("°"), Unit("m/s")],
            Sensor = new { name = "wind", description = "wind", encodingType = "text/plain", metadata = "none" }, ObservedProperties = (object[])[Property("direction"), Property("speed")],
        }, JsonSerializerOptions.Default, Cancel);
        Assert.True(made.IsSuccessStatusCode, $"MultiDatastreams: {made.StatusCode}");
        var id = made.Headers.Location!.ToString().Split('(')[^1].TrimEnd(')');
        foreach (var minute in Enumerable.Range(0, 5))
        {
            using var told = await City.Client.PostAsJsonAsync($"/sta/v1.1/MultiDatastreams({id})/Observations", new { phenomenonTime = $"2026-07-19T00:0{minute}:00Z", result = (double[])[270 + minute, 3 + (minute / 2.0)] }, Cancel);
            Assert.True(told.IsSuccessStatusCode, $"Observations: {told.StatusCode}");
        }

        return id;
    }

    private async Task<JsonElement> Post(string address, object body)
    {
        using var answer = await City.Client.PostAsJsonAsync(address, body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<string> Find(string name) =>
        (await City.Client.GetFromJsonAsync<JsonElement>("/api/people?q=" + name, Cancel)).GetProperty("people")[0].GetProperty("id").GetString()!;
}
