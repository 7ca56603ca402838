using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Alerts;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>What became of judging a subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Moves">Its moves, in order of time.</param>
internal sealed record Judged(LiveSubject Subject, IReadOnlyList<LadderMove> Moves)
{
    /// <summary>Everything after this moment was judged from the store: of what stands there no more stays than these moves. Null for readings as they come.</summary>
    public DateTimeOffset? Anew { get; init; }

    /// <summary>With <see cref="Anew"/>: the level after all of them.</summary>
    public int Level { get; init; }

    /// <summary>Of steps: up to when is judged now.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>
/// Keeps the moves of the levels, and what is said of them, in one transaction. A move that stands already is not said again:
/// so what is told twice is said once.
/// </summary>
internal sealed class MoveLedger(IDatabase database, TimeProvider clock)
{
    private const string OfSubject = "rule_id = @Rule AND revision = @Revision AND subject = @Subject AND taken_back_at IS NULL";

    /// <summary>The level at a moment, by the moves that stand.</summary>
    public async Task<int> LevelAt(SubjectKey key, DateTimeOffset moment, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await LevelAt(read, key, moment);
    }

    /// <summary>The same within one state of the store.</summary>
    public static async Task<int> LevelAt(ReadScope read, SubjectKey key, DateTimeOffset moment) => (int)await read.Connection.ExecuteScalarAsync<long>(
            $"SELECT coalesce((SELECT to_level FROM rule_moves WHERE {OfSubject} AND at <= @at ORDER BY at DESC, CASE WHEN to_level > from_level THEN to_level ELSE -to_level END DESC LIMIT 1), 0)",
            new { key.Rule, key.Revision, key.Subject, at = moment.ToMicros() },
            read.Transaction);

    /// <summary>The levels of many subjects of a rule at a moment, by one question; those at no level are left out.</summary>
    public async Task<IReadOnlyDictionary<string, int>> LevelsAt(ReadScope read, LiveRule rule, IReadOnlyCollection<string> subjects, DateTimeOffset moment)
    {
        if (subjects.Count == 0)
        {
            return new Dictionary<string, int>();
        }

        // Each is found by its place in the index, and no other move is read.
        var (asked, list) = database.Engine == Engine.Sqlite ? ("SELECT value AS subject FROM json_each(@list)", (object)JsonSerializer.Serialize(subjects)) : ("SELECT unnest(@list) AS subject", subjects.ToArray());
        var found = await read.Connection.QueryAsync<(string Subject, long Level)>(new CommandDefinition(
            $"""
            SELECT s.subject, coalesce((SELECT m.to_level FROM rule_moves m WHERE m.rule_id = @Id AND m.revision = @Revision AND m.subject = s.subject AND m.taken_back_at IS NULL AND m.at <= @at
                ORDER BY m.at DESC, CASE WHEN m.to_level > m.from_level THEN m.to_level ELSE -m.to_level END DESC LIMIT 1), 0) AS level
            FROM ({asked}) s
            """,
            new { rule.Id, rule.Revision, at = moment.ToMicros(), list },
            read.Transaction,
            cancellationToken: read.Cancel));
        return found.Where(each => each.Level > 0).ToDictionary(each => each.Subject, each => (int)each.Level);
    }

    /// <summary>The level of every subject that has one, and up to when each is judged.</summary>
    public async Task<(IReadOnlyDictionary<SubjectKey, int> Levels, IReadOnlyDictionary<SubjectKey, DateTimeOffset> Watermarks)> Load(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var levels = await read.Connection.QueryAsync<(string Rule, long Revision, string Subject, long Level)>(
            """
            SELECT rule_id, revision, subject, level FROM alerts WHERE lifted_at IS NULL AND is_storm = 0
            UNION ALL SELECT a.rule_id, a.revision, m.subject, m.level FROM alerts a JOIN alert_members m ON m.alert_id = a.id WHERE a.lifted_at IS NULL AND a.is_storm = 1 AND m.level > 0
            """,
            null,
            read.Transaction);
        var marks = await read.Connection.QueryAsync<(string Rule, long Revision, string Subject, long Until)>("SELECT rule_id, revision, subject, judged_until FROM rule_watermarks", null, read.Transaction);
        return (
            levels.ToDictionary(row => new SubjectKey(row.Rule, (int)row.Revision, row.Subject), row => (int)row.Level),
            marks.ToDictionary(row => new SubjectKey(row.Rule, (int)row.Revision, row.Subject), row => IsoTime.FromMicros(row.Until)));
    }

    /// <summary>A revision comes into force: what is stored from now on is to be judged, also before its subjects are known.</summary>
    public static Task Begin(WriteScope scope, string rule, int revision, DateTimeOffset now) =>
        scope.Connection.ExecuteAsync("INSERT INTO rule_watermarks (rule_id, revision, subject, judged_until) VALUES (@rule, @revision, '', @now)", new { rule, revision, now = now.ToMicros() }, scope.Transaction);

