using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Trust;
using Madang.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Madang.Server.Hosting;

/// <summary>Writes RFC 9457 problems: what went wrong, a stable code, the field that is wrong, and the trace to ask about.</summary>
internal static class Problems
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Forbidden = "forbidden";

    /// <summary>A person who looks at a page gets a page; every other caller gets a problem. Whose roles sleep is told so, whatever was not allowed.</summary>
    public static Task Write(HttpContext context, int status, string code, string? detail = null, string? field = null)
    {
        var sleeps = code == Forbidden && Caller.Of(context).LacksSecondFactor;
        if (sleeps)
        {
            (code, detail) = ("second-factor-needed", "Your roles wait for a second step. Add a passkey or an authenticator app at /account/security, or sign in with it.");
        }

        return Doors.IsForPrograms(context.Request.Path) ? WriteProblem(context, status, code, detail, field) : ErrorPages.Write(context, status, sleeps);
    }

    private static async Task WriteProblem(HttpContext context, int status, string code, string? detail, string? field)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.Headers.CacheControl = "no-store";
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body, Readable))
        {
            json.WriteStartObject();
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            WriteIfKnown(json, "detail", detail);
            json.WriteString("code", code);
            WriteIfKnown(json, "field", field);
            json.WriteString("traceId", TraceId(context));
            json.WriteEndObject();
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    /// <summary>An answer that is only a status gets its words.</summary>
    public static Task WriteForStatus(HttpContext context)
    {
        var (code, detail) = context.Response.StatusCode switch
        {
            400 => ("bad-request", "The request cannot be understood."),
            401 => ("not-authorised", "This needs a key whose scope allows it (Authorization: Bearer …), or somebody who signed in."),
            403 => (Forbidden, "This caller may not do that."),
            404 => ("not-found", $"There is nothing at {context.Request.Path}."),
            405 => ("method-not-allowed", $"{context.Request.Method} is not offered here; see Allow."),
            406 => ("not-acceptable", "None of the asked-for formats is offered."),
            413 => ("too-large", "The request is too large."),
            415 => ("unsupported-type", "This Content-Type is not read here."),
            var other => ($"http-{other}", null),
        };
        return Write(context, context.Response.StatusCode, code, detail);
    }

    /// <summary>What leads from an answer to the log and, where traces are collected, to the trace.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static void WriteIfKnown(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
