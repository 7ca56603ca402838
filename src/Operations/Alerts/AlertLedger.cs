using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Alerts;

/// <summary>
/// Says what the moves of levels mean for people, in the transaction of the moves. A subject of a rule has one open alert at
/// most; when very many of one rule are raised within a short time, they become one.
/// </summary>
internal static class AlertLedger
{
    /// <summary>So many alerts of one rule within <see cref="StormTime"/> stand for themselves; the next one makes them one.</summary>
    public const int BeforeStorm = 20;

    /// <summary>The subject of an alert that stands for many.</summary>
    public const string Many = "*";

    public static readonly TimeSpan StormTime = TimeSpan.FromMinutes(10);

    private const string Columns = "id AS Id, level AS Level, is_storm AS IsStorm";

    private static readonly RuleText ManyNames = new("여러 곳", "Many places");

    /// <summary>A move of a subject is said.</summary>
    public static async Task Say(WriteScope scope, LiveSubject subject, LadderMove move, DateTimeOffset now)
    {
        var open = await Open(scope, subject.Key);
        if (open is null && move.To > 0)
        {
            await Raise(scope, subject, move, now);
        }
        else if (open is not null && open.IsStorm == 1)
        {
            await SayMember(scope, open.Id, subject.Key.Subject, subject.Watched.Name, move, now);
        }
        else if (open is not null)
        {
            await Change(scope, open.Id, move, now);
        }
    }

    /// <summary>Late or corrected data changed what was said: the difference is kept, and the alert follows.</summary>
    public static async Task Correct(WriteScope scope, LiveSubject subject, Correction correction, LadderMove final, DateTimeOffset now)
    {
        var open = await Open(scope, subject.Key);
        var about = open ?? await scope.Connection.QueryFirstOrDefaultAsync<Row>(
            $"SELECT {Columns} FROM alerts WHERE rule_id = @Rule AND revision = @Revision AND subject = @Subject ORDER BY id DESC LIMIT 1", new { subject.Key.Rule, subject.Key.Revision, subject.Key.Subject }, scope.Transaction);
        if (about is null)
        {
            // Nothing had been said: what was not known is said now, from beginning to end.
            foreach (var move in correction.Added)
            {
                await Say(scope, subject, move, now);
            }

            return;
        }

        await Enter(scope, about.Id, AlertAct.Corrected, final.To, final.Value, final.At, now, details: JsonSerializer.Serialize(correction));
        var level = open is null ? 0 : open.IsStorm == 1 ? await MemberLevel(scope, open.Id, subject.Key.Subject) : (int)open.Level;
        if (level != final.To)
        {
            await Say(scope, subject, final with { From = level }, now);
        }
    }

    /// <summary>A rule changed or rests: its open alerts end.</summary>
    public static async Task Withdraw(WriteScope scope, string rule, DateTimeOffset now)
    {
        foreach (var id in (await scope.Connection.QueryAsync<long>("SELECT id FROM alerts WHERE rule_id = @rule AND lifted_at IS NULL ORDER BY id", new { rule }, scope.Transaction)).AsList())
        {
            await End(scope, id, AlertAct.Withdrawn, null, now);
        }
    }

    /// <summary>A subject is watched no more: what is said of it ends.</summary>
    public static async Task Withdraw(WriteScope scope, SubjectKey key, DateTimeOffset now)
    {
        var open = await Open(scope, key);
        if (open is { IsStorm: 1 })
        {
            await SayMember(scope, open.Id, key.Subject, new RuleText("", ""), new LadderMove(now, await MemberLevel(scope, open.Id, key.Subject), 0, 0), now);
        }
        else if (open is not null)
        {
            await End(scope, open.Id, AlertAct.Withdrawn, null, now);
        }
    }

    /// <summary>Writes what happened to an alert; who reacts to it is told, and people are told afterwards, once.</summary>
    public static async Task Enter(WriteScope scope, long alert, AlertAct act, int level, double? value, DateTimeOffset? moment, DateTimeOffset now, string? who = null, string? note = null, string? details = null)
    {
        scope.Tell(new AlertChanged(alert, act, level), FormattableString.Invariant($"alert {alert}"));
        var id = await scope.Connection.ExecuteScalarAsync<long>(
            "INSERT INTO alert_entries (alert_id, at, act, level, value, moment, who, note, details) VALUES (@alert, @at, @act, @level, @value, @moment, @who, @note, @details) RETURNING id",
            new { alert, at = now.ToMicros(), act = (int)act, level, value, moment = moment?.ToMicros(), who, note, details },
            scope.Transaction);
        if (act is AlertAct.Raised or AlertAct.Upgraded or AlertAct.Lifted or AlertAct.Withdrawn)
        {
            await scope.Connection.ExecuteAsync("INSERT INTO message_causes (entry_id) VALUES (@id)", new { id }, scope.Transaction);
        }
    }

