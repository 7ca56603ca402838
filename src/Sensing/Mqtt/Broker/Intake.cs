using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Ingest;
using Madang.Sensing.Mqtt.Topics;
using Madang.Sensing.Query;
using Madang.Storage;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>Turns a message into what a POST to the same path would create (OGC 18-088, 15.2).</summary>
internal sealed class Intake(IDatabase database, EntityReader reader, WriteEntities entities, DeviceDoors doors, IOptions<SensingOptions> options, TimeProvider clock)
{
    /// <summary>The payload as JSON; what is not UTF-8, not JSON, too deep or says something twice is refused.</summary>
    public JsonDocument Parse(in ReadOnlySequence<byte> payload)
    {
        ReadOnlyMemory<byte> bytes = payload.IsSingleSegment ? payload.First : payload.ToArray();
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new InvalidInputException("payload", "is not UTF-8");
        }

        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = options.Value.MaxJsonDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("payload", JsonFault.Reason(exception, bytes.Span, options.Value.MaxJsonDepth));
        }
    }

    /// <summary>The one Observation of a message whose Datastream is known without looking anything up; null when it is another kind of message.</summary>
    public NewObservation? ReadObservation(PublishTarget target, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Find(target.Path, json) is not { } found)
        {
            return null;
        }

        return ObservationObject.Read(json, "", found.Datastream, found.Feature, clock.GetUtcNow(), multi: found.IsMulti);
    }

    /// <summary>The Observations of a message with dataArrays; one that is bad spoils the message, since no answer could name it.</summary>
    public List<NewObservation> ReadArrays(JsonElement json)
    {
        var batch = new CreateObservations.Batch(options.Value.MaxItems, clock.GetUtcNow().ToMicros());
        batch.Read(json);
        return batch.Items.Find(item => item.Refusal is not null) is { Refusal: { } bad } ? throw new InvalidInputException(bad.Field, bad.Reason) : batch.Good;
    }

    /// <summary>Creates anything else, with everything inline.</summary>
    public async Task<long> Create(PublishTarget target, ReadOnlyMemory<byte> payload, IdempotencyKey? key, object origin, CancellationToken cancel)
    {
        using var document = Parse(new ReadOnlySequence<byte>(payload));
        Resource resource;
        await using (var read = await database.Read(cancel))
        {
            resource = await Resource.Resolve(read, database.Engine, reader, target.Profile, target.Path);
        }

        return resource is { Id: null, Property: null }
            ? await entities.Create(resource, document.RootElement, payload, key, origin, cancel)
            : throw new InvalidInputException("topic", "names one entity; entities are created in a collection");
    }

    /// <summary>Takes a device's own payload in, as <c>POST /doors/{name}</c> does; returns when what fits is stored and the rest is kept.</summary>
    public Task Receive(string door, ReadOnlyMemory<byte> payload, IdempotencyKey? key, CancellationToken cancel) => doors.Receive(door, payload, isUtf8: false, null, key, cancel);

    /// <summary>Publishes what nobody waits for: a will.</summary>
    public async Task Publish(PublishTarget target, byte[] payload, IngestQueue queue, Session origin)
    {
        if (target.Door is { } door)
        {
            await Receive(door, payload, null, CancellationToken.None);
            return;
        }

        using var document = Parse(new ReadOnlySequence<byte>(payload));
        List<NewObservation>? observations = target.IsDataArray ? ReadArrays(document.RootElement) : ReadObservation(target, document.RootElement) is { } single ? [single] : null;
        if (observations is null)
        {
            await Create(target, payload, null, origin, CancellationToken.None);
        }
        else if (await queue.Store(observations, null) is var outcomes && Array.FindIndex(outcomes, outcome => outcome.Refusal is not null) is >= 0 and var at)
        {
            var refusal = outcomes[at].Refusal!;
            throw new InvalidInputException(refusal.Field, observations.Count == 1 ? refusal.Reason : FormattableString.Invariant($"(of Observation {at + 1} of {observations.Count}) {refusal.Reason}"));
        }
    }

    private static (long Datastream, long? Feature, bool IsMulti)? Find(List<PathSegment> path, JsonElement json)
    {
        if (path is [{ Name: "FeaturesOfInterest", Id: { } feature }, { Name: "Observations", Id: null }])
        {
            return ObservationObject.References(json) switch
            {
                { Datastream: { } datastream, Multi: null, Feature: null } => (datastream, feature, false),
                { Datastream: null, Multi: { } multi, Feature: null } => (multi, feature, true),
                _ => null,
            };
        }

        return PostObservation.Find(path, json);
    }
}
