using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Rollups;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>Changes and deletes Observations, and mends what was summed up from them: rollup marks, extents, observed features.</summary>
internal sealed class ObservationChanges(Rows rows, IObservationRows writer, TimeProvider clock)
{
    private const string Columns =
        "id AS Id, datastream_id AS Datastream, feature_id AS Feature, phenomenon_start AS Start, phenomenon_end AS EndTime, result_kind AS Kind, result_number AS Number, result_text AS Text, "
        + "result_time AS ResultTime, valid_start AS ValidStart, valid_end AS ValidEnd, quality AS Quality, parameters AS Parameters";

    /// <summary>Changes an Observation; true when that changed the last reading of a Datastream.</summary>
    public async Task<bool> Update(WriteScope scope, long id, JsonElement json, BodyMode mode)
    {
        var old = await Find(scope, id);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException("body", $"must be an object, not {Json.Kind(json)}");
        }

        var plain = await Related(scope, json, "Datastream", SensorThingsModel.Datastreams);
        var multi = await Related(scope, json, "MultiDatastream", SensorThingsModel.MultiDatastreams);
        if (plain is not null && multi is not null)
        {
            throw new InvalidInputException("MultiDatastream", "stands beside a Datastream; an Observation belongs to one");
        }

        var datastream = multi ?? plain ?? old.Datastream;
        var isMulti = multi is not null || (plain is null && old.Kind == (int)ResultKind.Parts);
        var feature = await Related(scope, json, "FeatureOfInterest", SensorThingsModel.FeaturesOfInterest) ?? old.Feature;
        var changed = mode == BodyMode.Whole
            ? ObservationObject.Read(json, "", datastream, feature, clock.GetUtcNow(), id, isMulti)
            : Merge(old, json, datastream, feature, isMulti);
        if ((await writer.FindDatastreams(scope, [datastream]))[datastream].Judge(changed) is { } wrong)
        {
            throw new InvalidInputException(wrong.Field, wrong.Reason);
        }

        // A deletion that was previewed showed what stood here before.
        await scope.Connection.ExecuteAsync("INSERT INTO deletion_spared (observation_id) SELECT @id WHERE EXISTS (SELECT 1 FROM deletions WHERE state IN (1, 2, 3)) ON CONFLICT DO NOTHING", new { id }, scope.Transaction);
        changed.Id = id;
        changed.StoredFeature = feature;
        var before = await Extents.LastOf(scope, old.Datastream, datastream);
        await Remove(scope, old);
        var hours = new[] { (old.Datastream, Buckets.HourOf(old.Start)), (datastream, Buckets.HourOf(changed.Start)) };
        await writer.Store(scope, [changed], new Consequences([], [(datastream, feature)], [.. hours.Distinct().Order()], clock.GetUtcNow().ToMicros()), isLast: false);
        if ((datastream, feature) != (old.Datastream, old.Feature))
        {
            await Extents.Unlink(scope, old.Datastream, old.Feature);
        }

        if (!await Extents.RecountIfEdge(scope, old.Datastream, id, old.Start, old.EndTime ?? old.Start, old.ResultTime) || datastream != old.Datastream)
        {
            await Extents.RecountIfEdge(scope, datastream, id, changed.Start, changed.End ?? changed.Start, changed.ResultTime);
        }

        Tell(scope, datastream, datastream == old.Datastream ? Math.Min(old.Start, changed.Start) : changed.Start);
        if (datastream != old.Datastream)
        {
            Tell(scope, old.Datastream, old.Start);
        }

