using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Doors;

/// <summary>The doors for those who run them: mappings, counts, and what did not fit.</summary>
internal static class RunDoors
{
    public static async Task List(HttpContext context, DeviceDoors doors)
    {
        var all = await doors.List(context.RequestAborted);
        await Wire.Write(context.Response, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var door in all)
            {
                Write(json, door);
            }

            json.WriteEndArray();
        });
    }

    public static async Task Read(HttpContext context, string name, DeviceDoors doors)
    {
        var door = await doors.Find(name, context.RequestAborted) ?? throw new CityRuleException("no-such-door", "There is no device door of this name.", 404);
        context.Response.ContentType = "application/yaml; charset=utf-8";
        await context.Response.WriteAsync(door.Yaml, Encoding.UTF8, context.RequestAborted);
    }

    public static async Task Put(HttpContext context, string name, DeviceDoors doors)
    {
        var body = await TakeIn.Body(context.Request, context.RequestAborted);
        string yaml;
        try
        {
            yaml = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Span);
        }
        catch (DecoderFallbackException bad)
        {
            throw new InvalidInputException("mapping", string.Create(CultureInfo.InvariantCulture, $"is not UTF-8: byte {bad.Index + 1} does not fit"));
        }

        context.Response.StatusCode = await doors.Put(name, yaml, context.RequestAborted) ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
    }

    public static async Task Delete(HttpContext context, string name, DeviceDoors doors)
    {
        await doors.Delete(name, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task ListKept(HttpContext context, string name, DeviceDoors doors)
    {
        var before = context.Request.Query["before"].ToString();
        long? id = before.Length == 0 ? null : long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException("before", "must be an id of what is kept");
        var kept = await doors.ListKept(name, id, context.RequestAborted);
        await Wire.Write(context.Response, StatusCodes.Status200OK, json => Write(json, kept));
    }

    public static async Task Replay(HttpContext context, string name, long id, DeviceDoors doors)
    {
        var answer = await doors.Replay(name, id, context.RequestAborted);
        await Wire.Write(context.Response, StatusCodes.Status200OK, json => TakeIn.Write(json, name, answer));
    }

    public static async Task ReplayAll(HttpContext context, string name, DeviceDoors doors)
    {
        var replayed = await doors.ReplayAll(name, context.RequestAborted);
        await Wire.Write(context.Response, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("tried", replayed.Tried);
            json.WriteNumber("stored", replayed.Stored);
            json.WriteNumber("kept", replayed.Kept);
            json.WriteBoolean("all", replayed.IsAll);
            json.WriteEndObject();
        });
    }

    public static async Task DeleteKept(HttpContext context, string name, long? id, DeviceDoors doors)
    {
        context.Response.StatusCode = await doors.DeleteKept(name, id, context.RequestAborted) > 0 || id is null
            ? StatusCodes.Status204NoContent
            : throw new CityRuleException("no-such-payload", "This payload is not kept any more.", 404);
    }

    private static void Write(Utf8JsonWriter json, DoorAbout door)
    {
        json.WriteStartObject();
        json.WriteString("name", door.Name);
        json.WriteString("about", door.About);
        json.WriteBoolean("open", door.IsOpen);
        json.WriteBoolean("shipped", door.IsShipped);
        json.WriteNumber("version", door.Version);
        json.WriteString("format", door.Format);
        json.WriteNumber("received", door.Received);
        json.WriteNumber("stored", door.Stored);
        json.WriteNumber("repeated", door.Repeated);
        json.WriteNumber("kept", door.Kept);
        json.WriteNumber("dropped", door.Dropped);
        json.WriteNumber("waiting", door.Waiting);
        json.WriteNumber("waitingBytes", door.WaitingBytes);
        WriteTime(json, "heardAt", door.HeardAt);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<KeptPayload> kept)
    {
        json.WriteStartArray();
        foreach (var one in kept)
        {
            json.WriteStartObject();
            json.WriteNumber("id", one.Id);
            WriteTime(json, "at", one.At);
            json.WriteString("device", one.Device);
            json.WriteString("reason", one.Reason);
            json.WriteString("payload", one.Payload);
            json.WriteNumber("size", one.Size);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? at) => json.WriteString(name, at is { } known ? IsoTime.Write(known) : null);
}
