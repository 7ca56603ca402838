using System.Collections.Frozen;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Reads from the store what a rule's signal was, step by step. The steps are made by the same code that makes them of readings as they come.</summary>
internal sealed class RuleHistory(SensingQueries sensing, SensingHistory history, TimeProvider clock, TimeZoneInfo zone)
{
    /// <summary>So many readings are counted together: those who read beside each other share one count.</summary>
    private const int Together = 1_000;

    private static readonly MeanSignal Hourly = new() { Complete = 0 };

    /// <summary>The ladder of a rule.</summary>
    public static Ladder LadderOf(Rule rule) => new(rule.Levels, rule.Side, rule.Signal switch
    {
        ReadingSignal reading => TimeSpan.FromMinutes(reading.PauseMinutes),
        ChangeSignal change => TimeSpan.FromMinutes(change.OverMinutes),
        MeanSignal or UsualSignal or NeighboursSignal => TimeSpan.Zero,
        _ => TimeSpan.MaxValue,
    });

    /// <summary>How long before a time one must begin to read, so that what is held and compared with is known.</summary>
    public static TimeSpan Before(Rule rule) => TimeSpan.FromMinutes(rule.Levels.Max(level => level.HoldMinutes)) + (rule.Signal switch
    {
        ReadingSignal reading => TimeSpan.FromMinutes(reading.PauseMinutes),
        ChangeSignal change => TimeSpan.FromMinutes(3 * change.OverMinutes),
        MeanSignal mean => TimeSpan.FromMinutes(mean.StepMinutes),
        NeighboursSignal near => TimeSpan.FromMinutes(near.StepMinutes),
        CountSignal count => TimeSpan.FromMinutes(count.WithinMinutes),
        FactsSignal facts => TimeSpan.FromMinutes(facts.WithinMinutes),
        UsualSignal usual => TimeSpan.FromDays(usual.Days) + TimeSpan.FromHours(1),
        UnchangedSignal => TimeSpan.FromMinutes(2 * rule.Levels.Max(level => level.From)),
        _ => TimeSpan.Zero,
    });

    /// <summary>The steps of one subject in order of time, from <see cref="Before"/> on; none ends after <paramref name="to"/>.</summary>
    public async Task<IReadOnlyList<Step>> Read(Rule rule, Watched subject, DateTimeOffset from, DateTimeOffset to, TrialBudget budget, CancellationToken cancel)
    {
        var (measure, start) = (rule.Scope.Measure, from - Before(rule));
        var steps = rule.Signal switch
        {
            ScheduleSignal schedule => ScheduleSteps.Of(schedule, zone, start, to),
            MeanSignal mean when rule.Each == RuleSubject.Datastream => await Station(mean, measure, subject.Streams, start, to, budget, cancel),
            MeanSignal mean => await Area(mean, measure, subject.Streams, start, to, budget, cancel),
            NeighboursSignal near => await Near(near, measure, subject.Streams, start, to, budget, cancel),
            UsualSignal usual => StepSignals.Usual(await Station(Hourly, measure, subject.Streams, start, to, budget, cancel), usual.Days),
            _ => (await ReadLine(rule, subject.Streams[0].Datastream, start, to, clock.GetUtcNow(), budget, cancel)).Steps,
        };
        return steps is List<Step> all && (all.Count == 0 || all[^1].To <= to) ? all : [.. steps.Where(step => step.To <= to)];
    }

    private async Task<List<Step>> Station(MeanSignal signal, string? measure, IReadOnlyList<LatestReading> streams, DateTimeOffset from, DateTimeOffset to, TrialBudget budget, CancellationToken cancel)
    {
        List<Step> steps = [];
        await foreach (var station in Stations(signal, measure, streams, from, to, budget, cancel))
        {
            steps.AddRange(station);
        }

        return steps;
    }

    private async Task<IEnumerable<Step>> Area(MeanSignal signal, string? measure, IReadOnlyList<LatestReading> streams, DateTimeOffset from, DateTimeOffset to, TrialBudget budget, CancellationToken cancel)
    {
        var area = new AreaSteps(signal.Across, measure);
        await foreach (var station in Stations(signal, measure, streams, from, to, budget, cancel))
        {
            area.Add(station);
        }

        return area.Steps();
    }

    /// <summary>The first of them against all others.</summary>
    private async Task<IEnumerable<Step>> Near(NeighboursSignal signal, string? measure, IReadOnlyList<LatestReading> streams, DateTimeOffset from, DateTimeOffset to, TrialBudget budget, CancellationToken cancel)
    {
        var mean = new MeanSignal { StepMinutes = signal.StepMinutes };
        var own = await Station(mean, measure, [streams[0]], from, to, budget, cancel);
        return NeighbourSteps.Of(own, await Station(mean, measure, [.. streams.Skip(1)], from, to, budget, cancel));
    }

    /// <summary>One station after the other. A reading of the hour before lies in the next hour, so one step more is read.</summary>
    private async IAsyncEnumerable<IEnumerable<Step>> Stations(
        MeanSignal signal, string? measure, IReadOnlyList<LatestReading> streams, DateTimeOffset from, DateTimeOffset to, TrialBudget budget, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var known = streams.ToDictionary(stream => stream.Datastream);
        await foreach (var (datastream, points) in history.ReadSeries(known.Keys, (SeriesStep)signal.StepMinutes, from, to + TimeSpan.FromMinutes(signal.StepMinutes), cancel))
        {
            budget.Spend(points.Count);
            yield return StepSignals.Station(signal, measure, points, known[datastream]);
        }
    }

    /// <summary>The steps of a datastream under a rule that goes by readings, and the line that made them. Silence began with the last reading before, and goes on till <paramref name="now"/> at most; of it readings of every kind are heard.</summary>
    public async Task<LineHistory> ReadLine(Rule rule, long datastream, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, TrialBudget budget, CancellationToken cancel)
    {
        var (line, steps, isSilence, newest, lastAt) = (ReadingLine.Of(rule.Signal, rule.Levels)!, new List<Step>(), rule.Signal is SilenceSignal, new Queue<long>(), (DateTimeOffset?)null);
        if (isSilence && await sensing.ListLastBefore([datastream], from, cancel) is [var last])
        {
            line.Take(last.At, 0, steps);
            lastAt = last.At;
        }

        var unspent = 0;
        await history.ReadReadings(datastream, from, to, isSilence, Take, cancel);
        budget.Spend(unspent);
        line.Wait(now < to ? now : to, steps);
        return new LineHistory(line, steps, lastAt, newest.ToFrozenSet());

        void Take(long id, DateTimeOffset at, double? number)
        {
            if (++unspent == Together)
            {
                budget.Spend(unspent);
                unspent = 0;
            }

            if (at != lastAt || isSilence)
            {
                // Of several readings of one time the first counts.
                line.Take(at, number ?? 0, steps);
            }

            lastAt = at;
            newest.Enqueue(id);
            if (newest.Count > LineHistory.MostIds)
            {
                newest.Dequeue();
            }
        }
    }
}

/// <summary>What was read of a datastream.</summary>
/// <param name="Line">What goes on from there.</param>
/// <param name="Steps">In order of time.</param>
/// <param name="LastAt">The time of the last reading; null when there was none.</param>
/// <param name="Ids">The ids of the last Observations that were read.</param>
internal sealed record LineHistory(ReadingLine Line, IReadOnlyList<Step> Steps, DateTimeOffset? LastAt, FrozenSet<long> Ids)
{
    /// <summary>So many are remembered; far more than are on their way at once.</summary>
    public const int MostIds = 1_000;
}
