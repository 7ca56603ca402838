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

    public static Task Json(HttpContext context, Action<Utf8JsonWriter> write, string type = "application/json; charset=utf-8") => Send(context, Bytes(write), type);

    /// <summary>The ETag that a GET answering this would carry.</summary>
    public static string TagOf(Action<Utf8JsonWriter> write) => TagOf(Bytes(write).Span);

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

        var tag = TagOf(body.Span);
        headers.ETag = tag;
        CrossOrigin.Allow(context, Caller.Current);

        if (Preconditions.Names(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, Written))
        {
            write(json);
        }

        return body.WrittenMemory;
    }

    /// <summary>Weak, because the same bytes go out plain, in gzip or in br.</summary>
    private static string TagOf(ReadOnlySpan<byte> body) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"";
}
