using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Trust;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Http;

/// <summary>
/// What GET answers: with an ETag of its bytes, so that a client that has them already gets 304, and readable by pages of any
/// other origin as far as it is public.
/// </summary>
internal static class Answer
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Task Json(HttpContext context, Action<Utf8JsonWriter> write, string type = "application/json; charset=utf-8")
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, Written))
        {
            write(json);
        }

        return Send(context, body.WrittenMemory, type);
    }

    public static Task Text(HttpContext context, string text) => Send(context, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");

    /// <summary>True when the request's <c>Prefer</c> says so; the answer then says that it was heard.</summary>
    public static bool Prefers(HttpContext context, string preference)
    {
        if (!context.Request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.TrimEntries).Contains(preference, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        context.Response.Headers["Preference-Applied"] = preference;
        return true;
    }

    public static async Task Send(HttpContext context, ReadOnlyMemory<byte> body, string type)
    {
        var headers = context.Response.Headers;

        // Weak, because the same bytes go out plain, in gzip or in br.
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 12))}\"";
        headers.ETag = tag;
        CrossOrigin.Allow(context, Caller.Current);

        if (IsKnown(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && (known == "*" || known.Split(',', StringSplitOptions.TrimEntries).Any(one => one.TrimStart('W', '/') == tag[2..]));
}