    /// <summary>All that was stored since a rule began is judged.</summary>
    public Task HasBegun(LiveRule rule, CancellationToken cancel) => database.Write(
        scope => scope.Connection.ExecuteAsync("DELETE FROM rule_watermarks WHERE rule_id = @Id AND revision = @Revision AND subject = ''", new { rule.Id, rule.Revision }, scope.Transaction), cancel);

    /// <summary>Keeps what was judged, and from when on subjects are to be judged again.</summary>
    public Task Write(IReadOnlyList<Judged> judged, IReadOnlyList<(LiveSubject Subject, DateTimeOffset After)> late, CancellationToken cancel) => database.Write(
        async scope =>
        {
            await Keep(scope, judged);

            foreach (var (subject, after) in late)
            {
                await scope.Connection.ExecuteAsync(
                    """
                    INSERT INTO rule_watermarks (rule_id, revision, subject, judged_until) VALUES (@Rule, @Revision, @Subject, @after)
                    ON CONFLICT (rule_id, revision, subject) DO UPDATE SET judged_until = CASE WHEN rule_watermarks.judged_until < excluded.judged_until THEN rule_watermarks.judged_until ELSE excluded.judged_until END
                    """,
                    new { subject.Key.Rule, subject.Key.Revision, subject.Key.Subject, after = after.ToMicros() },
                    scope.Transaction);
            }
        },
        cancel);

    /// <summary>Keeps what was judged of a rule that goes by others, up to a moment; false, and nothing is kept, when they changed since they were read.</summary>
    public Task<bool> Write(FollowState state, IReadOnlyList<Judged> judged, DateTimeOffset until, CancellationToken cancel) => database.Write(
        async scope =>
        {
            await RuleLock.Take(scope, [state.Rule]);
            await FollowLedger.Hold(scope, [state.Rule], state.Rule);
            var isCurrent = await FollowLedger.Judged(scope, state, until);
            if (isCurrent)
            {
                await Keep(scope, judged);
            }

            return isCurrent;
        },
        cancel);

