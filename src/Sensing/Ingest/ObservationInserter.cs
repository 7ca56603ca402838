using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Sensing.Model;
using Madang.Sensing.Rollups;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Ingest;

/// <summary>
/// Stores Observations within a transaction, with all that hangs on them: features of interest, extents, rollup marks, and
/// the facts that tell of them. Every way in ends here.
/// </summary>
internal sealed class ObservationInserter(IObservationRows rows, TimeProvider clock)
{
    /// <summary>
    /// Stores those that can be stored; answers, item by item, why one was not, or null. With <paramref name="isLast"/>
    /// nothing else in this transaction will read them, and they may be sent with its commit.
    /// </summary>
    public async Task<Refusal?[]> Insert(WriteScope scope, IReadOnlyList<NewObservation> observations, bool isLast = false)
    {
        var refusals = new Refusal?[observations.Count];
        var datastreams = await FindDatastreams(scope, observations);
        var known = await FindFeatures(scope, observations);
        var good = new List<NewObservation>(observations.Count);
        for (var index = 0; index < observations.Count; index++)
        {
            var observation = observations[index];
            refusals[index] = await Judge(scope, observation, datastreams, known);
            if (refusals[index] is null)
            {
                good.Add(observation);
            }
        }

        if (good.Count > 0)
        {
            await rows.GiveIds(scope, good);
            await Store(scope, good, isLast);
        }

        return refusals;
    }

    /// <summary>Writes the rows and what is written beside them: extents, features, marks, facts.</summary>
    private async Task Store(WriteScope scope, List<NewObservation> good, bool isLast)
    {
        var summaries = new Dictionary<long, Summary>();
        var pairs = new HashSet<(long, long)>();
        var hours = new HashSet<(long, long)>();
        (long Datastream, long Feature) lastPair = default;
        (long Datastream, long Hour) lastHour = default;
        foreach (var observation in good)
        {
            if (!summaries.TryGetValue(observation.Datastream, out var summary))
            {
                summaries.Add(observation.Datastream, summary = new Summary());
            }

            summary.Add(observation);
            var pair = (observation.Datastream, observation.StoredFeature);
            if (pair != lastPair)
            {
                pairs.Add(lastPair = pair);
            }

            var hour = (observation.Datastream, Buckets.HourOf(observation.Start));
            if (hour != lastHour && observation.Result.Kind == ResultKind.Number)
            {
                hours.Add(lastHour = hour);
            }
        }

        var inOrder = summaries.OrderBy(entry => entry.Key).ToList();
        var extents = inOrder.Select(entry => entry.Value.Change(entry.Key)).ToList();
        await rows.Store(scope, good, new Consequences(extents, [.. pairs.Order()], [.. hours.Order()], clock.GetUtcNow().ToMicros()), isLast);
        Tell(scope, inOrder);
    }

    /// <summary>One fact for each partition that the Datastreams of this commit fall into.</summary>
    private static void Tell(WriteScope scope, List<KeyValuePair<long, Summary>> summaries)
    {
        foreach (var partition in summaries.GroupBy(entry => FactPartitions.Of(Key(entry.Key))))
        {
            var readings = partition.Select(entry => entry.Value.Reading(entry.Key)).ToList();
            scope.Tell(new ObservationsStored(readings), Key(readings[0].Datastream));
        }
    }

    private static string Key(long datastream) => datastream.ToString(CultureInfo.InvariantCulture);