    /// <summary>The open alert of a subject: its own, or the one that stands for many and knows it as raised.</summary>
    private static async Task<Row?> Open(WriteScope scope, SubjectKey key) =>
        await scope.Connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM alerts WHERE rule_id = @Rule AND subject = @Subject AND lifted_at IS NULL", new { key.Rule, key.Subject }, scope.Transaction)
        ?? await scope.Connection.QuerySingleOrDefaultAsync<Row>(
            $"SELECT {Columns} FROM alerts WHERE rule_id = @Rule AND subject = '{Many}' AND lifted_at IS NULL AND EXISTS (SELECT 1 FROM alert_members m WHERE m.alert_id = alerts.id AND m.subject = @Subject AND m.level > 0)",
            new { key.Rule, key.Subject },
            scope.Transaction);

    private static Task<int> MemberLevel(WriteScope scope, long alert, string subject) =>
        scope.Connection.ExecuteScalarAsync<int>("SELECT level FROM alert_members WHERE alert_id = @alert AND subject = @subject", new { alert, subject }, scope.Transaction);

    private static async Task Raise(WriteScope scope, LiveSubject subject, LadderMove move, DateTimeOffset now)
    {
        var key = subject.Key;
        if (subject.Rule.Rule.Each == RuleSubject.Datastream && await Storm(scope, subject, now) is { } storm)
        {
            await SayMember(scope, storm, key.Subject, subject.Watched.Name, move, now);
            return;
        }

        var id = await Add(scope, subject, key.Subject, subject.Watched.Name, false, move, now);
        await Enter(scope, id, AlertAct.Raised, move.To, move.Value, move.At, now);
    }

    /// <summary>An alert ends otherwise than by its level.</summary>
    private static async Task End(WriteScope scope, long id, AlertAct act, string? note, DateTimeOffset now)
    {
        await scope.Connection.ExecuteAsync("UPDATE alerts SET level = 0, lifted_at = @now, changed_at = @now WHERE id = @id AND lifted_at IS NULL", new { id, now = now.ToMicros() }, scope.Transaction);
        await scope.Connection.ExecuteAsync("UPDATE alert_members SET level = 0, until = @now WHERE alert_id = @id AND level > 0", new { id, now = now.ToMicros() }, scope.Transaction);
        await Enter(scope, id, act, 0, null, null, now, note: note);
    }

    private static Task<long> Add(WriteScope scope, LiveSubject subject, string code, RuleText name, bool isStorm, LadderMove move, DateTimeOffset now) => scope.Connection.ExecuteScalarAsync<long>(
        """
        INSERT INTO alerts (rule_id, revision, subject, subject_name_ko, subject_name_en, simulated, is_storm, level, top_level, value, began_at, raised_at, changed_at)
        VALUES (@Rule, @Revision, @code, @Ko, @En, @simulated, @storm, @To, @To, @Value, @at, @now, @now) RETURNING id
        """,
        new
        {
            subject.Key.Rule, subject.Key.Revision, code, name.Ko, name.En, simulated = subject.Rule.Rule.Data == CityData.Simulated ? 1 : 0, storm = isStorm ? 1 : 0, move.To, move.Value, at = move.At.ToMicros(), now = now.ToMicros(),
        },
        scope.Transaction);

    private static async Task Change(WriteScope scope, long id, LadderMove move, DateTimeOffset now)
    {
        await scope.Connection.ExecuteAsync(
            "UPDATE alerts SET level = @To, top_level = CASE WHEN top_level < @To THEN @To ELSE top_level END, value = @Value, changed_at = @now, lifted_at = CASE WHEN @To = 0 THEN @now END WHERE id = @id AND lifted_at IS NULL",
            new { id, move.To, move.Value, now = now.ToMicros() },
            scope.Transaction);
        await Enter(scope, id, move.To == 0 ? AlertAct.Lifted : move.To > move.From ? AlertAct.Upgraded : AlertAct.Downgraded, move.To, move.Value, move.At, now);
    }

