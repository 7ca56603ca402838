using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Batch;
using Madang.Sensing.Changes;
using Madang.Sensing.Entities;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Http;

/// <summary>POST, PATCH, PUT and DELETE on entities. Who may write to an entity and not read it is told its id and nothing else.</summary>
internal sealed class WriteEntities(IDatabase database, EntityReader reader, EntityCreator creator, EntityUpdater updater, EntityDeleter deleter, Rows rows, PostObservation post, Wire wire, Recorder recorder, ChangeFeed feed, TimeProvider clock)
{
    public async Task Post(HttpContext context, Profile profile)
    {
        var path = ResourcePath.Of(context.Request, profile);
        NoOptions(context.Request);
        var (document, bytes) = await wire.Read(context.Request, context.RequestAborted);
        using (document)
        {
            var key = IdempotencyKey.Of(context.Request.Headers["Idempotency-Key"], context.Request.Path, bytes.Span);
            if (context.Features.Get<ChangeSet>() is null && await post.TryHandle(context, profile, path, document.RootElement, key))
            {
                return;
            }

            var target = await Target(context, profile, path);
            if (target.Id is not null || target.Property is not null)
            {
                throw NotAllowed("POST creates entities in a collection", target);
            }

            var made = await Write(context, scope => Create(scope, target, document.RootElement, bytes, key));
            Tell(context, () => feed.Made(target.Set, made.Id, made.Others));
            await Answer(context, profile, target.Set, made.Id, StatusCodes.Status201Created);
        }
    }

    /// <summary>Creates an entity with everything inline, records it, and tells of it when it is committed; answers its id.</summary>
    public async Task<long> Create(Resource target, JsonElement json, ReadOnlyMemory<byte> bytes, IdempotencyKey? key, object? origin, CancellationToken cancel)
    {
        var (id, others) = await database.Write(scope => Create(scope, target, json, bytes, key), cancel);
        feed.Made(target.Set, id, others, origin);
        return id;
    }

    private static readonly QueryOptions IdAlone = new() { Select = ["@iot.id", "@iot.selfLink"] };

    public Task Patch(HttpContext context, Profile profile) => Update(context, profile, BodyMode.Part);

    public Task Put(HttpContext context, Profile profile) => Update(context, profile, BodyMode.Whole);

