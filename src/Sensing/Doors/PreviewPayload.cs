using System.Text;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Doors;

/// <summary><c>POST /doors/{name}/preview</c>: a raw payload by the door's own mapping, or a form with <c>mapping</c> and <c>payload</c> by one that is not stored yet.</summary>
internal static class PreviewPayload
{
    public static async Task Handle(HttpContext context, string name, DeviceDoors doors)
    {
        DoorPreview preview;
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            preview = await doors.Preview(name, form["mapping"].ToString() is { Length: > 0 } yaml ? yaml : null, Encoding.UTF8.GetBytes(form["payload"].ToString()), isUtf8: true, context.RequestAborted);
        }
        else
        {
            var charset = Charsets.Of(context.Request);
            preview = await doors.Preview(name, null, Charsets.ToUtf8(charset, await TakeIn.Body(context.Request, context.RequestAborted)), charset is not null, context.RequestAborted);
        }

        await Wire.Write(context.Response, StatusCodes.Status200OK, json => Write(json, preview));
    }

    private static void Write(Utf8JsonWriter json, DoorPreview preview)
    {
        json.WriteStartObject();
        json.WriteNumber("records", preview.Records);
        json.WriteNumber("stored", preview.Stored);
        json.WriteStartArray("observations");
        foreach (var reading in preview.Readings)
        {
            Write(json, reading);
        }

        json.WriteEndArray();
        json.WriteNumber("kept", preview.Kept);
        json.WriteStartArray("keptRecords");
        foreach (var misfit in preview.Misfits)
        {
            TakeIn.Write(json, misfit);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PreviewReading reading)
    {
        json.WriteStartObject();
        json.WriteNumber("record", reading.Record);
        json.WriteString("device", reading.Device);
        WriteId(json, "thing", reading.Thing);
        WriteId(json, "datastream", reading.Datastream);
        json.WriteString("measure", reading.Measure);
        json.WriteString("phenomenonTime", IsoTime.Write(reading.Time));
        json.WriteString("raw", reading.Raw);
        json.WriteString("result", reading.Value);
        json.WriteString("unit", reading.Unit);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string name, long? id)
    {
        if (id is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
