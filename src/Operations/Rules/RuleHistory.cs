using Madang.Kernel;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Reads from the store what a rule's signal was, step by step. The steps are made by the same code that makes them of readings as they come.</summary>
internal sealed class RuleHistory(SensingHistory history, WatchFinder finder, TimeZoneInfo zone)
{
    /// <summary>More steps than these are not gone through for one question.</summary>
    private const double MostSteps = 20_000_000;

    /// <summary>How often a datastream is taken to speak that does not say so.</summary>
    private static readonly TimeSpan Ten = TimeSpan.FromMinutes(10);

    private static readonly MeanSignal Hourly = new() { Complete = 0 }, TenMinutes = new() { StepMinutes = 10, Complete = 0 };

    /// <summary>The ladder of a rule.</summary>
    public static Ladder LadderOf(Rule rule) => new(rule.Levels, rule.Side, rule.Signal switch
    {
        ReadingSignal reading => TimeSpan.FromMinutes(reading.PauseMinutes),
        ChangeSignal change => TimeSpan.FromMinutes(change.OverMinutes),
        MeanSignal or NeighbourSignal or UsualSignal => TimeSpan.Zero,
        _ => TimeSpan.MaxValue,
    });

    /// <exception cref="InvalidInputException">So much time of so many datastreams is too much for one question.</exception>
    public static void CheckCost(Rule rule, IEnumerable<LatestReading> streams, DateTimeOffset from, DateTimeOffset to)
    {
        var width = rule.Signal switch { MeanSignal mean => TimeSpan.FromMinutes(mean.StepMinutes), NeighbourSignal => Ten, UsualSignal => TimeSpan.FromHours(1), _ => (TimeSpan?)null };
        if (streams.Sum(stream => (to - from) / (width ?? stream.Cadence ?? Ten)) > MostSteps)
        {
            throw new InvalidInputException("to", $"gives more than {MostSteps:N0} steps; choose a shorter time or a narrower scope");
        }
    }

    /// <summary>The steps of one subject that begin in <c>[from, to)</c>, in order of time.</summary>
    public async Task<IReadOnlyList<Step>> Read(Rule rule, Watched subject, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var measure = rule.Scope.Measure;
        var steps = rule.Signal switch
        {
            ScheduleSignal schedule => Calendar.Steps(schedule, zone, from, to),
            MeanSignal mean when rule.Each == RuleSubject.Datastream => (await Stations(mean, measure, subject.Streams, from, to, cancel))[0],
            MeanSignal mean => StepSignals.Area(mean.Across, measure, await Stations(mean, measure, subject.Streams, from, to, cancel)),
            UsualSignal usual => StepSignals.Usual((await Stations(Hourly, measure, subject.Streams, from.AddDays(-usual.Days), to, cancel))[0], usual.Days),
            NeighbourSignal near => await Neighbours(near, measure, subject.Streams[0], from, to, cancel),
            _ => await Readings(rule, subject.Streams[0], from, to, cancel),
        };
        return [.. steps.Where(step => step.From >= from && step.From < to)];
    }

    private async Task<List<List<Step>>> Stations(MeanSignal signal, string? measure, IReadOnlyList<LatestReading> streams, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var known = streams.ToDictionary(stream => stream.Datastream);
        var stations = new List<List<Step>>();
        await foreach (var (datastream, points) in history.ReadSeries(known.Keys, (SeriesStep)signal.StepMinutes, from, to + TimeSpan.FromMinutes(signal.StepMinutes), cancel))
        {
            stations.Add([.. StepSignals.Station(signal, measure, points, known[datastream])]);
        }

        return stations.Count > 0 ? stations : [[]];
    }

    private async Task<IEnumerable<Step>> Neighbours(NeighbourSignal signal, string? measure, LatestReading stream, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var around = await finder.FindNear(stream, signal.WithinMetres, cancel);
        var own = await Stations(TenMinutes, measure, [stream], from, to, cancel);
        var theirs = around.Count == 0 ? [] : await Stations(TenMinutes, measure, around, from, to, cancel);
        return StepSignals.Neighbours(own[0], [.. theirs.Select(steps => steps.ToDictionary(step => step.From, step => step.Value!.Value))], signal.AtLeast);
    }

    /// <summary>A line begins early enough to know what was before.</summary>
    private async Task<List<Step>> Readings(Rule rule, LatestReading stream, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var (line, steps) = (ReadingLine.Of(rule.Signal, rule.Levels)!, new List<Step>());
        var before = rule.Signal is ChangeSignal change ? TimeSpan.FromMinutes(change.OverMinutes * 2) : TimeSpan.Zero;
        await foreach (var (at, number) in history.ReadNumbers(stream.Datastream, from - before, to, cancel))
        {
            line.Take(at, number, steps);
        }

        line.Wait(to, steps);
        return steps;
    }
}
