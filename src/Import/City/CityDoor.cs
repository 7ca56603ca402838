using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Madang.Import.City;

/// <summary>
/// The city's public HTTP interface. It is patient: a city that is busy or starts again is asked again, and because every
/// change carries a key made from its content, asking twice changes nothing twice.
/// </summary>
internal sealed class CityDoor(HttpClient http, string? key, TimeProvider clock)
{
    private const string Root = "/sta/v1.1/";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), LongestPause = TimeSpan.FromSeconds(30), Beat = TimeSpan.FromSeconds(1), Mistake = TimeSpan.FromSeconds(0.3);

    /// <summary>A mistake of the city may have been a passing one, and asking twice changes nothing twice.</summary>
    private const int MostMistakes = 2;

    private bool reached;

    /// <summary>Reads one page.</summary>
    public Task<JsonElement> Get(string path, CancellationToken cancel) => Send(HttpMethod.Get, path, null, null, cancel);

    /// <summary>Reads every entity of a collection, page by page.</summary>
    public async IAsyncEnumerable<JsonElement> List(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        for (var next = path; next is not null;)
        {
            var page = await Get(next, cancel);
            foreach (var entity in page.GetProperty("value").EnumerateArray())
            {
                yield return entity;
            }

            next = page.TryGetProperty("@iot.nextLink", out var link) ? Inside(link.GetString()!) : null;
        }
    }

    /// <summary>Posts once, however often it has to be sent.</summary>
    public Task<JsonElement> Post(string path, byte[] body, CancellationToken cancel, string salt = "") => Send(HttpMethod.Post, path, body, KeyOf(path, body, salt), cancel);

    public Task<JsonElement> Put(string path, byte[] body, CancellationToken cancel) => Send(HttpMethod.Put, path, body, null, cancel);

    /// <summary>Creates an entity and answers its id.</summary>
    public async Task<long> Create(string path, byte[] body, CancellationToken cancel)
    {
        try
        {
            return (await Post(path, body, cancel)).GetProperty("@iot.id").GetInt64();
        }
        catch (ImportException failure) when (failure.InnerException is HttpRequestException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Gone })
        {
            // It was made by an earlier import, whose answer is remembered, and deleted since.
            return (await Post(path, body, cancel, Guid.NewGuid().ToString("N"))).GetProperty("@iot.id").GetInt64();
        }
    }

    public async Task<bool> Exists(string path, CancellationToken cancel)
    {
        try
        {
            await Get(path, cancel);
            return true;
        }
        catch (ImportException failure) when (failure.InnerException is HttpRequestException { StatusCode: HttpStatusCode.NotFound })
        {
            return false;
        }
    }

    /// <summary>The way inside the service, whatever name the city calls itself by in its links.</summary>
    public static string Inside(string link)
    {
        var at = link.IndexOf(Root, StringComparison.Ordinal);
        return at < 0 ? throw new ImportException($"The city answers with a link that does not lead into its own service: {link}") : link[at..];
    }

    private static string KeyOf(string path, byte[] body, string salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(path + salt));
        hash.AppendData(body);
        return "import-" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<JsonElement> Send(HttpMethod method, string path, byte[]? body, string? idempotency, CancellationToken cancel)
    {
        var since = clock.GetTimestamp();
        for (var mistakes = 0; ;)
        {
            var (answer, pause, trouble) = await Try(method, path, body, idempotency, mistakes < MostMistakes, cancel);
            mistakes += pause == Mistake ? 1 : 0;
            if (answer is { } done)
            {
                reached = true;
                return done;
            }

            if (clock.GetElapsedTime(since) > Patience)
            {
                throw new ImportException($"The city does not take this for {Patience.TotalMinutes:0} minutes: {trouble}. What was stored is kept; start the import again to go on.");
            }

            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancel);
        }
    }

    private async Task<(JsonElement? Answer, TimeSpan Pause, string Trouble)> Try(HttpMethod method, string path, byte[]? body, string? idempotency, bool forgives, CancellationToken cancel)
    {
        try
        {
            using var request = Request(method, path, body, idempotency);
            using var response = await http.SendAsync(request, cancel);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
            {
                return (null, response.Headers.RetryAfter?.Delta ?? Beat, $"it answers {(int)response.StatusCode}");
            }

            if (response.StatusCode == HttpStatusCode.InternalServerError && forgives)
            {
                return (null, Mistake, "it answers 500");
            }

            var text = await response.Content.ReadAsByteArrayAsync(cancel);
            if (response.IsSuccessStatusCode)
            {
                return (Parse(text), default, "");
            }

            throw new ImportException(Explain(method, path, response, text), new HttpRequestException(null, null, response.StatusCode));
        }
        catch (HttpRequestException broken) when (reached)
        {
            return (null, Beat, broken.Message);
        }
        catch (HttpRequestException broken)
        {
            throw new ImportException($"The city at {http.BaseAddress} cannot be reached: {broken.Message}", broken);
        }
        catch (TaskCanceledException slow) when (!cancel.IsCancellationRequested)
        {
            return (null, Beat, slow.Message);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string? idempotency)
    {
        var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : Root + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("Prefer", "errors=detail");
        }

        if (idempotency is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotency);
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }

    private static JsonElement Parse(byte[] text)
    {
        if (text.Length == 0)
        {
            return default(JsonElement);
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException broken)
        {
            throw new ImportException("The city answers with something that is not JSON; is this the address of a Madang?", broken);
        }
    }

    private static string Explain(HttpMethod method, string path, HttpResponseMessage response, byte[] text)
    {
        var said = Encoding.UTF8.GetString(text);
        try
        {
            var problem = JsonElement.Parse(text);
            said = problem.TryGetProperty("detail", out var detail) ? detail.GetString()! : said;
        }
        catch (JsonException)
        {
            // Not a problem document: what it says is passed on as it is.
        }

        var hint = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? " Give the city's write key with --key." : "";
        return string.Create(CultureInfo.InvariantCulture, $"The city refuses {method} {path.Split('?')[0]} with {(int)response.StatusCode}: {said[..Math.Min(said.Length, 500)]}{hint}");
    }
}
