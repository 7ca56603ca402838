using Madang.Trust.Access;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Trust;

/// <summary>What is told to the record from outside of any change: refusals, and what was taken out in bulk.</summary>
public sealed class Sightings
{
    private readonly Reception reception;
    private readonly Recorder recorder;
    private readonly Tally tally;

    internal Sightings(Reception reception, Recorder recorder, Tally tally) => (this.reception, this.recorder, this.tally) = (reception, recorder, tally);

    /// <summary>
    /// Records that a request was refused: nobody known (401), not allowed (403), too often (429). Equal ones within a minute
    /// are one entry. Which address was asked is told by its route, since a path may hold anything.
    /// </summary>
    public void Refused(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var status = context.Response.StatusCode;
        if (status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests))
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "no route";
        var from = CallerAddress.Find(context.Connection.RemoteIpAddress);
        tally.Note(reception.Find(context.User).Entry("refusal") with { From = from, Kind = FormattableString.Invariant($"http-{status}"), Thing = $"{Verb(context.Request.Method)} {route}", Result = RecordEntry.Refused });
    }

    /// <summary>Records that something is taken out in bulk, before it is. What everybody may take is counted; what is known of whom is recorded each time.</summary>
    internal Task TakenOut(HttpContext context)
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
}