    public async Task Delete(HttpContext context, Profile profile)
    {
        NoOptions(context.Request);
        var (set, id) = await OneEntity(context, profile, "DELETE");
        if (ResourcePath.Of(context.Request, profile)[^1].Id is null)
        {
            // Observations(5)/Datastream: who writes that means a link, and would lose all that hangs on what it leads to.
            throw NotAllowed("DELETE needs the address of one entity with its own id, such as Things(5)", null);
        }

        if (!await Write(context, scope => Recorded(context, profile, scope, "delete", set, id, () => deleter.Delete(scope, set, id))))
        {
            throw ResourcePath.NoEntity(set, id);
        }

        Tell(context, () => feed.Deleted(set, id));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task Update(HttpContext context, Profile profile, BodyMode mode)
    {
        NoOptions(context.Request);
        var (set, id) = await OneEntity(context, profile, context.Request.Method);
        var (document, _) = await wire.Read(context.Request, context.RequestAborted);
        using (document)
        {
            var isPatch = Wire.IsJsonPatch(context.Request);
            if (isPatch && !await MayRead(context, set, id))
            {
                throw new CityRuleException("forbidden", "A JSON Patch asks what is there: it needs the right to read as well as to write.", StatusCodes.Status403Forbidden);
            }

            if (!await Write(context, scope => Recorded(context, profile, scope, mode == BodyMode.Part ? "change" : "replace", set, id, async () =>
                await (isPatch ? PatchWhole(scope, set, id, document.RootElement) : updater.Update(scope, set, id, document.RootElement, mode)) ? [] : null)))
            {
                throw ResourcePath.NoEntity(set, id);
            }

            var names = ChangeFeed.Names(document.RootElement);
            Tell(context, () => feed.Changed(set, id, names));
        }

        await Answer(context, profile, set, id, StatusCodes.Status200OK);
    }

    /// <summary>JSON Patch: its operations run over the entity's own properties, and the whole replaces what was there (OGC 18-088, create-update-delete/update-entity-jsonpatch).</summary>
    private async Task<bool> PatchWhole(WriteScope scope, EntitySet set, long id, JsonElement patch)
    {
        if (await reader.Find(scope.AsReader(), scope.Engine, set, id, new QueryOptions()) is not var (shape, row))
        {
            return false;
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            foreach (var property in shape.Properties.Where(property => !property.Computed))
            {
                shape.WriteProperty(json, property, row);
            }

            json.WriteEndObject();
        }

        var patched = JsonPatch.Apply(JsonNode.Parse(body.ToArray()), patch);
        using var whole = JsonSerializer.SerializeToDocument(patched);
        return await updater.Update(scope, set, id, whole.RootElement, BodyMode.Whole);
    }

    /// <summary>Does it, and records it with what stood there before and after, and every entity that goes with it; false when the entity is not there.</summary>
    private async Task<bool> Recorded(HttpContext context, Profile profile, WriteScope scope, string verb, EntitySet set, long id, Func<Task<IReadOnlyList<Alongside>?>> change)
    {
        if (Preconditions.AreSet(context.Request))
        {
            await DemandState(context.Request, profile, scope, set, id);
        }

        var image = $"SELECT * FROM {set.Table} WHERE id = @id";
        var before = await RowImage.Read(scope, image, new { id });
        if (await change() is not { } others)
        {
            return false;
        }

        await recorder.Record(
            scope,
            [
                Entry(set, verb, id) with { Before = before, After = await RowImage.Read(scope, image, new { id }) },
                .. others.Where(other => (other.Set, other.Id) != (set, id)).Select(other => Entry(other.Set, verb, other.Thing) with { Before = other.Before }),
            ]);
        return true;
    }

    /// <summary>Checks what the request knows of the entity against what it is; nobody changes it between this and the commit. One that is not there, or another's, is answered as without it.</summary>
    private async Task DemandState(HttpRequest request, Profile profile, WriteScope scope, EntitySet set, long id)
    {
        if (!await rows.IsTheirs(scope, set, id))
        {
            return;
        }

        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync($"SELECT id FROM {set.Table} WHERE id = @id FOR NO KEY UPDATE", new { id }, scope.Transaction);
        }

        var shown = await reader.MayRead(scope.AsReader(), scope.Engine, set, id) ? new QueryOptions() : IdAlone;
        var (shape, row) = await reader.Find(scope.AsReader(), scope.Engine, set, id, shown) ?? throw ResourcePath.NoEntity(set, id);
        Preconditions.Demand(request, Http.Answer.TagOf(json => new EntityJson(wire.RootOf(request, profile)).WriteEntity(json, shape, row, shown)));
    }

    private static RecordEntry Entry(EntitySet set, string verb, long id) => Entry(set, verb, id.ToString(CultureInfo.InvariantCulture));

    private static RecordEntry Entry(EntitySet set, string verb, string thing) =>
        Caller.Current.Entry($"{set.Name.ToLowerInvariant()}.{verb}", Act.Write, Kinds.Thing, Caller.Current.Provider) with { Kind = set.Name, Thing = thing };

    /// <summary>The id, and what was made with it; null where the key came before and nothing was made.</summary>
    private async Task<(long Id, IReadOnlyList<Alongside>? Others)> Create(WriteScope scope, Resource target, JsonElement json, ReadOnlyMemory<byte> bytes, IdempotencyKey? key)
    {
        if (key is not null && await Idempotency.Claim(scope, key, clock.GetUtcNow()) is { } answer)
        {
            return (long.Parse(answer, CultureInfo.InvariantCulture), null);
        }

        var (id, others) = await creator.Create(scope, target.Set, json, target.Parent);
        var entries = new List<RecordEntry> { Entry(target.Set, "create", id) with { After = bytes } };
        foreach (var other in others)
        {
            entries.Add(Entry(other.Set, "create", other.Thing) with { After = other.Id is null ? null : await RowImage.Read(scope, $"SELECT * FROM {other.Set.Table} WHERE id = @Id", new { other.Id }) });
        }

        await recorder.Record(scope, entries);
        if (key is not null)
        {
            await Idempotency.Remember(scope, key, id.ToString(CultureInfo.InvariantCulture));
        }

        return (id, others);
    }

