using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Madang.Kernel;
using Madang.Operations.Cap;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Madang.Operations.Door;

/// <summary>/cap: what alerts say in the Common Alerting Protocol, and what other agencies say.</summary>
internal static class CapRoutes
{
    /// <summary>A page of warnings; next is the address of the page after it, null on the last.</summary>
    public sealed record Page(IReadOnlyList<CapReceived> Value, string? Next);

    private const string AtomType = "application/atom+xml";

    private static readonly string[] Taken = [CapXml.MediaType, "application/xml", "text/xml"];

    internal static async Task<FileContentHttpResult> Feed(string? data, HttpRequest request, CapFeed feed, IOptions<SensingOptions> sensing, CancellationToken cancel)
    {
        var site = sensing.Value.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        var text = await feed.Write(Words.ReadData(data) ?? CityData.Real, site, cancel);
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=30";
        return TypedResults.Bytes(text, AtomType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 12))}\""));
    }

    internal static async Task<Results<FileContentHttpResult, NotFound>> Message(string id, HttpResponse response, CapFeed feed, CancellationToken cancel)
    {
        if (await feed.Find(id, cancel) is not { } message)
        {
            return TypedResults.NotFound();
        }

        // It never changes.
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(message), CapXml.MediaType, entityTag: new EntityTagHeaderValue($"\"{id}\""));
    }

    /// <summary>201 with what is kept; 200 when it was here already.</summary>
    internal static async Task<Results<Created<CapReceived>, Ok<CapReceived>>> Take(HttpRequest request, CapDesk desk, CancellationToken cancel)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (!Taken.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new InvalidInputException("Content-Type", "is " + string.Join(" or ", Taken), 415);
        }

        var (kept, isNew) = await desk.Take(await Body(request, cancel), cancel);
        return isNew ? TypedResults.Created(FormattableString.Invariant($"/api/cap/received/{kept.Id}"), kept) : TypedResults.Ok(kept);
    }

    internal static async Task<Ok<Page>> List(HttpRequest request, CapDesk desk, string? top, string? before, CancellationToken cancel)
    {
        var most = top is null ? 50 : (int)Math.Min(Number(top, "top"), int.MaxValue);
        var found = await desk.List(most, before is null ? null : Number(before, "before"), cancel);
        var next = found.Count < most ? null : FormattableString.Invariant($"{request.Path}?before={found[^1].Id}&top={most}");
        return TypedResults.Ok(new Page(found, next));
    }

    internal static async Task<Results<Ok<CapReceived>, NotFound>> Get(long id, CapDesk desk, CancellationToken cancel) =>
        await desk.Find(id, cancel) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();

    /// <summary>A file to keep, not a page of this site: nobody here wrote it.</summary>
    internal static async Task<Results<FileContentHttpResult, NotFound>> Original(long id, HttpResponse response, CapDesk desk, CancellationToken cancel)
    {
        if (await desk.FindBody(id, cancel) is not { } body)
        {
            return TypedResults.NotFound();
        }

        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.File(body, CapXml.MediaType, FormattableString.Invariant($"cap-{id}.xml"));
    }

    private static long Number(string text, string field) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException(field, "is a whole number");

    private static async Task<byte[]> Body(HttpRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var part = new byte[16 << 10];
        for (int read; (read = await request.Body.ReadAsync(part, cancel)) > 0;)
        {
            if (body.Length + read > CapReader.MostBytes)
            {
                throw new InvalidInputException("body", $"has at most {CapReader.MostBytes} bytes", 413);
            }

            body.Write(part, 0, read);
        }

        return body.ToArray();
    }
}
