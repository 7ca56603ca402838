using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Trust.Record.Keeper;

/// <summary>
/// Records what may happen thousands of times a second (refusals, a screen that reads what is restricted every few seconds)
/// without letting anybody fill the store: the first of a kind is recorded at once, what follows like it within the minute as
/// one entry with its number.
/// </summary>
internal sealed partial class Tally(Recorder recorder, TimeProvider clock, ILogger<Tally> log) : BackgroundService
{
    /// <summary>As many different ones are told apart in a minute; the others are counted by action and result alone.</summary>
    private const int MostKinds = 5_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly object gate = new();
    private Dictionary<RecordEntry, int> counted = [];

    /// <summary>Notes that something happened; never waits. The moment and the trace are those of the first.</summary>
    /// <returns>True for the first of its kind within the minute.</returns>
    public bool Note(RecordEntry entry)
    {
        var kind = entry with { Trace = null };
        lock (gate)
        {
            if (counted.Count >= MostKinds && !counted.ContainsKey(kind))
            {
                kind = new RecordEntry(entry.Action) { Thing = "many others", Result = entry.Result };
            }

            if (counted.TryGetValue(kind, out var times))
            {
                counted[kind] = times + 1;
                return false;
            }

            counted[kind] = 0;
        }

        _ = Keep([entry]);
        return true;
    }

    /// <summary>Records what was counted since the last time.</summary>
    internal Task Settle()
    {
        Dictionary<RecordEntry, int> done;
        lock (gate)
        {
            (done, counted) = (counted, []);
        }

        return Keep([.. done.Where(one => one.Value > 0).Select(one => one.Key with { Result = string.Create(CultureInfo.InvariantCulture, $"{one.Key.Result}, {one.Value} more within the minute") })]);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Settle();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Minute, clock);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            await Settle();
        }
    }

    /// <summary>Hands entries on. What is noted is told beside an answer that does not wait for it; that it was lost stands in the log.</summary>
    private async Task Keep(IReadOnlyList<RecordEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        try
        {
            await recorder.Record(entries).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Lost(log, entries.Count, entries[0].Action, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Entries} entries were not recorded, the first of them {Action}.")]
    private static partial void Lost(ILogger log, int entries, string action, Exception exception);
}
