using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Alerts;
using Madang.Operations.Duty;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Which alerts are asked for.</summary>
public sealed record AlertQuery
{
    /// <summary>True for those in force, false for those that were lifted, null for both.</summary>
    public bool? Open { get; init; }

    /// <summary>Real or simulated data; null for both.</summary>
    public CityData? Data { get; init; }

    /// <summary>Those of one rule alone.</summary>
    public string? Rule { get; init; }

    /// <summary>Those with a smaller number than this: where the page before ended.</summary>
    public long? Before { get; init; }

    /// <summary>How many, 1 to 500.</summary>
    public int Top { get; init; } = 100;
}

/// <summary>What was said to people, and what they did about it. Everybody sees the alerts of public rules; the others, and who did what, those who may read alerts.</summary>
public sealed class AlertDesk
{
    /// <summary>The longest note.</summary>
    public const int LongestNote = 2_000;

    /// <summary>The most alerts of one answer.</summary>
    public const int MostAtOnce = 500;

    private const int MostEntries = 1_000, MostMembers = 1_000;

    private const string Columns =
        """
        a.id AS Id, a.rule_id AS RuleId, a.revision AS Revision, r.body AS Body, a.subject AS Subject, a.subject_name_ko AS Ko, a.subject_name_en AS En, a.simulated AS Simulated, a.is_storm AS IsStorm,
        a.level AS Level, a.top_level AS TopLevel, a.value AS Value, a.began_at AS BeganAt, a.raised_at AS RaisedAt, a.changed_at AS ChangedAt, a.lifted_at AS LiftedAt, a.acknowledged_at AS AcknowledgedAt, a.assigned_to AS AssignedTo,
        CASE WHEN a.is_storm = 1 THEN (SELECT count(*) FROM alert_members m WHERE m.alert_id = a.id AND (m.level > 0 OR a.lifted_at IS NOT NULL)) ELSE 1 END AS Subjects
        """;

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly MaintenanceCover cover;
    private readonly TimeProvider clock;

    internal AlertDesk(IDatabase database, Recorder recorder, MaintenanceCover cover, TimeProvider clock) => (this.database, this.recorder, this.cover, this.clock) = (database, recorder, cover, clock);

    /// <summary>Alerts, those raised last first.</summary>
    public async Task<IReadOnlyList<Alert>> List(AlertQuery query, CancellationToken cancel)
    {
        if (query.Top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        if (query.Rule is { } asked && !RuleCheck.IsWord(asked))
        {
            throw new InvalidInputException("rule", "is the word of a rule, such as pm25");
        }

        List<Row> rows;
        await using (var read = await database.Read(cancel))
        {
            rows = (await read.Connection.QueryAsync<Row>(
                $"""
                SELECT {Columns} FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision
                WHERE {(query.Open switch { true => "a.lifted_at IS NULL", false => "a.lifted_at IS NOT NULL", _ => "1 = 1" })} AND {(query.Data is null ? "1 = 1" : "a.simulated = @simulated")}
                AND {(query.Rule is null ? "1 = 1" : "a.rule_id = @rule")} AND {(query.Before is null ? "1 = 1" : "a.id < @before")} AND {Seen("r")}
                ORDER BY a.id DESC LIMIT @top
                """,
                new { simulated = query.Data == CityData.Simulated ? 1 : 0, rule = query.Rule, before = query.Before, top = query.Top },
                read.Transaction)).AsList();
        }

        var worked = await Worked(rows, cancel);
        return [.. rows.Select(row => row.Alert(MayRead) with { InMaintenance = worked.Contains(row.Id) })];
    }

    /// <summary>What is in force by public rules, for areas before single places and the gravest first, and where: the same for every caller. What is worked on (maintenance) is left out.</summary>
    internal async Task<IReadOnlyList<AlertInForce>> ListInForce(CityData data, CancellationToken cancel)
    {
        var rows = await ReadInForce(data, cancel);
        var worked = await Worked(rows, cancel);
        return [.. rows.Where(row => !worked.Contains(row.Id)).Select(row => row.InForce())];
    }

    private async Task<List<Row>> ReadInForce(CityData data, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<Row>(
            $"""
            SELECT {Columns} FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision
            WHERE a.lifted_at IS NULL AND a.simulated = @simulated AND {IsPublic("r")} ORDER BY CASE WHEN a.is_storm = 1 OR {Each("r")} = 'datastream' THEN 1 ELSE 0 END, a.level DESC, a.id DESC LIMIT @top
            """,
            new { top = MostAtOnce, simulated = data == CityData.Simulated ? 1 : 0 },
            read.Transaction)).AsList();
    }

