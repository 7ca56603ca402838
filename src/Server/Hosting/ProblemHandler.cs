using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Server.Hosting;

/// <summary>The one place where an exception becomes an answer.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> log)
{
    public Task Answer(HttpContext httpContext, Exception exception)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        return exception switch
        {
            InvalidInputException invalid => Problems.Write(httpContext, invalid.Status, CodeOf(invalid.Status), invalid.Message, invalid.Field),
            CityRuleException rule => Broken(httpContext, rule),
            UnavailableException outage => Unavailable(httpContext, outage),
            BadHttpRequestException bad => Bad(httpContext, bad),
            _ when StorageModule.IsQueryLimit(exception) => Unavailable(
                httpContext, new UnavailableException("query-too-long", "The query took longer than the server allows. Ask for less at a time: a shorter stretch of time, one Datastream or Thing named, a smaller page, no count.", TimeSpan.FromSeconds(10))),
            _ when StorageModule.IsOutage(exception) => Unavailable(
                httpContext, new UnavailableException("storage-unreachable", "The database was lost while it was read.", TimeSpan.FromSeconds(5), exception)),
            _ => Bug(httpContext, exception),
        };
    }

    private static Task Broken(HttpContext context, CityRuleException rule)
    {
        context.Response.Headers.Allow = rule.Allow;
        return Problems.Write(context, rule.Status, rule.Code, rule.Message);
    }

    private Task Unavailable(HttpContext context, UnavailableException outage)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(outage.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (outage.InnerException is { } cause)
        {
            Outage(log, outage.Code, Problems.TraceId(context), cause);
        }

        return Problems.Write(context, outage.Status, outage.Code, outage.Message);
    }

    private static Task Bad(HttpContext context, BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json)
        {
            var field = json.Path is null or "" or "$" ? "$" : json.Path.StartsWith("$.", StringComparison.Ordinal) ? json.Path[2..] : json.Path;
            var where = json.LineNumber is { } line ? $" at line {line + 1}, byte {json.BytePositionInLine + 1}" : "";
            // The serializer tells what it did not know in these words, and in no other way.
            return json.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)
                ? Problems.Write(context, bad.StatusCode, "unknown-member", $"Nothing here is called '{field}'; what it was to say would have been lost.", field)
                : Problems.Write(context, bad.StatusCode, "invalid-json", $"The body is not the JSON that is asked for{where}.", field);
        }

        if (bad.Message.StartsWith("Implicit body", StringComparison.Ordinal))
        {
            return Problems.Write(context, bad.StatusCode, CodeOf(bad.StatusCode), "A JSON object is asked for as the body.", "$");
        }

        return Parameter().Match(bad.Message) is { Success: true } parameter
            ? Problems.Write(context, bad.StatusCode, CodeOf(bad.StatusCode), Reason(bad.Message, parameter.Groups["type"].Value), parameter.Groups["name"].Value)
            : Problems.Write(context, bad.StatusCode, CodeOf(bad.StatusCode), bad.Message);
    }

    /// <summary>ASP.NET names a parameter with its type in C#, which tells a caller nothing.</summary>
    [GeneratedRegex("^(Failed to bind|Required) parameter \"(?<type>.+) (?<name>[A-Za-z0-9_]+)\"")]
    private static partial Regex Parameter();

    private static string Reason(string message, string type) =>
        message.StartsWith("Required", StringComparison.Ordinal) ? "This is required."
        : type.Contains("DateTimeOffset", StringComparison.Ordinal) ? "This is no moment; write one as 2026-07-19T00:00:00Z."
        : type.Contains("long", StringComparison.OrdinalIgnoreCase) || type.Contains("int", StringComparison.OrdinalIgnoreCase) ? "This is no whole number, or too large a one."
        : "This cannot be read.";

    private Task Bug(HttpContext context, Exception exception)
    {
        Failed(log, context.Request.Method, context.Request.Path, Problems.TraceId(context), exception);
        return Problems.Write(context, StatusCodes.Status500InternalServerError, "internal-error", "The server made a mistake; the trace id leads to it in the log.");
    }

    private static string CodeOf(int status) => status switch
    {
        400 => "invalid-input",
        404 => "not-found",
        408 => "too-slow",
        413 => "too-large",
        415 => "unsupported-type",
        501 => "not-offered",
        _ => $"http-{status}",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed, trace {TraceId}.")]
    private static partial void Failed(ILogger log, string method, string path, string traceId, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered 503 {Code}, trace {TraceId}.")]
    private static partial void Outage(ILogger log, string code, string traceId, Exception cause);
}
