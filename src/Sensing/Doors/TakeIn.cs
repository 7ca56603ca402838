using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Ingest;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Doors;

/// <summary><c>POST /doors/{name}</c>: a device's own payload. 201 when something of it was stored, 200 when all that fits was stored before, 202 when all of it was kept or empty of values.</summary>
internal static class TakeIn
{
    /// <summary>The most kept records and runs of ids that an answer names; the numbers count all.</summary>
    private const int MostNamed = 100;

    public static async Task Handle(HttpContext context, string name, DeviceDoors doors)
    {
        var charset = Charsets.Of(context.Request);
        var body = await Body(context.Request, context.RequestAborted);
        var key = IdempotencyKey.Of(context.Request.Headers["Idempotency-Key"], context.Request.Path, body.Span);
        var answer = await doors.Receive(name, Charsets.ToUtf8(charset, body), charset is not null, context.Request.ContentType, key, context.RequestAborted);
        await Wire.Write(context.Response, answer.Stored.Count > 0 ? StatusCodes.Status201Created : answer.Repeated > 0 ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, json => Write(json, name, answer));
    }

    /// <summary>A whole body as it comes; a compressed one is refused.</summary>
    public static Task<ReadOnlyMemory<byte>> Body(HttpRequest request, CancellationToken cancel) =>
        request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidInputException("Content-Encoding", "must be absent or identity; send the body uncompressed", 415)
            : Wire.ReadBytes(request, cancel);

    public static void Write(Utf8JsonWriter json, string door, DoorAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("door", door);
        json.WriteNumber("records", answer.Records);
        json.WriteNumber("stored", answer.Stored.Count);
        json.WriteStartArray("observations");
        foreach (var (first, last) in Runs(answer.Stored).Take(MostNamed))
        {
            json.WriteStringValue(first == last ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}..{last}"));
        }

        json.WriteEndArray();
        json.WriteNumber("repeated", answer.Repeated);
        json.WriteNumber("kept", answer.Kept.Count);
        json.WriteStartArray("keptRecords");
        foreach (var kept in answer.Kept.Take(MostNamed))
        {
            Write(json, kept);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, KeptRecord kept)
    {
        json.WriteStartObject();
        if (kept.Id > 0)
        {
            json.WriteNumber("id", kept.Id);
        }

        json.WriteNumber("record", kept.Record);
        json.WriteString("device", kept.Device);
        json.WriteString("reason", kept.Reason);
        json.WriteEndObject();
    }

    private static IEnumerable<(long First, long Last)> Runs(IEnumerable<long> ids)
    {
        (long First, long Last)? run = null;
        foreach (var id in ids.Order())
        {
            if (run is { } open && id == open.Last + 1)
            {
                run = (open.First, id);
                continue;
            }

            if (run is { } ended)
            {
                yield return ended;
            }

            run = (id, id);
        }

        if (run is { } last)
        {
            yield return last;
        }
    }
}