    /// <summary>An alert with all that happened to it; null when there is none of this number, or the caller may not see it.</summary>
    public async Task<AlertStory?> Find(long id, CancellationToken cancel)
    {
        if (await Read(id, cancel) is not var (story, row))
        {
            return null;
        }

        return (await Worked([row], cancel)).Contains(id) ? story with { Alert = story.Alert with { InMaintenance = true } } : story;
    }

    private async Task<(AlertStory Story, Row Row)?> Read(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        if (await Row.Read(read, $"SELECT {Columns} FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision WHERE a.id = @id AND {Seen("r")}", id) is not { } row)
        {
            return null;
        }

        var rule = row.Rule;
        var entries = await read.Connection.QueryAsync<EntryRow>(
            "SELECT at AS At, act AS Act, level AS Level, value AS Value, moment AS Moment, who AS Who, note AS Note, details AS Details FROM alert_entries WHERE alert_id = @id ORDER BY id LIMIT @most", new { id, most = MostEntries }, read.Transaction);
        var members = await read.Connection.QueryAsync<(string Subject, string Ko, string En, long Level, long Since, long? Until)>(
            "SELECT subject, name_ko, name_en, level, since, until FROM alert_members WHERE alert_id = @id ORDER BY CASE WHEN level > 0 THEN 0 ELSE 1 END, since, subject LIMIT @most", new { id, most = MostMembers }, read.Transaction);
        var story = new AlertStory(
            row.Alert(MayRead), RuleDesk.Say(rule), [.. entries.Select(entry => entry.Entry(rule, MayRead))],
            [.. members.Select(member => new AlertMember(member.Subject, new(member.Ko, member.En), NameOf(rule, member.Level), IsoTime.FromMicros(member.Since), member.Until is { } until ? IsoTime.FromMicros(until) : null))]);
        return (story, row);
    }

    /// <summary>The caller has seen it. The first who says so is kept with it; all are in its story.</summary>
    public Task Acknowledge(long id, string? note, CancellationToken cancel) => Change(id, AlertAct.Acknowledged, note, (scope, now) => scope.Connection.ExecuteAsync(
        "UPDATE alerts SET acknowledged_by = coalesce(acknowledged_by, @by), acknowledged_at = coalesce(acknowledged_at, @now) WHERE id = @id", new { id, by = Caller.Current.Id, now = now.ToMicros() }, scope.Transaction), cancel);

    /// <summary>The caller takes it upon himself.</summary>
    public Task Take(long id, string? note, CancellationToken cancel) => Change(id, AlertAct.Assigned, note, (scope, _) => scope.Connection.ExecuteAsync(
        "UPDATE alerts SET assigned_to = @by WHERE id = @id", new { id, by = Caller.Current.Id }, scope.Transaction), cancel);

    /// <summary>The caller writes something down.</summary>
    public Task Note(long id, string? note, CancellationToken cancel) =>
        string.IsNullOrWhiteSpace(note) ? throw new InvalidInputException("note", $"is required: at most {LongestNote} characters") : Change(id, AlertAct.Noted, note, (_, _) => Task.CompletedTask, cancel);

    private static bool MayRead => Caller.Current.MaySomewhere(Act.Read, Kinds.Alert);

    /// <summary>A condition for what the caller may see.</summary>
    private string Seen(string revision) => MayRead ? "1 = 1" : IsPublic(revision);

    private string Each(string revision) => $"coalesce({(database.Engine == Engine.Sqlite ? $"json_extract({revision}.body, '$.each')" : $"CAST({revision}.body AS JSONB) ->> 'each'")}, 'datastream')";

    private string IsPublic(string revision) => database.Engine == Engine.Sqlite ? $"json_extract({revision}.body, '$.isPublic') = 1" : $"CAST({revision}.body AS JSONB) ->> 'isPublic' = 'true'";

    private static string? NameOf(Rule rule, long level) => level > 0 && level <= rule.Levels.Count ? rule.Levels[(int)level - 1].Name : null;

    /// <summary>The alerts in force of what is worked on now.</summary>
    private async Task<HashSet<long>> Worked(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        var open = rows.Where(row => row.LiftedAt is null).ToList();
        var windows = open.Count == 0 ? [] : await cover.Now(clock.GetUtcNow(), cancel);
        return windows.Count == 0 ? [] : [.. (await cover.Find([.. open.Select(row => new Covered(row.Id, row.RuleId, row.Subject, row.Rule, row.IsStorm == 1))], windows, cancel)).Select(found => found.Key)];
    }

