using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>What a rule goes by over a time, read at once; each subject takes its own from it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The last.</param>
/// <param name="Levels">For each other rule when the level was in force.</param>
/// <param name="Facts">For each fact its district and when it counts.</param>
internal sealed record Followed(Rule Rule, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<LevelSpans> Levels, IReadOnlyList<(string? District, Span Span)> Facts)
{
    private readonly Dictionary<string, string> regionOf = Rule.Scope.Regions.SelectMany(region => region.Districts, (region, district) => (region.Code, District: district)).ToDictionary(each => each.District, each => each.Code);

    /// <summary>True when there is anything to judge of a subject.</summary>
    public bool Touches(Watched subject) => ItemsOf(subject).Any(item => item.Any());

    /// <summary>The steps of a subject in order of time, and when the first one after them will be, as far as is known.</summary>
    public (IReadOnlyList<Step> Steps, DateTimeOffset? Next) StepsOf(Watched subject, DateTimeOffset? also = null)
    {
        var items = ItemsOf(subject).ToList();
        Func<int, double> told = Rule.Signal is CountSignal { As: CountAs.Share } ? so => so * 100.0 / items.Count : so => so;
        return items.Count == 0 && Rule.Signal is CountSignal ? ([], null) : CoverSteps.Of(items, told, Levels.SelectMany(level => level.Unknown), Rule.Levels, From, To, also);
    }

    private IEnumerable<IEnumerable<Span>> ItemsOf(Watched subject) => Rule.Signal switch
    {
        CountSignal count => subject.Streams
            .GroupBy(stream => count.Of == CountOf.Things ? stream.Thing : stream.Datastream, WatchFinder.CodeOf)
            .Select(codes => codes.SelectMany(Levels[0].Of).Select(span => span.Lengthen(TimeSpan.FromMinutes(count.WithinMinutes)))),
        CombinationSignal => subject.Others.Select((codes, index) => codes.SelectMany(Levels[index].Of)),
        _ => Facts.Where(fact => IsIn(subject, fact.District)).Select(fact => new[] { fact.Span }),
    };

    private bool IsIn(Watched subject, string? district) => Rule.Each switch
    {
        RuleSubject.District => district == subject.Code,
        RuleSubject.Region => district is not null && regionOf.GetValueOrDefault(district) == subject.Code,
        _ => Rule.Scope.Districts.Count == 0 || (district is not null && Rule.Scope.Districts.Contains(district)),
    };
}

/// <summary>Reads what rules go by from the moves of others and from other modules' tables: the same for a trial and for what is judged now.</summary>
internal static class FollowHistory
{
    /// <summary>All that a rule needs to be judged from one moment on until another, and of the time before what is held.</summary>
    public static async Task<Followed> Read(ReadScope read, Rule rule, DateTimeOffset from, DateTimeOffset to, TrialBudget budget)
    {
        var start = from - RuleHistory.Before(rule);
        var levels = new List<LevelSpans>();
        foreach (var (use, _) in Following.UsesOf(rule))
        {
            levels.Add(await MoveReader.Read(read, use, start, to, budget));
        }

        return new Followed(rule, start, to, levels, rule.Signal is FactsSignal facts ? await Incidents(read, rule, facts, start, to, budget) : []);
    }

    private static async Task<IReadOnlyList<(string?, Span)>> Incidents(ReadScope read, Rule rule, FactsSignal signal, DateTimeOffset from, DateTimeOffset to, TrialBudget budget)
    {
        var counts = TimeSpan.FromMinutes(signal.WithinMinutes);
        var rows = (await read.Connection.QueryAsync<(string Kind, string? District, long At)>(new CommandDefinition(
            "SELECT kind, district, opened_at FROM incidents WHERE opened_at > @from AND simulated = @simulated AND merged_into IS NULL",
            new { from = (from - counts).ToMicros(), to = to.ToMicros(), simulated = rule.Data == CityData.Simulated ? 1 : 0 }, read.Transaction, cancellationToken: read.Cancel))).AsList();
        budget.Spend(rows.Count);
        return [.. rows.Where(row => signal.Kinds.Count == 0 || signal.Kinds.Contains(row.Kind)).Select(row => (row.District, new Span(IsoTime.FromMicros(row.At), IsoTime.FromMicros(row.At) + counts)))];
    }
}
