using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Madang.Kernel;
using Madang.Operations;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations;

/// <summary>Puts sensors into a city and waits for what becomes of them.</summary>
internal static class Scene
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A Thing with one Datastream and its first Observation; in 종로구 unless it is told otherwise. Answers the Datastream's id.</summary>
    public static async Task<long> Sensor(
        this TestCity city, string name, DateTimeOffset at, double value, string measure = "pm25", bool simulated = false, double longitude = 126.977, double latitude = 37.593, int? cadence = null, string? owner = null)
    {
        var response = await city.Client.PostAsJsonAsync("/sta/v1.1/Things", (object)new
        {
            name, description = "", properties = owner is null ? (object)new { simulated } : new { simulated, owner },
            Locations = new[] { new { name, description = "", encodingType = "application/geo+json", location = new { type = "Point", coordinates = new[] { longitude, latitude } } } },
            Datastreams = new[]
            {
                new
                {
                    name = measure, description = "", observationType = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
                    unitOfMeasurement = new { name = "㎍/㎥", symbol = "㎍/㎥", definition = "" },
                    properties = cadence is null ? (object)new { } : new { cadenceSeconds = cadence },
                    Sensor = new { name = "시험", description = "", encodingType = "text/plain", metadata = "" },
                    ObservedProperty = new { name = measure, definition = "", description = "", properties = new { measure } },
                    Observations = new[] { new { phenomenonTime = IsoTime.Write(at), result = value } },
                },
            },
        }, JsonSerializerOptions.Default, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        var thing = await city.Client.GetFromJsonAsync<JsonElement>(response.Headers.Location!.PathAndQuery + "?$expand=Datastreams", Cancel);
        return thing.GetProperty("Datastreams")[0].GetProperty("@iot.id").GetInt64();
    }

    public static async Task Observe(this TestCity city, long datastream, DateTimeOffset at, double value)
    {
        var response = await city.Client.PostAsJsonAsync($"/sta/v1.1/Datastreams({datastream})/Observations", new { phenomenonTime = IsoTime.Write(at), result = value }, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The first snapshot of the preferred world for which something holds.</summary>
    public static async Task<CitySnapshot> Until(this TestCity city, Func<CitySnapshot, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var now = city.Services.GetRequiredService<CityNow>();
        while (true)
        {
            var next = now.Next();
            var snapshot = await now.Read(null, patience.Token);
            if (holds(snapshot))
            {
                return snapshot;
            }

            await next.WaitAsync(patience.Token);
        }
    }

    public static Task<JsonElement> Get(this TestCity city, string address) => city.Client.GetFromJsonAsync<JsonElement>(address, Cancel);

    /// <summary>The events of a live line, read by the framework's own parser.</summary>
    public static async Task<IAsyncEnumerator<SseItem<string>>> Watch(this TestCity city, string address, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await city.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.True(response.IsSuccessStatusCode, await (response.IsSuccessStatusCode ? Task.FromResult("") : response.Content.ReadAsStringAsync(Cancel)));
        return SseParser.Create(await response.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);
    }

    /// <summary>The next event.</summary>
    public static async Task<SseItem<string>> Next(this IAsyncEnumerator<SseItem<string>> line)
    {
        Assert.True(await line.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel), "the line has ended");
        return line.Current;
    }

    public static JsonElement Json(this SseItem<string> item) => JsonDocument.Parse(item.Data).RootElement;
}
