using System.Globalization;
using Dapper;
using Madang.Operations.Alerts;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>An alert of which is asked whether work is done on what it speaks for.</summary>
internal sealed record Covered(long Id, string RuleId, string Subject, Rule Rule, bool IsStorm);

/// <summary>Finds which maintenance windows cover which alerts.</summary>
internal sealed class MaintenanceCover(IDatabase database, SensingQueries sensing, PlaceBook places)
{
    private const int MostMembers = 10_000;

    /// <summary>The windows that last at a moment.</summary>
    public async Task<IReadOnlyList<MaintenanceWindow>> Now(DateTimeOffset now, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return [.. (await WindowRows.Since(read, now, now)).Where(window => window.LastsAt(now))];
    }

    /// <summary>For each alert that any of the windows covers: those windows.</summary>
    public async Task<ILookup<long, MaintenanceWindow>> Find(IReadOnlyList<Covered> alerts, IReadOnlyList<MaintenanceWindow> windows, CancellationToken cancel)
    {
        var spots = await Spots(alerts, windows, cancel);
        return (from window in windows from alert in alerts where Covers(window.Scope, alert, spots) select (alert.Id, Window: window)).ToLookup(pair => pair.Id, pair => pair.Window);
    }

    private static bool Covers(MaintenanceScope scope, Covered alert, IReadOnlyDictionary<long, IReadOnlyList<Spot>> spots) =>
        scope.All || ((scope.Rules.Count == 0 || scope.Rules.Contains(alert.RuleId))
            && (!NeedsSpots(scope) || (spots.TryGetValue(alert.Id, out var all) && all.Count > 0 && all.All(spot => IsIn(scope, spot)))));

    private static bool NeedsSpots(MaintenanceScope scope) => scope.Districts.Count + scope.Things.Count + scope.Datastreams.Count > 0;

    private static bool IsIn(MaintenanceScope scope, Spot spot) =>
        (scope.Districts.Count == 0 || (spot.District is { } district && scope.Districts.Contains(district)))
        && (scope.Things.Count + scope.Datastreams.Count == 0 || (spot.Thing is { } thing && scope.Things.Contains(thing)) || (spot.Datastream is { } stream && scope.Datastreams.Contains(stream)));

    /// <summary>All that each alert speaks for; nothing where no window asks, and for the whole city, which is covered by what names no place.</summary>
    private async Task<IReadOnlyDictionary<long, IReadOnlyList<Spot>>> Spots(IReadOnlyList<Covered> alerts, IReadOnlyList<MaintenanceWindow> windows, CancellationToken cancel)
    {
        var found = new Dictionary<long, IReadOnlyList<Spot>>();
        if (alerts.Count == 0 || !windows.Any(window => NeedsSpots(window.Scope)))
        {
            return found;
        }

        var streams = await Streams(alerts, cancel);
        var needsDistrict = windows.Any(window => window.Scope.Districts.Count > 0);
        // Work on a sensor covers its alerts whoever may read it; nothing of where it stands is told.
        var known = (await sensing.ListSpots([.. streams.SelectMany(each => each.Value).Distinct()], cancel)).ToDictionary(stream => stream.Datastream);
        foreach (var alert in alerts)
        {
            found[alert.Id] = alert.Rule.Each switch
            {
                RuleSubject.Datastream => await Located(streams[alert.Id], known, needsDistrict, cancel),
                RuleSubject.District => [new Spot(null, null, alert.Subject)],
                RuleSubject.Region => [.. alert.Rule.Scope.Regions.Where(region => region.Code == alert.Subject).SelectMany(region => region.Districts).Select(district => new Spot(null, null, district))],
                _ => [],
            };
        }

        return found;
    }

    private async Task<IReadOnlyList<Spot>> Located(IReadOnlyList<long> ids, Dictionary<long, DatastreamSpot> known, bool needsDistrict, CancellationToken cancel)
    {
        var spots = new List<Spot>();
        foreach (var id in ids)
        {
            var stream = known.GetValueOrDefault(id);
            var district = needsDistrict && stream is { Longitude: { } longitude, Latitude: { } latitude } ? (await places.FindDistrict(longitude, latitude, cancel))?.Place.Code : null;
            spots.Add(new Spot(id, stream?.Thing, district));
        }

        return spots;
    }

    /// <summary>The datastreams that alerts for datastreams speak for: their own, or those of their members that are in force.</summary>
    private async Task<Dictionary<long, IReadOnlyList<long>>> Streams(IReadOnlyList<Covered> alerts, CancellationToken cancel)
    {
        var streams = alerts.Where(alert => alert.Rule.Each == RuleSubject.Datastream && alert.Subject != AlertLedger.Many).ToDictionary(alert => alert.Id, alert => (IReadOnlyList<long>)[Number(alert.Subject)]);
        foreach (var storm in alerts.Where(alert => alert.IsStorm))
        {
            await using var read = await database.Read(cancel);
            streams[storm.Id] =
            [
                .. (await read.Connection.QueryAsync<string>("SELECT subject FROM alert_members WHERE alert_id = @Id AND level > 0 ORDER BY subject LIMIT @most", new { storm.Id, most = MostMembers }, read.Transaction)).Select(Number),
            ];
        }

        return streams;
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private readonly record struct Spot(long? Datastream, long? Thing, string? District);
}