    private async Task Change(long id, AlertAct act, string? note, Func<WriteScope, DateTimeOffset, Task> change, CancellationToken cancel)
    {
        if (!Caller.Current.MaySomewhere(Act.Write, Kinds.Alert))
        {
            throw new CityRuleException("not-allowed", "You may not act on alerts.", 403);
        }

        if (note is { Length: > LongestNote } || note?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r')) == true)
        {
            throw new InvalidInputException("note", $"is a text of at most {LongestNote} characters");
        }

        await database.Write(
            async scope =>
            {
                var level = await scope.Connection.ExecuteScalarAsync<int?>("SELECT level FROM alerts WHERE id = @id", new { id }, scope.Transaction)
                    ?? throw new CityRuleException("not-found", FormattableString.Invariant($"Alert {id} is not here."), 404);
                var now = clock.GetUtcNow();
                await change(scope, now);
                await AlertLedger.Enter(scope, id, act, level, null, null, now, Caller.Current.Id, string.IsNullOrWhiteSpace(note) ? null : note.Trim());
                await recorder.Record(scope, Caller.Current.Entry("alert." + act.ToString().ToLowerInvariant(), Act.Write, Kinds.Alert) with { Kind = "alert", Thing = FormattableString.Invariant($"{id}") });
            },
            cancel);
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string RuleId { get; init; } = "";

        public long Revision { get; init; }

        public string Body { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Ko { get; init; } = "";

        public string En { get; init; } = "";

        public long Simulated { get; init; }

        public long IsStorm { get; init; }

        public long Level { get; init; }

        public long TopLevel { get; init; }

        public double Value { get; init; }

        public long BeganAt { get; init; }

        public long RaisedAt { get; init; }

        public long ChangedAt { get; init; }

        public long? LiftedAt { get; init; }

        public long? AcknowledgedAt { get; init; }

        public string? AssignedTo { get; init; }

        public long Subjects { get; init; }

        public Rule Rule => JsonSerializer.Deserialize<Rule>(Body, RuleForm.Options)!;

        public AlertInForce InForce()
        {
            var rule = Rule;
            return new AlertInForce(Alert(false), RuleDesk.Say(rule), rule.Scope.Measure, (int)Level, rule.Each switch
            {
                RuleSubject.City => null,
                RuleSubject.District => [Subject],
                RuleSubject.Region => rule.Scope.Regions.FirstOrDefault(region => region.Code == Subject)?.Districts ?? [],
                _ => [],
            });
        }

        public static Task<Row?> Read(ReadScope read, string query, long id) => read.Connection.QuerySingleOrDefaultAsync<Row>(query, new { id }, read.Transaction);

        public Alert Alert(bool mayRead)
        {
            var rule = Rule;
            return new Alert
            {
                Id = Id, RuleId = RuleId, Revision = (int)Revision, RuleName = rule.Name, Subject = Subject, SubjectName = new(Ko, En), Data = Simulated == 1 ? CityData.Simulated : CityData.Real, IsStorm = IsStorm == 1,
                Level = NameOf(rule, Level), LevelTitle = NameOf(rule, Level) is { } name ? rule.Levels[(int)Level - 1].Title ?? new(name, name) : null, TopLevel = NameOf(rule, TopLevel) ?? "",
                Value = Value, Unit = rule.ValueUnit, IsCount = rule.ValueUnit is null && rule.Follows(),
                BeganAt = IsoTime.FromMicros(BeganAt), RaisedAt = IsoTime.FromMicros(RaisedAt), ChangedAt = IsoTime.FromMicros(ChangedAt), LiftedAt = LiftedAt is { } lifted ? IsoTime.FromMicros(lifted) : null,
                AcknowledgedAt = AcknowledgedAt is { } seen ? IsoTime.FromMicros(seen) : null, AssignedTo = mayRead ? AssignedTo : null, Subjects = (int)Subjects,
            };
        }
    }

    private sealed record EntryRow
    {
        public long At { get; init; }

        public long Act { get; init; }

        public long Level { get; init; }

        public double? Value { get; init; }

        public long? Moment { get; init; }

        public string? Who { get; init; }

        public string? Note { get; init; }

        public string? Details { get; init; }

        public AlertEntry Entry(Rule rule, bool mayRead)
        {
            var correction = Details is null ? null : JsonSerializer.Deserialize<Correction>(Details);
            return new AlertEntry(IsoTime.FromMicros(At), (AlertAct)Act, NameOf(rule, Level), Value, Moment is { } moment ? IsoTime.FromMicros(moment) : null, mayRead ? Who : null, mayRead || Who is null ? Note : null)
            {
                TakenBack = [.. (correction?.TakenBack ?? []).Select(move => Told(rule, move))], Added = [.. (correction?.Added ?? []).Select(move => Told(rule, move))],
            };
        }

        private static TrialMove Told(Rule rule, LadderMove move) => new(move.At, RuleDesk.ActOf(move), NameOf(rule, move.To), move.Value);
    }
}
