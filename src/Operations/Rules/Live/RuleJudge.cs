using System.Collections.Frozen;
using Madang.Kernel;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Judges a subject from the store, by the same code that tries a rule on history.</summary>
internal sealed class RuleJudge(RuleHistory history, SensingHistory sensing, MoveLedger ledger)
{
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1), Longest = TimeSpan.FromDays(3660);

    private static readonly FrozenSet<long> None = FrozenSet<long>.Empty;

    /// <summary>The last readings of a datastream before the next one, as far back as the rules go that do not know them yet.</summary>
    public RecentReadings Recent(IReadOnlyList<LineSubject> lines, DateTimeOffset next) =>
        new(sensing, lines[0].Datastream, next - lines.Where(line => !line.IsWarm).Max(line => RuleHistory.Before(line.Rule.Rule)), next);

    /// <summary>Brings into memory what the next reading of a datastream depends on.</summary>
    public async Task Warm(LineSubject line, DateTimeOffset next, RecentReadings recent, CancellationToken cancel)
    {
        var (rule, back) = (line.Rule.Rule, RuleHistory.Before(line.Rule.Rule));
        if (back == TimeSpan.Zero && rule.Signal is not SilenceSignal)
        {
            line.Install(ReadingLine.Of(rule.Signal, rule.Levels)!, line.Rule.Ladder.Start with { Level = line.Level }, null, next, None);
            return;
        }

        if (rule.Signal is not SilenceSignal && await recent.Find(line.Rule, next - back, cancel) is { } known)
        {
            var (steps, readings) = (new List<Step>(), ReadingLine.Of(rule.Signal, rule.Levels)!);
            foreach (var (at, number) in known)
            {
                readings.Take(at, number!.Value, steps);
            }

            line.Install(readings, line.Rule.Ladder.Warm(steps, line.Level), known.Count > 0 ? known[^1].At : null, next, None);
            return;
        }

        var read = await history.ReadLine(rule, line.Datastream, next - back, next, next, new TrialBudget(long.MaxValue), cancel);
        line.Install(read.Line, line.Rule.Ladder.Warm(read.Steps, line.Level), read.LastAt, next, None);
    }

    /// <summary>Judges all readings of a datastream after a moment again, but real ones from the future; what is answered is to be put into memory when it is kept.</summary>
    public async Task<(Judged Judged, Action Install)> Again(LineSubject line, DateTimeOffset after, DateTimeOffset now, CancellationToken cancel)
    {
        var (rule, ladder) = (line.Rule.Rule, line.Rule.Ladder);
        var read = await history.ReadLine(rule, line.Datastream, after - RuleHistory.Before(rule), rule.Data == CityData.Simulated ? IsoTime.Latest : now + CityNow.ClockSlack, now, new TrialBudget(long.MaxValue), cancel);
        var before = read.Steps.TakeWhile(step => step.To <= after).ToList();
        var rest = read.Steps.Skip(before.Count);
        if (rule.Signal is SilenceSignal && before.Count > 0 && after < line.Rule.Since)
        {
            // A silence that began before the rule did is said when the rule begins.
            rest = rest.Prepend(before[^1] with { From = line.Rule.Since, To = line.Rule.Since });
        }

        var (state, moves) = Go(ladder, ladder.Warm(before, await ledger.LevelAt(line.Key, after, cancel)), rest);
        return (new Judged(line, moves) { Anew = after, Level = state.Level }, () => line.Install(read.Line, state, read.LastAt, after, read.Ids));
    }

    /// <summary>Judges the steps of a subject that end after a moment, as far as another.</summary>
    public async Task<Judged> Steps(StepSubject subject, DateTimeOffset after, DateTimeOffset until, CancellationToken cancel)
    {
        until = until - after > Longest ? after + Longest : until;
        var (rule, ladder) = (subject.Rule.Rule, subject.Rule.Ladder);
        var steps = await history.Read(rule, subject.Watched, after, until, new TrialBudget(long.MaxValue), cancel);
        // A calendar says where it stands at each beginning.
        var before = rule.Signal is ScheduleSignal ? [] : steps.TakeWhile(step => step.To <= after).ToList();
        var (state, moves) = Go(ladder, ladder.Warm(before, await ledger.LevelAt(subject.Key, after, cancel)), steps.Skip(before.Count));
        return new Judged(subject, moves) { Anew = rule.Signal is ScheduleSignal ? after - Instant : after, Until = until, Level = state.Level };
    }

    /// <summary>Goes through steps from a state on.</summary>
    public static (LadderState State, List<LadderMove> Moves) Go(Ladder ladder, LadderState state, IEnumerable<Step> steps)
    {
        var moves = new List<LadderMove>();
        foreach (var step in steps)
        {
            (state, var made) = ladder.Take(state, step);
            moves.AddRange(made);
        }

        return (state, moves);
    }
}
