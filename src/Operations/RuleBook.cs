using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Alerts;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>A rule came into force, was changed or rests now.</summary>
/// <param name="Id">The rule.</param>
public sealed record RuleChanged(string Id) : IFact;

/// <summary>
/// The rules of the city, with all their revisions. What gives orders, or did, comes into force when a second person has
/// approved it; switching it off is such a change too.
/// </summary>
public sealed class RuleBook
{
    /// <summary>The most rules of a city.</summary>
    public const int Most = 1_000;

    /// <summary>The longest note of a reviewer.</summary>
    public const int LongestNote = 1_000;

    private const string SimulatedEnd = "-simulated";

    private const string Columns = "r.rule_id AS Id, " + RevisionRow.Columns;

    /// <summary>The newest approved revision of each rule, and a newer proposed one.</summary>
    private const string Current =
        $"""
        SELECT {Columns} FROM rule_revisions r
        WHERE (r.state = 2 AND r.revision = (SELECT max(n.revision) FROM rule_revisions n WHERE n.rule_id = r.rule_id AND n.state = 2)) OR r.state = 1
        ORDER BY r.rule_id, r.revision
        """;

    private const string InForceAll = $"SELECT {Columns} FROM rule_revisions r WHERE r.state = 2 AND r.revision = (SELECT max(n.revision) FROM rule_revisions n WHERE n.rule_id = r.rule_id AND n.state = 2)";

    private const string Image = "SELECT rule_id, revision, body, is_on, state, note, in_force_at FROM rule_revisions WHERE rule_id = @id AND revision = @revision";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal RuleBook(IDatabase database, Recorder recorder, TimeProvider clock) => (this.database, this.recorder, this.clock) = (database, recorder, clock);

    /// <summary>Every rule, in order of id.</summary>
    public async Task<IReadOnlyList<KnownRule>> List(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return Known(await read.Connection.QueryAsync<RevisionRow>(Current, null, read.Transaction));
    }

    /// <summary>One rule; null when there is none of this id.</summary>
    public async Task<KnownRule?> Find(string id, CancellationToken cancel) =>
        Known((await ListRevisions(id, cancel)).OrderBy(revision => revision.Revision)).SingleOrDefault(known => known.InForce is not null || known.Proposed is not null);

    /// <summary>Every revision of a rule, the newest first; none when there is no such rule.</summary>
    public async Task<IReadOnlyList<RuleRevision>> ListRevisions(string id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return [.. (await read.Connection.QueryAsync<RevisionRow>($"SELECT {Columns} FROM rule_revisions r WHERE r.rule_id = @id ORDER BY r.revision DESC", new { id }, read.Transaction)).Select(row => row.Rule)];
    }

