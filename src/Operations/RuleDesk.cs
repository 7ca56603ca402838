using System.Collections.Concurrent;
using Madang.Kernel;
using Madang.Operations.Incidents;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>The rules that are shipped, and what a rule would have done.</summary>
public sealed class RuleDesk : IDisposable
{
    /// <summary>The longest time over which a rule can be tried.</summary>
    public static readonly TimeSpan LongestTrial = TimeSpan.FromDays(5 * 366);

    private const int MostSubjects = 1_000, MostMoves = 1_000;

    /// <summary>So many subjects are gone through at once; the other processors go on serving.</summary>
    private static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount / 2, 2, 8);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly DateTimeOffset Earliest = new(1971, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly IDatabase database;
    private readonly RuleBook book;
    private readonly WatchFinder finder;
    private readonly FollowFinder following;
    private readonly RuleHistory history;

    internal RuleDesk(IDatabase database, RuleBook book, WatchFinder finder, FollowFinder following, RuleHistory history) =>
        (this.database, this.book, this.finder, this.following, this.history) = (database, book, finder, following, history);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    /// <summary>The rules that come with Madang, by id.</summary>
    public static IReadOnlyDictionary<string, Rule> Shipped => ShippedRules.All;

    /// <summary>The other rules that a rule goes by, each once.</summary>
    public static IReadOnlyList<string> ListUsed(Rule rule) => [.. Following.UsesOf(rule).Select(each => each.Use.Rule).Distinct()];

    /// <summary>A rule in plain words, made from its numbers.</summary>
    public static RuleText Say(Rule rule) => RuleSentence.Of(rule);

    /// <summary>What a rule would have done, by what everybody may read. It is judged on all of the time, whether or not it held then.</summary>
    /// <exception cref="InvalidInputException">The rule makes no sense, or the time is too long.</exception>
    /// <exception cref="UnavailableException">Another rule is being tried, or it took too long.</exception>
    public async Task<RuleTrial> Try(Rule rule, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        RuleCheck.Check(rule);
        if (from < Earliest || to > Latest)
        {
            throw new InvalidInputException(from < Earliest ? "from" : "to", $"lies between {IsoTime.Write(Earliest)} and {IsoTime.Write(Latest)}");
        }

        if (to <= from || to - from > LongestTrial)
        {
            throw new InvalidInputException("to", $"lies after 'from', by at most {LongestTrial.TotalDays:0} days");
        }

        if (!await turn.WaitAsync(TimeSpan.Zero, cancel))
        {
            throw new UnavailableException("rule-trial-busy", "Another rule is being tried. Try again in a moment.", TimeSpan.FromSeconds(5));
        }

        try
        {
            var graph = await book.Graph(cancel);
            graph.Check("", rule, false);
            if (graph.GoesByFacts(""))
            {
                // What was counted tells of incidents, however many rules lie between.
                IncidentPen.Demand(Act.Read);
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            end.CancelAfter(Limit);
            return await AsEverybody(() => Judge(rule, from, to, end.Token));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UnavailableException("query-too-long", $"This took longer than {Limit.TotalSeconds:0} seconds. Choose a shorter time or a narrower scope.", TimeSpan.FromSeconds(5));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Done by nobody, so that what is read is what everybody may read, and the answer is the same for all.</summary>
    private static Task<T> AsEverybody<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }

    private async Task<RuleTrial> Judge(Rule rule, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        if (rule.Follows())
        {
            var speaksFor = await following.Find(rule, null, cancel);
            await using var read = await database.Read(cancel, Limit);
            var followed = await FollowHistory.Read(read, rule, from, to, new TrialBudget());
            return Told(rule, from, to, speaksFor, speaksFor.Where(followed.Touches).Select(subject => Judge(rule, subject, followed.StepsOf(subject).Steps, from, to)));
        }

        var (watched, budget, subjects) = (await finder.Find(rule, cancel), new TrialBudget(), new ConcurrentBag<TrialSubject>());
        await Parallel.ForEachAsync(
            watched.Where(subject => subject.Streams.Count > 0 || rule.Signal is ScheduleSignal),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (subject, token) => subjects.Add(Judge(rule, subject, await history.Read(rule, subject, from, to, budget, token), from, to)));
        return Told(rule, from, to, watched, subjects);
    }

    private static RuleTrial Told(Rule rule, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<Watched> watched, IEnumerable<TrialSubject> subjects) => new(
        Say(rule), from, to, watched.Sum(subject => rule.Each == RuleSubject.Datastream ? 1 : subject.Streams.Count),
        [.. subjects.OrderByDescending(subject => subject.HoursInForce).ThenBy(subject => subject.Code, StringComparer.Ordinal).Take(MostSubjects)]);

    /// <summary>What was in force at the beginning counts its hours from there, but is no move of this time.</summary>
    private static TrialSubject Judge(Rule rule, Watched subject, IReadOnlyList<Step> steps, DateTimeOffset from, DateTimeOffset to)
    {
        List<LadderMove> all = [.. RuleHistory.LadderOf(rule).Try(steps)];
        var moves = all.FindAll(move => move.At > from || (move.At == from && steps[0].From >= from));
        var hours = all.Select((move, index) => (move.To, Begin: Later(move.At, from), End: Later(index + 1 < all.Count ? all[index + 1].At : to, from))).Where(stretch => stretch.To > 0).Sum(stretch => (stretch.End - stretch.Begin).TotalHours);
        return new TrialSubject(
            subject.Code, subject.Name, subject.Streams.Count, steps.Count(step => step.Value is not null && step.To >= from),
            rule.Levels.Select((level, index) => (level.Name, Times: moves.Count(move => move.From == index && move.To == index + 1))).ToDictionary(each => each.Name, each => each.Times),
            Math.Round(hours, 2),
            [.. moves.Take(MostMoves).Select(move => new TrialMove(move.At, ActOf(move), move.To == 0 ? null : rule.Levels[move.To - 1].Name, move.Value))]);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    internal static string ActOf(LadderMove move) => (move.From, move.To) switch { (0, _) => "issue", (_, 0) => "lift", _ => move.To > move.From ? "upgrade" : "downgrade" };
}
