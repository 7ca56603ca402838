using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Madang.Kernel;
using Madang.Sensing.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Http;

/// <summary>Bodies in and out: sized, UTF-8, JSON; and the address this service is reached at.</summary>
internal sealed class Wire(IOptions<SensingOptions> options)
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The same way of writing, for JSON that is made as text.</summary>
    public static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SensingOptions limits = options.Value;

    /// <summary>The absolute address of a profile's service root, without a slash at its end.</summary>
    public string RootOf(HttpRequest request, Profile profile) =>
        limits.PublicUrl is { } address ? address.TrimEnd('/') + profile.Root : $"{request.Scheme}://{request.Host.Value}{profile.Root}";

    /// <summary>Whether an absolute address is of this service: by its public name, or the one that the request came to.</summary>
    public bool IsOurs(HttpRequest request, Uri address) =>
        string.Equals(address.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
        || (limits.PublicUrl is { } known && string.Equals(address.Authority, new Uri(known).Authority, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a whole body as JSON; what is too large, not UTF-8, not JSON, too deep or says something twice is refused.</summary>
    public async Task<(JsonDocument Json, ReadOnlyMemory<byte> Bytes)> Read(HttpRequest request, CancellationToken cancel)
    {
        CheckType(request);
        var bytes = await ReadBytes(request, cancel);
        var invalid = Utf8Error(bytes.Span);
        if (invalid >= 0)
        {
            throw new InvalidInputException("body", $"is not UTF-8: the byte at position {invalid} does not fit");
        }

        try
        {
            return (JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.MaxJsonDepth, AllowDuplicateProperties = false }), bytes);
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("body", JsonFault.Reason(exception, bytes.Span, limits.MaxJsonDepth));
        }
    }

    /// <summary>True for a body of operations (RFC 6902) in place of the members that change.</summary>
    public static bool IsJsonPatch(HttpRequest request) =>
        request.GetTypedHeaders().ContentType is { } type && type.MediaType.Equals("application/json-patch+json", StringComparison.OrdinalIgnoreCase);

    public static async Task Write(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, Written))
        {
            write(json);
        }

        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory);
    }

    private static void CheckType(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException("Content-Encoding", "must be absent or identity; send the body uncompressed", 415);
        }

        if (request.ContentType == "application/json")
        {
            return;
        }

        var type = request.GetTypedHeaders().ContentType;
        if (type is null || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidInputException("Content-Type", "must be application/json", 415);
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException("Content-Type", "charset must be utf-8", 415);
        }

        if (IsJsonPatch(request) && !HttpMethods.IsPatch(request.Method))
        {
            throw new InvalidInputException("Content-Type", "is JSON Patch, which goes with the method PATCH alone", 415);
        }
    }

    /// <summary>The limit is the server's own (Server:MaxBodyMegabytes); here it is only said in the words of this door.</summary>
    internal static async Task<ReadOnlyMemory<byte>> ReadBytes(HttpRequest request, CancellationToken cancel)
    {
        var most = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? Array.MaxLength;
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        var body = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(body.GetMemory(4096), cancel);
            if (read == 0)
            {
                return WithoutMark(body.WrittenMemory);
            }

            body.Advance(read);
            if (body.WrittenCount == request.ContentLength)
            {
                return WithoutMark(body.WrittenMemory);
            }

            if (body.WrittenCount > most)
            {
                throw TooLarge(most);
            }
        }
    }

    private static InvalidInputException TooLarge(long most) => new("body", string.Create(CultureInfo.InvariantCulture, $"is larger than {most:N0} bytes; send it in several requests"), 413);

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body;

    /// <summary>The position of the first byte that is not UTF-8, or -1.</summary>
    private static int Utf8Error(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return -1;
        }

        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