    /// <summary>The open alert for many of a rule, while it grows; made, or grown again, when too many stand for themselves already. Null while they do.</summary>
    private static async Task<long?> Storm(WriteScope scope, LiveSubject subject, DateTimeOffset now)
    {
        var rule = subject.Key.Rule;
        var known = await scope.Connection.QuerySingleOrDefaultAsync<Joined>($"SELECT id AS Id, changed_at AS At FROM alerts WHERE rule_id = @rule AND subject = '{Many}' AND lifted_at IS NULL", new { rule }, scope.Transaction);
        if (known?.At > (now - StormTime).ToMicros())
        {
            return known.Id;
        }

        var own = (await scope.Connection.QueryAsync<Folded>(
            """
            SELECT id AS Id, subject AS Subject, subject_name_ko AS Ko, subject_name_en AS En, level AS Level, value AS Value, began_at AS Began FROM alerts
            WHERE rule_id = @rule AND is_storm = 0 AND lifted_at IS NULL AND raised_at > @since ORDER BY id
            """,
            new { rule, since = (now - StormTime).ToMicros() },
            scope.Transaction)).AsList();
        if (own.Count < BeforeStorm)
        {
            return null;
        }

        var first = new LadderMove(IsoTime.FromMicros(own[0].Began), 0, (int)own.Max(each => each.Level), own[0].Value);
        var storm = known?.Id ?? await Add(scope, subject, Many, ManyNames, true, first, now);
        if (known is null)
        {
            await Enter(scope, storm, AlertAct.Raised, first.To, first.Value, first.At, now);
        }

        foreach (var each in own)
        {
            await End(scope, each.Id, AlertAct.Folded, storm.ToString(CultureInfo.InvariantCulture), now);
            await Join(scope, storm, each.Subject, new RuleText(each.Ko, each.En), (int)each.Level, each.Began);
        }

        return storm;
    }

    private static Task<int> Join(WriteScope scope, long storm, string subject, RuleText name, int level, long since) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO alert_members (alert_id, subject, name_ko, name_en, level, since) VALUES (@storm, @subject, @Ko, @En, @level, @since)
        ON CONFLICT (alert_id, subject) DO UPDATE SET level = excluded.level, since = excluded.since, until = NULL
        """,
        new { storm, subject, name.Ko, name.En, level, since },
        scope.Transaction);

    /// <summary>Of the subjects of an alert for many each keeps its own level; the alert has the highest of them, and is lifted with the last.</summary>
    private static async Task SayMember(WriteScope scope, long storm, string code, RuleText name, LadderMove move, DateTimeOffset now)
    {
        if (move.To == 0)
        {
            await scope.Connection.ExecuteAsync("UPDATE alert_members SET level = 0, until = @at WHERE alert_id = @storm AND subject = @code", new { storm, code, at = move.At.ToMicros() }, scope.Transaction);
        }
        else if (move.From == 0)
        {
            await Join(scope, storm, code, name, move.To, move.At.ToMicros());
            await scope.Connection.ExecuteAsync("UPDATE alerts SET changed_at = @now WHERE id = @storm", new { storm, now = now.ToMicros() }, scope.Transaction);
        }
        else
        {
            await scope.Connection.ExecuteAsync("UPDATE alert_members SET level = @To WHERE alert_id = @storm AND subject = @code", new { storm, code, move.To }, scope.Transaction);
        }

        var (was, highest) = await scope.Connection.QuerySingleAsync<(long, long)>(
            "SELECT level, coalesce((SELECT max(m.level) FROM alert_members m WHERE m.alert_id = alerts.id), 0) FROM alerts WHERE id = @storm", new { storm }, scope.Transaction);
        if (was != highest)
        {
            await Change(scope, storm, move with { From = (int)was, To = (int)highest }, now);
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public long Level { get; init; }

        public long IsStorm { get; init; }
    }

    private sealed record Joined
    {
        public long Id { get; init; }

        public long At { get; init; }
    }

    private sealed record Folded
    {
        public long Id { get; init; }

        public string Subject { get; init; } = "";

        public string Ko { get; init; } = "";

        public string En { get; init; } = "";

        public long Level { get; init; }

        public double Value { get; init; }

        public long Began { get; init; }
    }
}
