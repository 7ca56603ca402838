using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>
/// Judges rules that go by others, from the store alone and away from the readings: when what they go by changed, when a moment
/// comes at which time alone changes something, and when they speak for others than before. One loop alone calls it.
/// </summary>
internal sealed class FollowTurn(IDatabase database, MoveLedger ledger, WatchKeeper keeper)
{
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    private readonly Dictionary<(string Rule, int Revision), (long Changes, DateTimeOffset? Next)> seen = [];
    private WatchList? judged;

    /// <summary>Judges those of which there is something to judge; what fails is judged again at the next turn.</summary>
    public async Task Judge(WatchList known, DateTimeOffset now, CancellationToken cancel)
    {
        if (known != judged)
        {
            seen.Clear();
            judged = known;
        }

        var rules = known.Rules.Where(rule => rule.Rule.Follows()).ToList();
        if (rules.Count == 0)
        {
            return;
        }

        var failed = new List<Exception>();
        foreach (var rule in rules)
        {
            try
            {
                await Judge(rule, known, now, cancel);
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                seen.Remove((rule.Id, rule.Revision));
                failed.Add(exception);
            }
        }

        if (failed.Count > 0)
        {
            throw new AggregateException(failed);
        }
    }

    private async Task Judge(LiveRule rule, WatchList known, DateTimeOffset now, CancellationToken cancel)
    {
        var clock = rule.Rule.Signal is FactsSignal ? now : keeper.Now(rule.Rule, now);
        FollowState? state;
        DateTimeOffset until, after;
        List<(Judged Judged, DateTimeOffset? Next)> done;
        await using (var read = await database.Read(cancel))
        {
            state = (await FollowLedger.List(read)).SingleOrDefault(each => each.Rule == rule.Id && each.Revision == rule.Revision);
            if (state is null || clock < rule.Since || (seen.TryGetValue((rule.Id, rule.Revision), out var last) && last.Changes == state.Changes && !(clock >= last.Next)))
            {
                return;
            }

            var judgedUntil = IsoTime.FromMicros(state.JudgedUntil);
            after = judgedUntil < rule.Since ? rule.Since - Instant : judgedUntil;
            until = clock > after ? clock : after;
            done = await Judge(read, rule, known, after, until);
        }

        if (await ledger.Write(state, [.. done.Select(each => each.Judged)], until, cancel))
        {
            done.ForEach(each => each.Judged.Subject.Level = each.Judged.Level);
            seen[(rule.Id, rule.Revision)] = (state.Changes, done.Min(each => each.Next));
        }
    }

    /// <summary>Only subjects are judged of which anything is so, was so, or was said; by as many questions as the rule goes by others, however many they are. One that goes by more than a trial may read is not judged, and the log says so.</summary>
    internal async Task<List<(Judged Judged, DateTimeOffset? Next)>> Judge(ReadScope read, LiveRule rule, WatchList known, DateTimeOffset after, DateTimeOffset until)
    {
        var followed = await FollowHistory.Read(read, rule.Rule, after, until, new TrialBudget());
        var (moved, done) = (await MoveLedger.Moved(read, rule, after), new List<(Judged, DateTimeOffset?)>());
        var subjects = known.Followers.Where(subject => subject.Rule.IsSame(rule) && (subject.Level > 0 || moved.Contains(subject.Key.Subject) || followed.Touches(subject.Watched))).ToList();
        var levels = await ledger.LevelsAt(read, rule, [.. subjects.Select(subject => subject.Key.Subject)], after);
        foreach (var subject in subjects)
        {
            var (steps, next) = followed.StepsOf(subject.Watched, after + Instant);
            var before = steps.TakeWhile(step => step.To <= after).ToList();
            var (state, moves) = RuleJudge.Go(rule.Ladder, rule.Ladder.Warm(before, levels.GetValueOrDefault(subject.Key.Subject)), steps.Skip(before.Count));
            done.Add((new Judged(subject, moves) { Anew = after, Level = state.Level }, next));
        }

        return done;
    }
}
