using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Madang.Sensing.Batch;

/// <summary>
/// Runs a request that lies in another one through the server's own layers: its rights, limits, errors and record are those
/// of any request of the same caller. It is given the way on by <see cref="SensingModule.UseSensingBatches"/>.
/// </summary>
internal sealed class InnerRequests
{
    /// <summary>What a request in a batch may say itself; who asks and from where is said by the one around it alone.</summary>
    private static readonly string[] Own = [HeaderNames.ContentType, "Idempotency-Key", "Prefer", HeaderNames.IfMatch, HeaderNames.IfNoneMatch];

    /// <summary>What of the outer request is of its own body and answer, and of no one in it.</summary>
    private static readonly string[] Outers =
        [.. Own, HeaderNames.ContentLength, HeaderNames.ContentEncoding, HeaderNames.TransferEncoding, HeaderNames.AcceptEncoding, HeaderNames.Accept, HeaderNames.Expect, HeaderNames.IfModifiedSince];

    /// <summary>The layers behind; set once when the pipeline is built.</summary>
    public RequestDelegate? Pipeline { get; set; }

    public async Task<InnerAnswer> Run(HttpContext outer, BatchRequest request, ChangeSet? set)
    {
        using var body = new MemoryStream();
        var (status, headers) = await Run(outer, request, set, body, outer.RequestAborted);
        return new InnerAnswer(status, headers, body.ToArray());
    }

    /// <summary>The same with the answer's content in <paramref name="body"/>.</summary>
    public async Task<(int Status, IHeaderDictionary Headers)> Run(HttpContext outer, BatchRequest request, ChangeSet? set, Stream body, CancellationToken aborted)
    {
        // A scope of its own: what was found out about the outer request, and where it is answered, is kept in that one's.
        await using var scope = outer.RequestServices.CreateAsyncScope();
        var inner = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = aborted, TraceIdentifier = outer.TraceIdentifier };
        Fill(inner, outer, request);
        inner.Response.Body = body;
        if (set is not null)
        {
            inner.Features.Set(set);
        }

        await Pipeline!(inner);
        await inner.Response.CompleteAsync();
        return (inner.Response.StatusCode, inner.Response.Headers);
    }

    private static void Fill(DefaultHttpContext inner, HttpContext outer, BatchRequest request)
    {
        inner.Request.Method = request.Method;
        inner.Request.Scheme = outer.Request.Scheme;
        inner.Request.Protocol = outer.Request.Protocol;
        inner.Request.Path = request.Path;
        inner.Request.QueryString = request.Query;
        foreach (var header in outer.Request.Headers.Where(header => !Outers.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            inner.Request.Headers[header.Key] = header.Value;
        }

        foreach (var (name, value) in request.Headers.Where(header => Own.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            inner.Request.Headers[name] = value;
        }

        inner.Request.Body = new MemoryStream(request.Body.ToArray(), writable: false);
        inner.Request.ContentLength = request.Body.Length;
        (inner.Connection.Id, inner.Connection.RemoteIpAddress, inner.Connection.RemotePort) = (outer.Connection.Id, outer.Connection.RemoteIpAddress, outer.Connection.RemotePort);
        (inner.Connection.LocalIpAddress, inner.Connection.LocalPort) = (outer.Connection.LocalIpAddress, outer.Connection.LocalPort);
    }
}

/// <summary>What one request of a batch was answered.</summary>
internal sealed record InnerAnswer(int Status, IHeaderDictionary Headers, byte[] Body)
{
    private static readonly string[] Told = [HeaderNames.ContentType, HeaderNames.Location, HeaderNames.ETag, HeaderNames.RetryAfter, HeaderNames.Allow, HeaderNames.WWWAuthenticate];

    /// <summary>The answer to what could not become a request: a problem (RFC 9457) as the server's others.</summary>
    public static InnerAnswer Refused(InvalidInputException invalid) => Refused(invalid.Status, "invalid-input", invalid.Message, invalid.Field);

    /// <summary>A problem of another kind; its field, where there is one.</summary>
    public static InnerAnswer Refused(int status, string code, string detail, string? field = null)
    {
        var problem = new JsonObject { ["title"] = ReasonPhrases.GetReasonPhrase(status), ["status"] = status, ["detail"] = detail, ["code"] = code };
        if (field is not null)
        {
            problem["field"] = field;
        }

        return new InnerAnswer(status, new HeaderDictionary { [HeaderNames.ContentType] = "application/problem+json" }, JsonSerializer.SerializeToUtf8Bytes(problem));
    }

    public bool Failed => Status >= 400;

    /// <summary>The headers that are told in the batch's answer.</summary>
    public IEnumerable<(string Name, string Value)> Heads => Told.Where(Headers.ContainsKey).Select(name => (name, Headers[name].ToString()));

    /// <summary>The reason phrase of its status (RFC 9110, 15).</summary>
    public string Phrase => ReasonPhrases.GetReasonPhrase(Status);
}