    private static async ValueTask<Refusal?> Judge(WriteScope scope, NewObservation observation, Dictionary<long, KnownDatastream> datastreams, Dictionary<long, long?> known)
    {
        if (!datastreams.TryGetValue(observation.Datastream, out var datastream) || !observation.By.MaySee(datastream.Provider))
        {
            return new Refusal("Datastream", string.Create(CultureInfo.InvariantCulture, $"there is no Datastream {observation.Datastream}"));
        }

        if (datastream.Judge(observation) is { } wrong)
        {
            return wrong;
        }

        if (!observation.By.May(Act.Write, Kinds.Thing, datastream.Provider))
        {
            return new Refusal("Datastream", Refusal.NotTheirs);
        }

        observation.Provider = datastream.Provider;
        if (observation.Feature is { } feature)
        {
            observation.StoredFeature = feature;
            return known.TryGetValue(feature, out var owner) && observation.By.MaySee(owner) ? null : new Refusal("FeatureOfInterest", string.Create(CultureInfo.InvariantCulture, $"there is no FeatureOfInterest {feature}"));
        }

        if (datastream.Feature is not { } fallback)
        {
            var made = await Features.OfDatastream(scope, observation.Datastream);
            if (made is not { } place)
            {
                return new Refusal("FeatureOfInterest", "is required, because the Thing has no Location to make one from");
            }

            datastreams[observation.Datastream] = datastream with { Feature = fallback = place };
        }

        observation.StoredFeature = fallback;
        return null;
    }

    private Task<Dictionary<long, KnownDatastream>> FindDatastreams(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        var wanted = new HashSet<long>();
        foreach (var observation in observations)
        {
            wanted.Add(observation.Datastream);
        }

        return rows.FindDatastreams(scope, wanted);
    }

    private static async Task<Dictionary<long, long?>> FindFeatures(WriteScope scope, IReadOnlyList<NewObservation> observations)
    {
        var wanted = new HashSet<long>();
        foreach (var observation in observations)
        {
            if (observation.Feature is { } feature)
            {
                wanted.Add(feature);
            }
        }

        return wanted.Count == 0
            ? []
            : (await scope.Connection.QueryAsync<(long Id, long? Provider)>(
                $"SELECT id, provider_id FROM features WHERE {scope.Engine.IsAmong("id", "@ids")}{(scope.Engine == Engine.Postgres ? " ORDER BY id FOR KEY SHARE" : "")}",
                new { ids = scope.Engine.Ids(wanted) },
                scope.Transaction)).ToDictionary(row => row.Id, row => row.Provider);
    }

    /// <summary>What one commit adds to one Datastream.</summary>
    private sealed class Summary
    {
        private long start = long.MaxValue, end = long.MinValue, lastTime = long.MinValue, lastId, smallestId = long.MaxValue, greatestId;
        private long? resultStart, resultEnd;
        private double? lastNumber;
        private List<(long Start, long Id, double? Number)>? told;
        private int count;

        public void Add(NewObservation o)
        {
            if (++count <= StoredReadings.MostTold)
            {
                (told ??= []).Add((o.Start, o.Id, o.Result.Kind == ResultKind.Number ? o.Result.Number : null));
            }

            smallestId = Math.Min(smallestId, o.Id);
            greatestId = Math.Max(greatestId, o.Id);
            start = Math.Min(start, o.Start);
            end = Math.Max(end, o.End ?? o.Start);
            if (o.ResultTime is { } time)
            {
                resultStart = Math.Min(resultStart ?? time, time);
                resultEnd = Math.Max(resultEnd ?? time, time);
            }

            if (o.Start >= lastTime)
            {
                (lastTime, lastId, lastNumber) = (o.Start, o.Id, o.Result.Kind == ResultKind.Number ? o.Result.Number : null);
            }
        }

        public ExtentChange Change(long datastream) => new(datastream, start, end, resultStart, resultEnd, lastTime, lastId, lastNumber);

        public StoredReadings Reading(long datastream) => new(datastream, IsoTime.FromMicros(start), IsoTime.FromMicros(lastTime), count, lastNumber) { FirstId = smallestId, LastId = greatestId, Told = Told() };

        private ToldReading[] Told()
        {
            if (count is 1 or > StoredReadings.MostTold)
            {
                return [];
            }

            told!.Sort();
            return [.. told.Select(each => new ToldReading(IsoTime.FromMicros(each.Start), each.Number))];
        }
    }
}
