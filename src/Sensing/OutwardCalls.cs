using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Madang.Kernel;
using Madang.Sensing.Webhooks;

namespace Madang.Sensing;

/// <summary>What came of a call.</summary>
/// <param name="IsTaken">True for an answer of 2xx.</param>
/// <param name="Words">The status of the answer, or why there was none.</param>
public sealed record CallOutcome(bool IsTaken, string Words);

/// <summary>
/// Calls to programs outside: by https to the public internet, whatever a name leads to at that moment, following no redirect
/// and for ten seconds, so that nobody reaches the city's own network through its server. <see cref="SensingOptions.WebhooksInside"/> allows the rest.
/// </summary>
public sealed class OutwardCalls : IDisposable
{
    private const int LongestOutcome = 200;

    /// <summary>How long one fetch may take in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly bool isInside;
    private readonly TimeProvider clock;
    private readonly HttpClient client;
    private readonly Lazy<HttpClient> trusted = new(() => WebhookTargets.Client(inside: true));

    internal OutwardCalls(bool isInside, TimeProvider clock) => (this.isInside, this.clock, client) = (isInside, clock, WebhookTargets.Client(isInside));

    /// <summary>True when addresses inside the city's own network may be called.</summary>
    public bool IsInside => isInside;

    /// <summary>A new secret to sign with; it is told its receiver once.</summary>
    public static string MakeSecret() => WebhookMessage.MakeSecret();

    /// <summary>The address as it will be called.</summary>
    /// <exception cref="InvalidInputException"><c>url</c> is no address, or lies inside.</exception>
    public async Task<string> Check(string? url, CancellationToken cancel)
    {
        var target = WebhookTargets.Read(url, isInside);
        if (!isInside)
        {
            await WebhookTargets.DemandOutside(target, cancel);
        }

        return target.AbsoluteUri;
    }

    /// <summary>Tells a program, signed as Standard Webhooks says; who takes a message twice knows it by its id.</summary>
    public Task<CallOutcome> Tell(string url, string secret, string id, string body, CancellationToken cancel) => Call(client, () => WebhookMessage.Make(url, secret, id, body, clock.GetUtcNow()), cancel);

    /// <summary>Posts JSON to an address that the operator of the city set, with a key when there is one.</summary>
    /// <param name="url">The address.</param>
    /// <param name="key">Sent as <c>Authorization: Bearer</c>; null for none.</param>
    /// <param name="body">JSON.</param>
    /// <param name="mayBeInside">True where the operator said that it lies in the city's own network.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task<CallOutcome> Post(string url, string? key, string body, bool mayBeInside, CancellationToken cancel) => Call(
        mayBeInside ? trusted.Value : client,
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            request.Headers.UserAgent.ParseAdd("Madang");
            return request;
        },
        cancel);

    /// <summary>Fetches what stands at an address, when it changed since it was fetched last.</summary>
    /// <param name="url">The address.</param>
    /// <param name="known">What came with it the last time; null for the first.</param>
    /// <param name="mostBytes">More than this is not read.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="InvalidInputException">The address is none, or lies inside.</exception>
    public async Task<Fetched> Get(string url, FetchMark? known, int mostBytes, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, WebhookTargets.Read(url, isInside));
            request.Headers.UserAgent.ParseAdd("Madang");
            request.Headers.TryAddWithoutValidation("If-None-Match", known?.Tag);
            request.Headers.IfModifiedSince = known?.ModifiedAt;
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new(null, null, status) { IsUnchanged = response.StatusCode == HttpStatusCode.NotModified };
            }

            return await Read(response, mostBytes, patience.Token) is { } body
                ? new(body, new FetchMark(response.Headers.ETag?.ToString(), response.Content.Headers.LastModified), status) : new(null, null, string.Create(CultureInfo.InvariantCulture, $"is larger than {mostBytes} bytes"));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new(null, null, failure.Message.Length <= LongestOutcome ? failure.Message : failure.Message[..LongestOutcome]);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, null, "no answer in time");
        }
    }

    /// <summary>Lets go of the connections.</summary>
    public void Dispose()
    {
        client.Dispose();
        if (trusted.IsValueCreated)
        {
            trusted.Value.Dispose();
        }
    }

    /// <summary>The whole body; null when it is too large.</summary>
    private static async Task<byte[]?> Read(HttpResponseMessage response, int mostBytes, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var part = new byte[16 << 10];
        for (int read; (read = await stream.ReadAsync(part, cancel)) > 0;)
        {
            if (body.Length + read > mostBytes)
            {
                return null;
            }

            body.Write(part, 0, read);
        }

        return body.ToArray();
    }

    private static async Task<CallOutcome> Call(HttpClient client, Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        try
        {
            using var request = make();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return new(response.IsSuccessStatusCode, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException exception)
        {
            return new(false, exception.Message.Length <= LongestOutcome ? exception.Message : exception.Message[..LongestOutcome]);
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, "no answer in 10 s");
        }
    }
}