        return !before.SequenceEqual(await Extents.LastOf(scope, old.Datastream, datastream));
    }

    /// <summary>Deletes an Observation; true when that changed the last reading of its Datastream.</summary>
    public async Task<bool> Delete(WriteScope scope, long id)
    {
        var old = await Find(scope, id);
        var before = await Extents.LastOf(scope, old.Datastream, old.Datastream);
        await Remove(scope, old);
        await writer.Mark(scope, [(old.Datastream, Buckets.HourOf(old.Start))], clock.GetUtcNow().ToMicros());
        await Extents.RecountIfEdge(scope, old.Datastream, old.Id, old.Start, old.EndTime ?? old.Start, old.ResultTime);
        await Extents.Unlink(scope, old.Datastream, old.Feature);
        Tell(scope, old.Datastream, old.Start);
        return !before.SequenceEqual(await Extents.LastOf(scope, old.Datastream, old.Datastream));
    }

    /// <summary>Deletes every Observation of a feature.</summary>
    public async Task DeleteOfFeature(WriteScope scope, long feature)
    {
        var datastreams = (await scope.Connection.QueryAsync<long>(
            "SELECT datastream_id FROM datastream_features WHERE feature_id = @feature ORDER BY datastream_id", new { feature }, scope.Transaction)).AsList();
        foreach (var datastream in datastreams)
        {
            if (await scope.Connection.ExecuteScalarAsync<long?>("SELECT min(phenomenon_start) FROM observations WHERE datastream_id = @datastream AND feature_id = @feature", new { datastream, feature }, scope.Transaction) is { } first)
            {
                Tell(scope, datastream, first);
            }

            await scope.Connection.ExecuteAsync(
                $"""
                INSERT INTO rollup_marks (datastream_id, hour, touched_at)
                SELECT DISTINCT datastream_id, phenomenon_start - (((phenomenon_start % {Buckets.Hour}) + {Buckets.Hour}) % {Buckets.Hour}), @now
                FROM observations WHERE datastream_id = @datastream AND feature_id = @feature
                ON CONFLICT (datastream_id, hour) DO UPDATE SET touched_at = excluded.touched_at
                """,
                new { datastream, feature, now = clock.GetUtcNow().ToMicros() },
                scope.Transaction);
            await scope.Connection.ExecuteAsync("DELETE FROM observations WHERE datastream_id = @datastream AND feature_id = @feature", new { datastream, feature }, scope.Transaction);
            await Extents.Recount(scope, datastream);
        }
    }

    private static void Tell(WriteScope scope, long datastream, long from)
    {
        var fact = new ObservationsChanged(datastream, IsoTime.FromMicros(from));
        scope.Tell(fact, fact.Key);
    }

    private static Task<Stored> Find(WriteScope scope, long id) => scope.Connection.QuerySingleAsync<Stored>($"SELECT {Columns} FROM observations WHERE id = @id", new { id }, scope.Transaction);

    private static Task<int> Remove(WriteScope scope, Stored old) => scope.Connection.ExecuteAsync(
        "DELETE FROM observations WHERE datastream_id = @Datastream AND phenomenon_start = @Start AND id = @Id", new { old.Datastream, old.Start, old.Id }, scope.Transaction);

    private async Task<long?> Related(WriteScope scope, JsonElement json, string name, EntitySet set)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return null;
        }

        var id = EntityCreator.Reference(value, name) ?? throw new InvalidInputException(name, "must be a reference, {\"@iot.id\": …}");
        if (set != SensorThingsModel.FeaturesOfInterest)
        {
            return await rows.IsTheirs(scope, set, id) ? id : throw new InvalidInputException(name, $"there is no {set.Type} {id}");
        }

        return await rows.Exists(scope, set, id) ? id : throw new InvalidInputException(name, $"there is no {set.Type} {id}");
    }

    private static NewObservation Merge(Stored old, JsonElement json, long datastream, long feature, bool isMulti)
    {
        // What is not given is read back from the store through the same reader, in the words of the wire.
        var reader = new ObservationReader(old.Start, feature, isMulti);
        foreach (var member in json.EnumerateObject())
        {
            if (EntityBody.IsOwnId(member, old.Id))
            {
                continue;
            }

            if (member.Name is "@iot.id" or "id" || (member.Name is not ("Datastream" or "MultiDatastream" or "FeatureOfInterest") && !member.Name.Contains("@iot.", StringComparison.Ordinal) && !reader.Take(member.Name, member.Value, member.Name)))
            {
                throw new InvalidInputException(member.Name, "cannot be changed on an Observation");
            }
        }

        bool Given(string name) => json.TryGetProperty(name, out _);
        var result = Given("result") ? default : new Result((ResultKind)old.Kind, old.Number, old.Text);
        var merged = reader.Finish(datastream, "", Given("result") ? null : result);
        return new NewObservation
        {
            Datastream = datastream,
            Feature = feature,
            Start = merged.Start,
            End = Given("phenomenonTime") ? merged.End : old.EndTime,
            Result = merged.Result,
            ResultTime = Given("resultTime") ? merged.ResultTime : old.ResultTime,
            ValidStart = Given("validTime") ? merged.ValidStart : old.ValidStart,
            ValidEnd = Given("validTime") ? merged.ValidEnd : old.ValidEnd,
            Quality = Given("resultQuality") ? merged.Quality : old.Quality,
            Parameters = Given("parameters") ? merged.Parameters : old.Parameters,
        };
    }

    private sealed record Stored
    {
        public long Id { get; init; }

        public long Datastream { get; init; }

        public long Feature { get; init; }

        public long Start { get; init; }

        public long? EndTime { get; init; }

        public int Kind { get; init; }

        public double? Number { get; init; }

        public string? Text { get; init; }

        public long? ResultTime { get; init; }

        public long? ValidStart { get; init; }

        public long? ValidEnd { get; init; }

        public string? Quality { get; init; }

        public string? Parameters { get; init; }
    }
}