    /// <summary>Writes a new revision of a rule, or a new rule. It is in force at once, or waits for a second person.</summary>
    /// <exception cref="InvalidInputException">The rule makes no sense.</exception>
    /// <exception cref="CityRuleException">The caller may not (403), or there are as many rules as a city may have (409).</exception>
    public async Task<RuleRevision> Write(string id, Rule rule, bool isOn, CancellationToken cancel)
    {
        Demand();
        if (!RuleCheck.IsWord(id))
        {
            throw new InvalidInputException("id", "is a word of letters, digits, hyphens and underscores, at most 40");
        }

        RuleCheck.Check(rule);
        return await database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, [id, RuleGraph.Lock, .. Following.KeysOf(rule)]);
                await CheckGraph(scope, id, rule, isOn);
                var known = await InForce(scope, id);
                if (known is null && await scope.Connection.ExecuteScalarAsync<long>("SELECT count(DISTINCT rule_id) FROM rule_revisions WHERE state IN (1, 2)", null, scope.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-rules", $"A city has at most {Most} rules.");
                }

                var needsReview = rule.GivesOrders || known?.Rule.GivesOrders == true;
                if (needsReview && Caller.Current.Kind != CallerKind.Person)
                {
                    throw new CityRuleException("needs-a-person", "A rule that gives orders is written by somebody who signed in, so that another person can review it.", 403);
                }

                await scope.Connection.ExecuteAsync("UPDATE rule_revisions SET state = 4 WHERE rule_id = @id AND state = 1", new { id }, scope.Transaction);
                var written = await Add(scope, id, rule, isOn, needsReview ? RuleReview.Proposed : RuleReview.Approved, Caller.Current.Id);
                await recorder.Record(scope, Entry("rule.write", written) with { After = await RowImage.Read(scope, Image, new { id, revision = written.Revision }) });
                return written;
            },
            cancel);
    }

    /// <summary>A second person approves or refuses a revision that waits.</summary>
    /// <exception cref="CityRuleException">There is none that waits (404), or the caller wrote it himself (409) or may not (403).</exception>
    public Task<RuleRevision> Review(string id, int revision, bool approve, string? note, CancellationToken cancel)
    {
        Demand();
        if (note is { Length: > LongestNote } || note?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r')) == true)
        {
            throw new InvalidInputException("note", $"is a text of at most {LongestNote} characters");
        }

        return database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, [id, RuleGraph.Lock, .. await Used(scope, id, revision)]);
                var row = await scope.Connection.QuerySingleOrDefaultAsync<RevisionRow>($"SELECT {Columns} FROM rule_revisions r WHERE r.rule_id = @id AND r.revision = @revision AND r.state = 1", new { id, revision }, scope.Transaction)
                    ?? throw new CityRuleException("not-waiting", string.Create(CultureInfo.InvariantCulture, $"No revision {revision} of '{id}' waits for review."), 404);
                if (row.MadeBy == Caller.Current.Id || Caller.Current.Kind != CallerKind.Person)
                {
                    throw new CityRuleException("second-person", "Who wrote a change that can give orders does not review it; another person does.");
                }

                var now = clock.GetUtcNow();
                await scope.Connection.ExecuteAsync(
                    "UPDATE rule_revisions SET state = @state, reviewed_by = @by, reviewed_at = @now, note = @note, in_force_at = @force WHERE rule_id = @id AND revision = @revision",
                    new { id, revision, state = (int)(approve ? RuleReview.Approved : RuleReview.Refused), by = Caller.Current.Id, now = now.ToMicros(), note, force = approve ? now.ToMicros() : (long?)null },
                    scope.Transaction);
                var reviewed = row.Rule with { State = approve ? RuleReview.Approved : RuleReview.Refused, ReviewedBy = Caller.Current.Id, ReviewedAt = now, Note = note, InForceAt = approve ? now : null };
                if (approve)
                {
                    await CheckGraph(scope, id, reviewed.Rule, reviewed.IsOn);
                    await ComeIntoForce(scope, reviewed, now);
                }

                await recorder.Record(scope, Entry(approve ? "rule.approve" : "rule.refuse", reviewed) with { After = await RowImage.Read(scope, Image, new { id, revision }) });
                return reviewed;
            },
            cancel);
    }

    /// <summary>Puts the rules that come with Madang into the book, and again where they changed and the city did not change them. With <paramref name="simulated"/> each a second time, for made-up data.</summary>
    internal Task Seed(bool simulated, CancellationToken cancel) => database.Write(
        async scope =>
        {
            foreach (var (id, rule) in ShippedRules.All.Concat(ShippedRules.Resting).SelectMany(each => simulated ? [each, Simulated(each)] : (KeyValuePair<string, Rule>[])[each]))
            {
                var isOn = ShippedRules.All.ContainsKey(id) || ShippedRules.All.ContainsKey(id[..^Math.Min(id.Length, SimulatedEnd.Length)]);
                var newest = await scope.Connection.QueryFirstOrDefaultAsync<RevisionRow>($"SELECT {Columns} FROM rule_revisions r WHERE r.rule_id = @id AND r.state = 2 ORDER BY r.revision DESC LIMIT 1", new { id }, scope.Transaction);
                if (newest is null || (newest is { MadeBy: null, ReviewedBy: null } && newest.Body != Written(rule)))
                {
                    await Add(scope, id, rule, newest is null ? isOn : newest.IsOn == 1, RuleReview.Approved, null);
                }
            }
        },
        cancel);

    /// <summary>The rules in force, and how they go by each other.</summary>
    internal async Task<RuleGraph> Graph(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return new RuleGraph((await read.Connection.QueryAsync<RevisionRow>(InForceAll, null, read.Transaction)).Select(row => row.Rule));
    }

    /// <summary>The rules that judge now: in force, on, and within their days.</summary>
    internal async Task<IReadOnlyList<LiveRule>> ListLive(DateOnly today, TimeZoneInfo zone, CancellationToken cancel) =>
    [
        .. (await List(cancel)).Select(known => known.InForce).OfType<RuleRevision>()
            .Where(revision => revision.IsOn && revision.Rule.From <= today && !(revision.Rule.Until < today))
            .Select(revision => new LiveRule(revision.Id, revision.Revision, revision.Rule, Since(revision, zone))),
    ];

    /// <summary>In a made-up city each district speaks for itself, so that its episode can be followed.</summary>
    private static KeyValuePair<string, Rule> Simulated(KeyValuePair<string, Rule> shipped) => new(shipped.Key + SimulatedEnd, shipped.Value with
    {
        Signal = shipped.Value.Signal is CountSignal count ? count with { Rule = count.Rule + SimulatedEnd } : shipped.Value.Signal,
        Data = CityData.Simulated,
        Each = shipped.Value.Each == RuleSubject.City ? RuleSubject.District : shipped.Value.Each,
        Name = new(shipped.Value.Name.Ko + " (모의)", shipped.Value.Name.En + " (simulated)"),
    });

    /// <summary>A revision judges from when it came into force, and not before the rule's first day.</summary>
    private static DateTimeOffset Since(RuleRevision revision, TimeZoneInfo zone)
    {
        var (midnight, force) = (revision.Rule.From.ToDateTime(TimeOnly.MinValue), revision.InForceAt ?? revision.MadeAt);
        var first = new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
        return first > force ? first.ToUniversalTime() : force;
    }

    private static string Written(Rule rule) => JsonSerializer.Serialize(rule, RuleForm.Options);

    private static void Demand()
    {
        if (!Caller.Current.MaySomewhere(Act.Write, Kinds.Rule))
        {
            throw new CityRuleException("not-allowed", "You may not change rules.", 403);
        }
    }

    private static RecordEntry Entry(string action, RuleRevision revision) =>
        Caller.Current.Entry(action, Act.Write, Kinds.Rule) with { Kind = "rule", Thing = string.Create(CultureInfo.InvariantCulture, $"{revision.Id}/{revision.Revision}") };

    /// <summary>What a revision goes by: held while it comes into force, so that no move of them slips through.</summary>
    private static async Task<IReadOnlyList<string>> Used(WriteScope scope, string id, int revision) =>
        await scope.Connection.ExecuteScalarAsync<string?>("SELECT body FROM rule_revisions WHERE rule_id = @id AND revision = @revision", new { id, revision }, scope.Transaction) is { } body
            ? Following.KeysOf(JsonSerializer.Deserialize<Rule>(body, RuleForm.Options)!)
            : [];

    /// <summary>Whether it fits to the rules it goes by, and to those that go by it.</summary>
    private static async Task CheckGraph(WriteScope scope, string id, Rule rule, bool isOn) =>
        new RuleGraph((await scope.Connection.QueryAsync<RevisionRow>(InForceAll, null, scope.Transaction)).Select(row => row.Rule)).CheckWrite(id, rule, isOn);

    private static async Task<RuleRevision?> InForce(WriteScope scope, string id) =>
        (await scope.Connection.QueryFirstOrDefaultAsync<RevisionRow>($"SELECT {Columns} FROM rule_revisions r WHERE r.rule_id = @id AND r.state = 2 ORDER BY r.revision DESC LIMIT 1", new { id }, scope.Transaction))?.Rule;

    private static IReadOnlyList<KnownRule> Known(IEnumerable<RevisionRow> rows) => Known(rows.Select(row => row.Rule));

    private static IReadOnlyList<KnownRule> Known(IEnumerable<RuleRevision> revisions) =>
    [
        .. revisions.GroupBy(revision => revision.Id).Select(rule => new KnownRule(
            rule.Key, rule.LastOrDefault(revision => revision.State == RuleReview.Approved), rule.LastOrDefault(revision => revision.State == RuleReview.Proposed))),
    ];

    private async Task<RuleRevision> Add(WriteScope scope, string id, Rule rule, bool isOn, RuleReview state, string? by)
    {
        var now = clock.GetUtcNow();
        var revision = await scope.Connection.ExecuteScalarAsync<int>("SELECT coalesce(max(revision), 0) + 1 FROM rule_revisions WHERE rule_id = @id", new { id }, scope.Transaction);
        var force = state == RuleReview.Approved ? now : (DateTimeOffset?)null;
        await scope.Connection.ExecuteAsync(
            "INSERT INTO rule_revisions (rule_id, revision, body, is_on, state, made_by, made_at, in_force_at) VALUES (@id, @revision, @body, @on, @state, @by, @now, @force)",
            new { id, revision, body = Written(rule), on = isOn ? 1 : 0, state = (int)state, by, now = now.ToMicros(), force = force?.ToMicros() },
            scope.Transaction);
        var written = new RuleRevision(id, revision, rule, isOn, state, by, now) { InForceAt = force };
        if (force is not null)
        {
            await ComeIntoForce(scope, written, now);
        }

        return written;
    }

    /// <summary>What the revision before had said is taken back; the new one judges from here on.</summary>
    private static async Task ComeIntoForce(WriteScope scope, RuleRevision revision, DateTimeOffset now)
    {
        await FollowLedger.Begin(scope, revision, now);
        await AlertLedger.Withdraw(scope, revision.Id, now);
        await scope.Connection.ExecuteAsync("DELETE FROM rule_watermarks WHERE rule_id = @Id", new { revision.Id }, scope.Transaction);
        await MoveLedger.Begin(scope, revision.Id, revision.Revision, now);
        scope.Tell(new RuleChanged(revision.Id), "rules");
    }
}
