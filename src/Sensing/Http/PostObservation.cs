using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Http;

/// <summary>The short way for single Observations whose Datastream is known: into the queue, one commit with others', out.</summary>
internal sealed class PostObservation(IngestQueue queue, IDatabase database, EntityReader reader, Wire wire, TimeProvider clock)
{
    private static readonly Dictionary<Profile, RowShape> Shapes = Profile.All.ToDictionary(profile => profile, profile => new RowShape(profile.Of(SensorThingsModel.Observations), new QueryOptions()));

    /// <summary>Handles the request when it is of this kind; false leaves it to the long way.</summary>
    public async Task<bool> TryHandle(HttpContext context, Profile profile, List<PathSegment> path, JsonElement json, IdempotencyKey? key)
    {
        if (json.ValueKind != JsonValueKind.Object || Find(path, json) is not { } found)
        {
            return false;
        }

        var observation = ObservationObject.Read(json, "", found.Datastream, found.Feature, clock.GetUtcNow(), multi: found.IsMulti);
        var outcome = (await queue.Store([observation], key))[0];
        if (outcome.Refusal is { } refusal)
        {
            throw refusal.Reason == Refusal.NotTheirs ? Ownership.Forbidden()
                : refusal.Field is "Datastream" or "MultiDatastream" && path.Count == 2
                ? ResourcePath.NoEntity(found.IsMulti ? SensorThingsModel.MultiDatastreams : SensorThingsModel.Datastreams, found.Datastream)
                : new InvalidInputException(refusal.Field, refusal.Reason);
        }

        var shape = Shapes[profile];
        var root = wire.RootOf(context.Request, profile);
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{root}/Observations({outcome.Id})");
        var row = key is null ? shape.Make(outcome.Id, column => Value(observation, outcome.Id, column)) : await Stored(outcome.Id, context.RequestAborted);
        await Wire.Write(context.Response, StatusCodes.Status201Created, writer => new EntityJson(root).WriteEntity(writer, shape, row, new QueryOptions()));
        return true;
    }

    /// <summary>The Observation as it lies in the store: with an Idempotency-Key this request may be the repetition of the one that stored it.</summary>
    private async Task<EntityRow> Stored(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var found = await reader.Find(read, database.Engine, SensorThingsModel.Observations, id, new QueryOptions());
        return found?.Row ?? throw ResourcePath.Gone(SensorThingsModel.Observations, id);
    }

    /// <summary>The Datastream (or MultiDatastream) and feature of <c>POST Observations</c> or <c>POST Datastreams(n)/Observations</c>, when nothing is to be created inline.</summary>
    public static (long Datastream, long? Feature, bool IsMulti)? Find(List<PathSegment> path, JsonElement json)
    {
        var references = ObservationObject.References(json);
        return path switch
        {
            [{ Name: "Observations", Id: null }] when references is { Datastream: { } datastream, Multi: null, Feature: var feature } => (datastream, feature, false),
            [{ Name: "Observations", Id: null }] when references is { Datastream: null, Multi: { } multi, Feature: var feature } => (multi, feature, true),
            [{ Name: "Datastreams", Id: { } datastream }, { Name: "Observations", Id: null }] when references is { Datastream: null, Multi: null, Feature: var feature } => (datastream, feature, false),
            [{ Name: "MultiDatastreams", Id: { } multi }, { Name: "Observations", Id: null }] when references is { Datastream: null, Multi: null, Feature: var feature } => (multi, feature, true),
            _ => null,
        };
    }

    public static object? Value(NewObservation observation, long id, string column) => column switch
    {
        "id" => id,
        "phenomenon_start" => observation.Start,
        "phenomenon_end" => observation.End,
        "result_time" => observation.ResultTime,
        "result_kind" => (long)observation.Result.Kind,
        "result_number" => observation.Result.Number,
        "result_text" => observation.Result.Text,
        "quality" => observation.Quality,
        "valid_start" => observation.ValidStart,
        "valid_end" => observation.ValidEnd,
        "parameters" => observation.Parameters,
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };
}
