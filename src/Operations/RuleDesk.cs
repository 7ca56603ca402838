using System.Collections.Concurrent;
using Madang.Kernel;
using Madang.Operations.Rules;

namespace Madang.Operations;

/// <summary>The rules that are shipped, and what a rule would have done.</summary>
public sealed class RuleDesk
{
    /// <summary>The longest time over which a rule can be tried.</summary>
    public static readonly TimeSpan LongestTrial = TimeSpan.FromDays(5 * 366);

    private const int MostSubjects = 1_000, MostMoves = 1_000;

    /// <summary>So many subjects are gone through at once; the other processors go on serving.</summary>
    private static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount / 2, 2, 8);

    private readonly WatchFinder finder;
    private readonly RuleHistory history;

    internal RuleDesk(WatchFinder finder, RuleHistory history) => (this.finder, this.history) = (finder, history);

    /// <summary>The rules that come with Madang, by id.</summary>
    public static IReadOnlyDictionary<string, Rule> Shipped => ShippedRules.All;

    /// <summary>A rule in plain words, made from its numbers.</summary>
    public static RuleText Say(Rule rule) => RuleSentence.Of(rule);

    /// <summary>What a rule would have done. It is judged on all of the time, whether or not it held then.</summary>
    /// <exception cref="InvalidInputException">The rule makes no sense, or the time is too long.</exception>
    public async Task<RuleTrial> Try(Rule rule, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        RuleCheck.Check(rule);
        if (to <= from || to - from > LongestTrial)
        {
            throw new InvalidInputException("to", $"lies after 'from', by at most {LongestTrial.TotalDays:0} days");
        }

        var watched = await finder.Find(rule, cancel);
        RuleHistory.CheckCost(rule, watched.SelectMany(subject => subject.Streams), from, to);
        var subjects = new ConcurrentBag<TrialSubject>();
        await Parallel.ForEachAsync(
            watched.Where(subject => subject.Streams.Count > 0 || rule.Signal is ScheduleSignal),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (subject, token) => subjects.Add(Judge(rule, subject, await history.Read(rule, subject, from, to, token), to)));

        return new RuleTrial(Say(rule), from, to, watched.Sum(subject => subject.Streams.Count), [.. subjects.OrderByDescending(subject => subject.HoursInForce).ThenBy(subject => subject.Code, StringComparer.Ordinal).Take(MostSubjects)]);
    }

    private static TrialSubject Judge(Rule rule, Watched subject, IReadOnlyList<Step> steps, DateTimeOffset to)
    {
        List<LadderMove> moves = [.. RuleHistory.LadderOf(rule).Try(steps)];
        var hours = moves.Select((move, index) => move.To == 0 ? TimeSpan.Zero : (index + 1 < moves.Count ? moves[index + 1].At : to) - move.At).Sum(span => span.TotalHours);
        return new TrialSubject(
            subject.Code, subject.Name, subject.Streams.Count, steps.Count(step => step.Value is not null),
            rule.Levels.Select((level, index) => (level.Name, Times: moves.Count(move => move.From == index && move.To == index + 1))).ToDictionary(each => each.Name, each => each.Times),
            Math.Round(hours, 2),
            [.. moves.Take(MostMoves).Select(move => new TrialMove(move.At, ActOf(move), move.To == 0 ? null : rule.Levels[move.To - 1].Name, move.Value))]);
    }

    private static string ActOf(LadderMove move) => (move.From, move.To) switch { (0, _) => "issue", (_, 0) => "lift", _ => move.To > move.From ? "upgrade" : "downgrade" };
}
