using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>The last readings of a datastream before a moment, read once for all rules that watch it. What a rule needs of the past lies among them, nearly always.</summary>
/// <param name="history">Where they are read.</param>
/// <param name="datastream">Whose.</param>
/// <param name="from">None from before this moment.</param>
/// <param name="before">None from this moment on.</param>
internal sealed class RecentReadings(SensingHistory history, long datastream, DateTimeOffset from, DateTimeOffset before)
{
    private const int Most = 32;

    private IReadOnlyList<ToldReading>? readings;
    private bool isAll;

    /// <summary>
    /// All that the next step of a rule depends on, in order of time; null when it reaches further back. A value that reaches no
    /// level ends all that was held, and one that differs ends what was unchanged: nothing before it counts.
    /// </summary>
    public async Task<IReadOnlyList<ToldReading>?> Find(LiveRule rule, DateTimeOffset since, CancellationToken cancel)
    {
        readings ??= await Read(cancel);
        if (isAll || (readings.Count > 0 && readings[0].At < since))
        {
            return [.. readings.SkipWhile(reading => reading.At < since)];
        }

        var end = rule.Rule.Signal switch
        {
            ReadingSignal => LastWhere(reading => !rule.Ladder.ReachesAny(reading.Number!.Value)),
            UnchangedSignal when !rule.Ladder.ReachesAny(0) => LastWhere(reading => !reading.Number.Equals(readings[^1].Number)),
            _ => -1,
        };
        return end < 0 ? null : [.. readings.Skip(end)];
    }

    private int LastWhere(Func<ToldReading, bool> holds)
    {
        var last = readings!.Count - 1;
        while (last >= 0 && !holds(readings[last]))
        {
            last--;
        }

        return last;
    }

    private async Task<IReadOnlyList<ToldReading>> Read(CancellationToken cancel)
    {
        var newest = await history.ListNewest(datastream, from, before, Most, cancel);
        isAll = newest.Count < Most;
        // Of several of one time the first counts; whether the oldest is the first is not known.
        return [.. (isAll ? newest : newest.Where(reading => reading.At > newest[0].At)).DistinctBy(reading => reading.At)];
    }
}
