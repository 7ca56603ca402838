using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Madang.Sensing.Http;

/// <summary>
/// What GET answers: with an ETag of its bytes, so that a client that has them already gets 304, and readable by pages of any
/// other origin as far as it is public.
/// </summary>
internal static class Answer
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Bodies to write into, used again: one of a thousand entities takes half a megabyte.</summary>
    private static readonly ObjectPool<ArrayBufferWriter<byte>> Bodies = new DefaultObjectPool<ArrayBufferWriter<byte>>(new BodyPolicy());

    /// <summary>With the ETag of its bytes, or the one that is given: that of an entity whole, where only a part of it is answered.</summary>
    public static async Task Json(HttpContext context, Action<Utf8JsonWriter> write, string type = "application/json; charset=utf-8", string? tag = null)
    {
        var body = Bodies.Get();
        try
        {
            Write(body, write);
            await Send(context, body.WrittenMemory, type, tag);
        }
        finally
        {
            Bodies.Return(body);
        }
    }

    /// <summary>The ETag that a GET answering this would carry.</summary>
    public static string TagOf(Action<Utf8JsonWriter> write)
    {
        var body = Bodies.Get();
        try
        {
            Write(body, write);
            return TagOf(body.WrittenSpan);
        }
        finally
        {
            Bodies.Return(body);
        }
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

    public static async Task Send(HttpContext context, ReadOnlyMemory<byte> body, string type, string? tag = null)
    {
        var headers = context.Response.Headers;

        tag ??= TagOf(body.Span);
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

    private static void Write(ArrayBufferWriter<byte> body, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(body, Written);
        write(json);
    }

    /// <summary>Weak, because the same bytes go out plain, in gzip or in br.</summary>
    private static string TagOf(ReadOnlySpan<byte> body) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"";

    /// <summary>An unusually large one is not kept.</summary>
    private sealed class BodyPolicy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        private const int MostKept = 2 * 1024 * 1024;

        public override ArrayBufferWriter<byte> Create() => new(4096);

        public override bool Return(ArrayBufferWriter<byte> obj)
        {
            obj.ResetWrittenCount();
            return obj.Capacity <= MostKept;
        }
    }
}
