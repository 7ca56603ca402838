using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Sensing.Http;

/// <summary>/api/deletions: Observations are deleted by a query, after a preview, as a job.</summary>
internal static class DeletionRoutes
{
    /// <summary>Which Observations shall go.</summary>
    public sealed record Request
    {
        /// <summary><c>Datastreams(5)/Observations?$filter=…</c> or <c>Observations?$filter=…</c>.</summary>
        public string? Query { get; init; }
    }

    /// <summary>A deletion; state is previewed, running, stopping, done, stopped or failed.</summary>
    public sealed record Job(long Id, string Query, string State, long Expected, bool IsEstimate, long Looked, long Deleted, string AskedAt, string? StartedAt, string? EndedAt, string? Reason);

    /// <summary>What would go of one Datastream.</summary>
    public sealed record Share(long Datastream, string Name, long Observations);

    /// <summary>What a deletion would delete, and how long it may be started.</summary>
    public sealed record Preview(Job Deletion, string StartBefore, long DatastreamCount, IReadOnlyList<Share> Datastreams, string? First, string? Last, IReadOnlyList<JsonElement> Examples);

    internal static async Task<Ok<IReadOnlyList<Job>>> List(DeletionDesk desk, CancellationToken cancel) =>
        TypedResults.Ok<IReadOnlyList<Job>>([.. (await desk.List(cancel)).Select(Write)]);

    internal static async Task<Ok<Job>> Get(long id, DeletionDesk desk, CancellationToken cancel) => TypedResults.Ok(Write(await desk.Get(id, cancel)));

    internal static async Task<Created<Preview>> Make(Request request, HttpContext context, DeletionDesk desk, IDatabase database, EntityReader reader, Wire wire, CancellationToken cancel)
    {
        var shown = await desk.Preview(request.Query, cancel);
        var examples = new List<JsonElement>();
        await using (var read = await database.Read(cancel))
        {
            foreach (var id in shown.Examples)
            {
                if (await reader.Find(read, database.Engine, Profile.V11.Of(SensorThingsModel.Observations), id, new QueryOptions()) is var (shape, row))
                {
                    examples.Add(Write(wire.RootOf(context.Request, Profile.V11), shape, row));
                }
            }
        }

        return TypedResults.Created(FormattableString.Invariant($"/api/deletions/{shown.Deletion.Id}"), new Preview(
            Write(shown.Deletion), IsoTime.Write(shown.Deletion.AskedAt + DeletionDesk.PreviewHolds), shown.DatastreamCount,
            [.. shown.Datastreams.Select(share => new Share(share.Datastream, share.Name, share.Observations))], Write(shown.First), Write(shown.Last), examples));
    }

    internal static async Task<Accepted<Job>> Start(long id, DeletionDesk desk, CancellationToken cancel) =>
        TypedResults.Accepted(FormattableString.Invariant($"/api/deletions/{id}"), Write(await desk.Start(id, cancel)));

    internal static async Task<NoContent> Stop(long id, DeletionDesk desk, CancellationToken cancel)
    {
        await desk.Stop(id, cancel);
        return TypedResults.NoContent();
    }

    private static Job Write(Deletion job) => new(
        job.Id, job.Query, job.State.ToString().ToLowerInvariant(), job.Expected, job.IsEstimate, job.Looked, job.Deleted, IsoTime.Write(job.AskedAt), Write(job.StartedAt), Write(job.EndedAt), job.Reason);

    private static string? Write(DateTimeOffset? time) => time is { } at ? IsoTime.Write(at) : null;

    private static JsonElement Write(string root, RowShape shape, EntityRow row)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            new EntityJson(root).WriteEntity(json, shape, row, new QueryOptions());
        }

        return JsonSerializer.Deserialize<JsonElement>(body.ToArray());
    }
}