    private async Task<(EntitySet Set, long Id)> OneEntity(HttpContext context, Profile profile, string method)
    {
        var target = await Target(context, profile, ResourcePath.Of(context.Request, profile));
        return target is { Id: { } id, Property: null } ? (target.Set, id) : throw NotAllowed($"{method} needs the address of one entity, such as Things(5)", target);
    }

    private async Task<Resource> Target(HttpContext context, Profile profile, List<PathSegment> path)
    {
        if (path.Count == 0)
        {
            throw NotAllowed("The service root can only be read", null);
        }

        if (path[^1].Name == "$ref")
        {
            throw new InvalidInputException("path", "$ref is read here and not written: relations are changed by the entity's own property, such as PATCH Datastreams(1) { \"Thing\": { \"@iot.id\": 2 } }", StatusCodes.Status501NotImplemented);
        }

        await using var read = await Read(context);
        return await Resource.Resolve(read, database.Engine, reader, profile, path);
    }

    private async Task Answer(HttpContext context, Profile profile, EntitySet set, long id, int status)
    {
        await using var read = await Read(context);
        var shown = await reader.MayRead(read, database.Engine, set, id) ? new QueryOptions() : IdAlone;
        var (shape, row) = await reader.Find(read, database.Engine, set, id, shown)
            ?? throw (status == StatusCodes.Status201Created ? ResourcePath.Gone(set, id) : ResourcePath.NoEntity(set, id));
        var root = wire.RootOf(context.Request, profile);
        if (status == StatusCodes.Status201Created)
        {
            context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{root}/{set.Name}({id})");
        }

        void Write(Utf8JsonWriter json) => new EntityJson(root).WriteEntity(json, shape, row, shown);
        context.Response.Headers.ETag = Http.Answer.TagOf(Write);
        await Wire.Write(context.Response, status, Write);
    }

    private async Task<bool> MayRead(HttpContext context, EntitySet set, long id)
    {
        await using var read = await Read(context);
        return await reader.MayRead(read, database.Engine, set, id);
    }

    /// <summary>Tells of a change that is committed: at once, or when the change set it is part of is.</summary>
    private static void Tell(HttpContext context, Action tell)
    {
        if (context.Features.Get<ChangeSet>() is { } set)
        {
            set.WhenCommitted.Add(tell);
        }
        else
        {
            tell();
        }
    }

    /// <summary>In a transaction of its own, or in that of the change set it is part of.</summary>
    private Task<T> Write<T>(HttpContext context, Func<WriteScope, Task<T>> change) =>
        context.Features.Get<ChangeSet>() is { } set ? set.Run(change) : database.Write(change, context.RequestAborted);

    private ValueTask<ReadScope> Read(HttpContext context) =>
        context.Features.Get<ChangeSet>() is { } set ? ValueTask.FromResult(set.Scope.AsReader()) : database.Read(context.RequestAborted);

    private static void NoOptions(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.Query.Keys.FirstOrDefault() is { } option)
        {
            throw new InvalidInputException(option, "is a query option, and applies to GET only");
        }
    }

    private static CityRuleException NotAllowed(string reason, Resource? target) => new("method-not-allowed", reason + ".", StatusCodes.Status405MethodNotAllowed, target switch
    {
        null or { Property: not null } => "GET, HEAD",
        { Id: null } => "GET, HEAD, POST",
        _ => "GET, HEAD, PATCH, PUT, DELETE",
    });
}
