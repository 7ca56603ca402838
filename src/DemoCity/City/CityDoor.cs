using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Madang.DemoCity.City;

/// <summary>The city's public HTTP interface, as any device uses it: what the city cannot take now is sent again, and because of its key it is stored once.</summary>
internal sealed class CityDoor(HttpClient http, TimeProvider clock)
{
    public const string Root = "/sta/v1.1/";

    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(10);

    public Task<JsonElement> Get(string path, CancellationToken cancel) => Send(HttpMethod.Get, path, null, cancel);

    public async IAsyncEnumerable<JsonElement> List(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        for (var next = path; next is not null;)
        {
            var page = await Get(next, cancel);
            foreach (var entity in page.GetProperty("value").EnumerateArray())
            {
                yield return entity;
            }

            // The city may know itself by another name than the one it is reached by here.
            next = page.TryGetProperty("@iot.nextLink", out var link) && link.GetString() is { } text ? text[text.IndexOf(Root, StringComparison.Ordinal)..] : null;
        }
    }

    public Task<JsonElement> Post(string path, Action<Utf8JsonWriter> write, CancellationToken cancel) => Send(HttpMethod.Post, path, Body(write), cancel);

    public Task<JsonElement> Put(string path, Action<Utf8JsonWriter> write, CancellationToken cancel) => Send(HttpMethod.Put, path, Body(write), cancel);

    public async Task<long> Create(string path, Action<Utf8JsonWriter> write, CancellationToken cancel) => (await Post(path, write, cancel)).GetProperty("@iot.id").GetInt64();

    private async Task<JsonElement> Send(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        // One key for all tries of this request, and a new one for the same content at another time: what was deleted may come again.
        var key = body is null ? null : $"demo-{Guid.NewGuid():N}";
        while (true)
        {
            var pause = Beat;
            try
            {
                using var request = Request(method, path, body, key);
                using var response = await http.SendAsync(request, cancel);
                var text = await response.Content.ReadAsByteArrayAsync(cancel);
                if (response.IsSuccessStatusCode)
                {
                    return JsonElement.Parse(text);
                }

                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    throw new InvalidOperationException($"The city refuses {method} {path.Split('?')[0]} of its simulation with {(int)response.StatusCode}: {Encoding.UTF8.GetString(text)}");
                }

                pause = response.Headers.RetryAfter?.Delta ?? Beat;
            }
            catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // The connection broke, or the answer is late: the next try asks for the same, and nothing is stored twice.
            }

            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancel);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string? key)
    {
        var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : Root + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private static byte[] Body(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Written))
        {
            write(json);
        }

        return stream.ToArray();
    }
}
