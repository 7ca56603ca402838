using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>When a level of a rule was in force.</summary>
/// <param name="InForce">By subject.</param>
/// <param name="Unknown">When the rule was not in force, or rested.</param>
internal sealed record LevelSpans(IReadOnlyDictionary<string, IReadOnlyList<Span>> InForce, IReadOnlyList<Span> Unknown)
{
    /// <summary>Those of a subject.</summary>
    public IReadOnlyList<Span> Of(string subject) => InForce.TryGetValue(subject, out var spans) ? spans : [];
}

/// <summary>
/// Reads the moves that stand as stretches of time. Those of a revision count while it is in force; each begins at no level. Where
/// a subject stood at the beginning is told by its first move after that, and of those without one by what is said of them now.
/// </summary>
internal static class MoveReader
{
    /// <summary>What is said of each subject now.</summary>
    private const string OpenLevels =
        """
        SELECT subject AS Subject, level AS Level FROM alerts WHERE rule_id = @Rule AND revision = @Revision AND lifted_at IS NULL AND is_storm = 0
        UNION ALL SELECT m.subject, m.level FROM alerts a JOIN alert_members m ON m.alert_id = a.id WHERE a.rule_id = @Rule AND a.revision = @Revision AND a.lifted_at IS NULL AND a.is_storm = 1 AND m.level > 0
        """;

    public static async Task<LevelSpans> Read(ReadScope read, RuleUse use, DateTimeOffset from, DateTimeOffset to, TrialBudget budget)
    {
        var revisions = (await read.Connection.QueryAsync<Revision>(Ask(
            read, "SELECT revision AS Number, body AS Body, is_on AS IsOn, in_force_at AS Since FROM rule_revisions WHERE rule_id = @Rule AND state = 2 ORDER BY revision", new { use.Rule }))).AsList();
        var (inForce, unknown) = (new Dictionary<string, List<Span>>(), new List<Span> { new(DateTimeOffset.MinValue, revisions.Count == 0 ? DateTimeOffset.MaxValue : revisions[0].Begin) });
        for (var index = 0; index < revisions.Count; index++)
        {
            var (revision, end) = (revisions[index], index + 1 < revisions.Count ? revisions[index + 1].Begin : DateTimeOffset.MaxValue);
            if (revision.IsOn == 0)
            {
                unknown.Add(new Span(revision.Begin, end));
            }
            else if (end > from && revision.Begin <= to && revision.Level(use) is { } level)
            {
                await Add(read, use.Rule, revision, level, new Span(revision.Begin, end), from, inForce, budget);
            }
        }

        return new LevelSpans(inForce.ToDictionary(each => each.Key, each => (IReadOnlyList<Span>)each.Value), unknown);
    }

    private static async Task Add(ReadScope read, string rule, Revision revision, int level, Span stretch, DateTimeOffset from, Dictionary<string, List<Span>> inForce, TrialBudget budget)
    {
        var goesOn = stretch.To == DateTimeOffset.MaxValue && from > stretch.From;
        var after = goesOn ? from.ToMicros() : stretch.From.ToMicros() - 1;
        var moves = (await read.Connection.QueryAsync<Move>(Ask(
            read,
            "SELECT subject AS Subject, at AS At, from_level AS \"From\", to_level AS \"To\" FROM rule_moves WHERE rule_id = @rule AND revision = @revision AND taken_back_at IS NULL AND at > @after",
            new { rule, revision = revision.Number, after }))).AsList();
        budget.Spend(moves.Count);
        var bySubject = moves.ToLookup(move => move.Subject);
        var open = goesOn ? (await read.Connection.QueryAsync<Standing>(Ask(read, OpenLevels, new { Rule = rule, Revision = revision.Number }))).ToDictionary(each => each.Subject, each => each.Level) : [];
        foreach (var subject in bySubject.Select(group => group.Key).Union(open.Keys))
        {
            List<Move> own = [.. bySubject[subject].OrderBy(move => move.At).ThenBy(move => move.To > move.From ? move.To : -move.To)];
            var spans = Spans(own, goesOn ? own.Count > 0 ? own[0].From : open[subject] : 0, level, goesOn ? from : stretch.From, stretch.To).ToList();
            if (spans.Count > 0)
            {
                inForce[subject] = [.. inForce.GetValueOrDefault(subject) ?? [], .. spans];
            }
        }
    }

    private static IEnumerable<Span> Spans(IReadOnlyList<Move> moves, long at, int level, DateTimeOffset begin, DateTimeOffset end)
    {
        var since = at >= level ? begin : (DateTimeOffset?)null;
        foreach (var move in moves)
        {
            var moment = IsoTime.FromMicros(move.At);
            if (move.To >= level)
            {
                since ??= moment;
            }
            else if (since is { } began)
            {
                yield return new Span(began, moment < end ? moment : end);
                since = null;
            }
        }

        if (since is { } last && last < end)
        {
            yield return new Span(last, end);
        }
    }

    private static CommandDefinition Ask(ReadScope read, string sql, object parameters) => new(sql, parameters, read.Transaction, cancellationToken: read.Cancel);

    private sealed record Revision
    {
        public long Number { get; init; }

        public string Body { get; init; } = "";

        public long IsOn { get; init; }

        public long Since { get; init; }

        public DateTimeOffset Begin => IsoTime.FromMicros(Since);

        /// <summary>Which step of the ladder is meant; null where it has none of that name.</summary>
        public int? Level(RuleUse use) => use.Level is null ? 1
            : JsonSerializer.Deserialize<Rule>(Body, RuleForm.Options)!.Levels.Select((level, index) => (level.Name, Number: index + 1)).FirstOrDefault(each => each.Name == use.Level) is { Number: > 0 and var number } ? number : null;
    }

    private sealed record Move
    {
        public string Subject { get; init; } = "";

        public long At { get; init; }

        public long From { get; init; }

        public long To { get; init; }
    }

    private sealed record Standing
    {
        public string Subject { get; init; } = "";

        public long Level { get; init; }
    }
}
