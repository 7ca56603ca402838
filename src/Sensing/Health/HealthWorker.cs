using System.Collections.Concurrent;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Health;

/// <summary>
/// Judges every Datastream again and again: quickly each minute (late, silent, out of range), and each hour also by its last
/// days (stuck, drifting, how often it speaks). What begins and ends is kept and told.
/// </summary>
internal sealed partial class HealthWorker(IDatabase database, IOptions<SensingOptions> options, TimeProvider clock, ILogger<HealthWorker> log) : BackgroundService
{
    private const int ChangesAtOnce = 1_000;
    private static readonly SensorFinding[] Quick = [SensorFinding.Late, SensorFinding.Silent, SensorFinding.OutOfRange], Deep = [.. Quick, SensorFinding.Stuck], Drift = [SensorFinding.Drifting];

    private readonly HealthRows rows = new(database.Engine);

    /// <summary>How often Datastreams that do not say so speak; learned by deep checks.</summary>
    private readonly ConcurrentDictionary<long, TimeSpan> cadences = new();

    /// <summary>Judges all Datastreams.</summary>
    public async Task Check(bool deep, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var shifts = new List<PlacedShift>();
        var after = 0L;
        while (true)
        {
            List<HealthRows.Row> slice;
            List<FindingRow> known;
            ILookup<long, HourMean>? hours;
            await using (var read = await database.Read(cancel))
            {
                slice = await rows.Next(read, after, now.ToMicros(), deep);
                known = await HealthRows.Known(read, after, slice.Count == 0 ? long.MaxValue : slice[^1].Id, deep ? Deep : Quick);
                hours = deep ? await rows.Hours(read, slice.Where(IsComparable).Select(row => row.Id), now.ToMicros()) : null;
            }

            var found = slice.SelectMany(row => Judge(row, now, deep)).ToList();
            await Keep(known, found, now, cancel);
            if (slice.Count == 0)
            {
                break;
            }

            shifts.AddRange(hours is null ? [] : Shifts(slice, hours, now));
            after = slice[^1].Id;
        }

        if (deep)
        {
            await CheckDrift(shifts, now, cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.HealthSeconds == 0)
        {
            return;
        }

        var lastDeep = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var deep = clock.GetUtcNow() - lastDeep >= TimeSpan.FromHours(1);
                await Check(deep, stoppingToken);
                lastDeep = deep ? clock.GetUtcNow() : lastDeep;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(log, options.Value.HealthSeconds, exception);
            }

            await Task.Delay(TimeSpan.FromSeconds(options.Value.HealthSeconds), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<FindingRow> Judge(HealthRows.Row row, DateTimeOffset now, bool deep)
    {
        if (deep && row.Recent is { } recent && HealthRules.Learn(recent) is { } learned)
        {
            cadences[row.Id] = learned;
        }

        var cadence = cadences.TryGetValue(row.Id, out var known) ? known : (TimeSpan?)null;
        return HealthRules.Judge(row.Facts(cadence), now).Select(finding => new FindingRow(row.Id, finding.Finding, finding.Value));
    }

    /// <summary>Half a day of readings, and a place: less is nothing to compare. Nor is the mean of directions: between 350° and 10° lies north, and not south.</summary>
    private static bool IsComparable(HealthRows.Row row) => row is { Longitude: not null, Latitude: not null, Hours: >= Shift.Fewest, Unit: not ("°" or "deg") };

    private static IEnumerable<PlacedShift> Shifts(IEnumerable<HealthRows.Row> slice, ILookup<long, HourMean> hours, DateTimeOffset now) =>
        from row in slice where IsComparable(row)
        let shift = Shift.Of(hours[row.Id], now.ToMicros())
        where shift is not null
        select new PlacedShift(row.Id, row.Measure, row.Longitude!.Value, row.Latitude!.Value, shift.Value);

    private async Task CheckDrift(List<PlacedShift> shifts, DateTimeOffset now, CancellationToken cancel)
    {
        List<FindingRow> known;
        await using (var read = await database.Read(cancel))
        {
            known = await HealthRows.Known(read, 0, long.MaxValue, Drift);
        }

        await Keep(known, [.. Neighbours.Drifting(shifts).Select(each => new FindingRow(each.Datastream, SensorFinding.Drifting, each.Distance))], now, cancel);
    }

    /// <summary>Stores what began and ended, and tells it, some at a time: others write in between.</summary>
    private async Task Keep(List<FindingRow> known, List<FindingRow> found, DateTimeOffset now, CancellationToken cancel)
    {
        var before = known.Select(row => (row.Datastream, row.Finding)).ToHashSet();
        var after = found.Select(row => (row.Datastream, row.Finding)).ToHashSet();
        var changes = found.Where(row => !before.Contains((row.Datastream, row.Finding))).Select(row => (Row: row, Began: true))
            .Concat(known.Where(row => !after.Contains((row.Datastream, row.Finding))).Select(row => (Row: row, Began: false)))
            .OrderBy(change => change.Row.Datastream).ToList();
        foreach (var some in changes.Chunk(ChangesAtOnce))
        {
            await database.Write(
                async scope =>
                {
                    await HealthRows.Begin(scope, some.Where(change => change.Began).Select(change => change.Row), now.ToMicros());
                    await HealthRows.End(scope, some.Where(change => !change.Began).Select(change => change.Row));
                    scope.Tell(new SensorHealthChanged([.. some.Select(change => new HealthChange(change.Row.Datastream, change.Row.Finding, change.Began, now, change.Row.Value))]), "sensor-health");
                },
                cancel);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The health of the sensors could not be checked; the next try is in {Seconds} s.")]
    private static partial void Failed(ILogger log, int seconds, Exception exception);
}
