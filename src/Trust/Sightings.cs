using System.Diagnostics;
using Madang.Trust.Access;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Madang.Trust;

/// <summary>What is told to the record from outside of any change: refusals, and what was taken out in bulk.</summary>
public sealed partial class Sightings
{
    private readonly Reception reception;
    private readonly Recorder recorder;
    private readonly Tally tally;
    private readonly ILogger<Sightings> log;

    internal Sightings(Reception reception, Recorder recorder, Tally tally, ILogger<Sightings> log) => (this.reception, this.recorder, this.tally, this.log) = (reception, recorder, tally, log);

    /// <summary>
    /// Records that a request was refused: nobody known (401), not allowed (403), too often (429). Equal ones within a minute
    /// are one entry. Which address was asked is told by its route, since a path may hold anything.
    /// </summary>
    public void Refused(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status401Unauthorized && NoUse.IsRoute(context) && context.Request.Headers.Authorization.Count == 0)
        {
            return;
        }

        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests)
        {
            Note(context, status, RouteOf(context));
        }
    }

    /// <summary>
    /// Records and logs that a form was refused which no page of ours sent: another site's, in the name of who is signed in here,
    /// or one that lay open for too long.
    /// </summary>
    public void RefusedForm(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var route = RouteOf(context);
        if (Note(context, StatusCodes.Status400BadRequest, route))
        {
            Foreign(log, route);
        }
    }

    private bool Note(HttpContext context, int status, string route) => tally.Note(reception.Find(context.User).Refusal() with
    {
        From = CallerAddress.Find(context.Connection.RemoteIpAddress), Trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier, Kind = FormattableString.Invariant($"http-{status}"), Thing = $"{Verb(context.Request.Method)} {route}", Result = RecordEntry.Refused,
    });

    private static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "no route";

    /// <summary>Records that something is taken out in bulk, before it is. What everybody may take is counted; what is known of whom is recorded each time.</summary>
    /// <summary>Records that data is taken out in bulk, as a file.</summary>
    public Task TakenOut(HttpContext context)
    {
        var entry = Caller.Current.Entry("export", Act.Export, Kinds.Thing) with { Kind = "file", Thing = context.Request.Path.Value };
        if (Caller.Current.Kind != CallerKind.Anonymous)
        {
            return recorder.Record(entry);
        }

        tally.Note(entry);
        return Task.CompletedTask;
    }

    /// <summary>A method that no route knows is anybody's text.</summary>
    private static string Verb(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" ? method : "other";

    [LoggerMessage(Level = LogLevel.Warning, Message = "A form for {Route} was refused: it has no token of our pages, or comes from another site. Others like it within the minute are counted in the record alone.")]
    private static partial void Foreign(ILogger log, string route);
}