    private async Task Keep(WriteScope scope, IReadOnlyList<Judged> judged)
    {
        if (judged.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        HashSet<string> rules = [.. judged.Select(each => each.Subject.Key.Rule)];
        await RuleLock.Take(scope, rules);
        await FollowLedger.Hold(scope, rules);
        var (standing, changed) = (await Standing(scope), new Dictionary<string, long>());
        foreach (var each in judged.Where(each => standing.Contains((each.Subject.Key.Rule, each.Subject.Key.Revision))))
        {
            if ((each.Anew is { } after ? await Replace(scope, each, after, now) : await Append(scope, each.Subject, each.Moves, now)) is { } at)
            {
                changed[each.Subject.Key.Rule] = Math.Min(at, changed.GetValueOrDefault(each.Subject.Key.Rule, long.MaxValue));
            }

            await Mark(scope, each);
        }

        foreach (var (rule, at) in changed)
        {
            await FollowLedger.Changed(scope, rule, at);
        }
    }

    /// <summary>The subjects of a rule of which moves stand after a moment.</summary>
    public static async Task<IReadOnlySet<string>> Moved(ReadScope read, LiveRule rule, DateTimeOffset after) => (await read.Connection.QueryAsync<string>(
        new CommandDefinition("SELECT DISTINCT subject FROM rule_moves WHERE rule_id = @Id AND revision = @Revision AND at > @after AND taken_back_at IS NULL", new { rule.Id, rule.Revision, after = after.ToMicros() }, read.Transaction, cancellationToken: read.Cancel))).ToHashSet();

    /// <summary>The revisions that are in force and on: what was changed meanwhile says nothing more.</summary>
    private static async Task<HashSet<(string, int)>> Standing(WriteScope scope) =>
    [
        .. (await scope.Connection.QueryAsync<(string Rule, long Revision)>(
            "SELECT rule_id, revision FROM rule_revisions r WHERE state = 2 AND is_on = 1 AND revision = (SELECT max(n.revision) FROM rule_revisions n WHERE n.rule_id = r.rule_id AND n.state = 2)", null, scope.Transaction))
            .Select(row => (row.Rule, (int)row.Revision)),
    ];

    /// <summary>Ends what is said of subjects that are watched no more. Should one be watched again, it begins at no level.</summary>
    public async Task Withdraw(IReadOnlyList<SubjectKey> keys, CancellationToken cancel)
    {
        if (keys.Count > 0)
        {
            await database.Write(
                async scope =>
                {
                    var now = clock.GetUtcNow();
                    HashSet<string> rules = [.. keys.Select(key => key.Rule)];
                    await RuleLock.Take(scope, rules);
                    await FollowLedger.Hold(scope, rules);
                    foreach (var rule in rules)
                    {
                        await FollowLedger.Changed(scope, rule, now.ToMicros());
                    }

                    foreach (var key in keys)
                    {
                        await AlertLedger.Withdraw(scope, key, now);
                        await scope.Connection.ExecuteAsync(
                            $"""
                            INSERT INTO rule_moves (rule_id, revision, subject, at, from_level, to_level, value, known_at)
                            SELECT @Rule, @Revision, @Subject, CASE WHEN at >= @now THEN at + 1 ELSE @now END, to_level, 0, 0, @now FROM
                            (SELECT at, to_level FROM rule_moves WHERE {OfSubject} ORDER BY at DESC, CASE WHEN to_level > from_level THEN to_level ELSE -to_level END DESC LIMIT 1) last WHERE to_level > 0
                            """,
                            new { key.Rule, key.Revision, key.Subject, now = now.ToMicros() },
                            scope.Transaction);
                    }
                },
                cancel);
        }
    }

    /// <summary>Steps keep up to when they are judged; of lines nothing stays when nothing waits.</summary>
    private static async Task Mark(WriteScope scope, Judged judged)
    {
        var key = judged.Subject.Key;
        if (judged.Until is { } until)
        {
            await scope.Connection.ExecuteAsync(
                "INSERT INTO rule_watermarks (rule_id, revision, subject, judged_until) VALUES (@Rule, @Revision, @Subject, @until) ON CONFLICT (rule_id, revision, subject) DO UPDATE SET judged_until = excluded.judged_until",
                new { key.Rule, key.Revision, key.Subject, until = judged.Subject.NoLaterThanMarked(until).ToMicros() },
                scope.Transaction);
        }
        else if (judged.Anew is not null && !judged.Subject.IsLate)
        {
            await scope.Connection.ExecuteAsync("DELETE FROM rule_watermarks WHERE rule_id = @Rule AND revision = @Revision AND subject = @Subject", new { key.Rule, key.Revision, key.Subject }, scope.Transaction);
        }
    }

    /// <summary>Answers the time of the first move that is new; null when none is.</summary>
    private static async Task<long?> Append(WriteScope scope, LiveSubject subject, IEnumerable<LadderMove> moves, DateTimeOffset now)
    {
        long? first = null;
        foreach (var move in moves)
        {
            if (await Insert(scope, subject.Key, move, now))
            {
                await AlertLedger.Say(scope, subject, move, now);
                first ??= move.At.ToMicros();
            }
        }

        return first;
    }

    /// <summary>Answers the time of the first move that is new or taken back; null when none is.</summary>
    private static async Task<long?> Replace(WriteScope scope, Judged judged, DateTimeOffset after, DateTimeOffset now)
    {
        var key = judged.Subject.Key;
        var standing = (await scope.Connection.QueryAsync<(long Id, long At, long From, long To, double Value)>(
            $"SELECT id, at, from_level, to_level, value FROM rule_moves WHERE {OfSubject} AND at > @after AND at <= @until ORDER BY at, id",
            new { key.Rule, key.Revision, key.Subject, after = after.ToMicros(), until = judged.Until?.ToMicros() ?? long.MaxValue }, scope.Transaction)).AsList();
        var wanted = judged.Moves.Select(move => (At: move.At.ToMicros(), From: (long)move.From, To: (long)move.To)).ToHashSet();
        var there = standing.Select(row => (row.At, row.From, row.To)).ToHashSet();
        var gone = standing.FindAll(row => !wanted.Contains((row.At, row.From, row.To)));
        var added = judged.Moves.Where(move => !there.Contains((move.At.ToMicros(), move.From, move.To))).ToList();
        if (gone.Count == 0 && (standing.Count == 0 || added.TrueForAll(move => move.At.ToMicros() >= standing[^1].At)))
        {
            return await Append(scope, judged.Subject, added, now);
        }

        foreach (var row in gone)
        {
            await scope.Connection.ExecuteAsync("UPDATE rule_moves SET taken_back_at = @now WHERE id = @id", new { id = row.Id, now = now.ToMicros() }, scope.Transaction);
        }

        foreach (var move in added)
        {
            await Insert(scope, key, move, now);
        }

        var last = judged.Moves.Count > 0 ? judged.Moves[^1] : new LadderMove(gone.Count > 0 ? IsoTime.FromMicros(gone[^1].At) : after, judged.Level, judged.Level, gone.Count > 0 ? gone[^1].Value : 0);
        await AlertLedger.Correct(scope, judged.Subject, new Correction([.. gone.Select(row => new LadderMove(IsoTime.FromMicros(row.At), (int)row.From, (int)row.To, row.Value))], added), last with { To = judged.Level }, now);
        return gone.Select(row => row.At).Concat(added.Select(move => move.At.ToMicros())).Min();
    }

    private static async Task<bool> Insert(WriteScope scope, SubjectKey key, LadderMove move, DateTimeOffset now) => await scope.Connection.ExecuteAsync(
        "INSERT INTO rule_moves (rule_id, revision, subject, at, from_level, to_level, value, known_at) VALUES (@Rule, @Revision, @Subject, @at, @From, @To, @Value, @now) ON CONFLICT DO NOTHING",
        new { key.Rule, key.Revision, key.Subject, at = move.At.ToMicros(), move.From, move.To, move.Value, now = now.ToMicros() },
        scope.Transaction) == 1;
}

/// <summary>What late or corrected data changed of what was said.</summary>
/// <param name="TakenBack">Moves that never were.</param>
/// <param name="Added">Moves that were not known.</param>
internal sealed record Correction(IReadOnlyList<LadderMove> TakenBack, IReadOnlyList<LadderMove> Added);
