using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Privacy;

/// <summary>What is over goes, what is not stays, and what went is on record.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new TestClock().GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A row that is just over, one that is just not, and the count that must be left; for every rule there is.</summary>
    private static Dictionary<string, (string Insert, DateTimeOffset[] Moments, string Count)> Cases => new()
    {
        ["sessions-ended"] = (Person + "INSERT INTO trust_session (digest, id, person, made, seen, fresh, ends, agent, method) VALUES ('d@n', 'i@n', 'p@n', 0, @now, 0, @at, '', 'password')", [Now, Now.AddSeconds(1)], "SELECT count(*) FROM trust_session"),
        ["tickets-ended"] = ("INSERT INTO trust_ticket (digest, kind, data, made, ends) VALUES ('d@n', 'reset', 'a@b.example', 0, @at)", [Now, Now.AddSeconds(1)], "SELECT count(*) FROM trust_ticket"),
        ["attempts-over"] = ("INSERT INTO trust_attempt (name_digest, failures, last, until) VALUES ('d@n', 1, @at, 0)", [Now.AddHours(-25), Now.AddHours(-23)], "SELECT count(*) FROM trust_attempt"),
        ["accounts-unconfirmed"] = ("INSERT INTO trust_person (id, user_name, normalized_user_name, email, email_confirmed, name, language, made, is_demo, totp_step) VALUES ('p@n', 'u@n', 'U@n', 'u@n', @no, 'n', 'ko', @at, @no, 0)", [Now.AddDays(-4), Now.AddDays(-2)], "SELECT count(*) FROM trust_person"),
        ["roles-over"] = ("INSERT INTO trust_grants (person, role, purpose, from_time, to_time, given_by) VALUES ('p@n', 'official', 'x', 0, @at, 'person:x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM trust_grants"),
        ["key-makers-over"] = ("INSERT INTO trust_keys (id, name, scopes, secret_digest, per_second, per_day, made_at, made_by, revoked_at, revoked_by) VALUES ('k@n', 'n', 'read', @digest, 0, 0, 0, 'person:x', @at, 'person:x')", [Now.AddYears(-3), Now.AddYears(-2)], "SELECT count(*) FROM trust_keys WHERE made_by = 'person:x' AND revoked_by = 'person:x'"),
        ["limits-over"] = ("INSERT INTO trust_limits (kind, subject, per_second, burst, note, from_time, to_time, set_by, ended_by) VALUES ('account', 'p@n', 1, 1, 'x', 0, @at, 'person:x', 'person:x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM trust_limits"),
        ["reviewers-over"] = ("INSERT INTO trust_record_reviews (month, reviewer, moment, note, entries, refused, unusual) VALUES ('m@n', 'person:x', @at, '', 0, 0, 0)", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM trust_record_reviews WHERE reviewer = 'person:x'"),
        ["departed-over"] = ("INSERT INTO trust_departed (person, name, left_at) VALUES ('p@n', 'n', @at)", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM trust_departed"),
        ["subjects-gone"] = (Person + "INSERT INTO trust_subjects (subject, salt, digest) VALUES (CASE WHEN @at > @now THEN 'person:p@n' ELSE 'person:gone' END, @digest, 'd@n')", [Now, Now.AddSeconds(1)], "SELECT count(*) FROM trust_subjects WHERE digest LIKE 'dsubjects-gone%'"),
        ["addresses-over"] = ("INSERT INTO trust_subjects (subject, salt, digest) VALUES (@month, @digest, 'd@n')", [Now.AddDays(-1095).AddMonths(-1), Now.AddDays(-1095)], "SELECT count(*) FROM trust_subjects WHERE digest LIKE 'daddresses-over%'"),
        ["rule-makers-over"] = ("INSERT INTO rule_revisions (rule_id, revision, body, is_on, state, made_by, made_at) VALUES ('x@n', 1, '{}', 0, 3, 'person:x', 0); INSERT INTO rule_revisions (rule_id, revision, body, is_on, state, made_at) VALUES ('x@n', 2, '{}', 0, 3, @at)", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM rule_revisions WHERE made_by = 'person:x'"),
        ["alert-actors-over"] = ("INSERT INTO alerts (rule_id, revision, subject, subject_name_ko, subject_name_en, simulated, level, top_level, value, began_at, raised_at, changed_at, lifted_at) VALUES ('r@n', 1, 's', 'k', 'e', 0, 0, 1, 1, 0, 0, 0, @at); INSERT INTO alert_entries (alert_id, at, act, level, who, note) SELECT id, 0, 8, 0, 'person:x', 'n' FROM alerts WHERE rule_id = 'r@n'", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM alert_entries WHERE who = 'person:x' AND note = 'n'"),
        ["alert-holders-over"] = ("INSERT INTO alerts (rule_id, revision, subject, subject_name_ko, subject_name_en, simulated, level, top_level, value, began_at, raised_at, changed_at, lifted_at, acknowledged_by, assigned_to) VALUES ('r@n', 1, 's', 'k', 'e', 0, 0, 1, 1, 0, 0, 0, @at, 'person:x', 'person:x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM alerts WHERE acknowledged_by = 'person:x' AND assigned_to = 'person:x'"),
        ["warnings-over"] = ("INSERT INTO cap_received (sender, identifier, sent, status, kind, scope, received_at, told, body) VALUES ('s@n', 'i', 0, 'Actual', 'Alert', 'Public', @at, '[]', @digest)", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM cap_received"),
        ["incident-words-over"] = ("INSERT INTO incidents (kind, title, simulated, opened_at, opened_by, closed_at) VALUES ('other', 't@n', 0, 0, 'person:x', @at)", [Now.AddYears(-5), Now.AddYears(-5).AddDays(1)], "SELECT count(*) FROM incidents WHERE title LIKE 'tincident-words%' AND opened_by = 'person:x'"),
        ["incident-stages-over"] = ("INSERT INTO incidents (kind, title, simulated, opened_at, closed_at) VALUES ('other', 't@n', 0, 0, @at); INSERT INTO incident_stages (incident_id, stage, at, told_at, told_by) SELECT id, 'reported', 0, 0, 'person:x' FROM incidents WHERE title = 't@n'", [Now.AddYears(-5), Now.AddYears(-5).AddDays(1)], "SELECT count(*) FROM incident_stages WHERE told_by = 'person:x'"),
        ["incident-entries-over"] = ("INSERT INTO incidents (kind, title, simulated, opened_at, closed_at) VALUES ('other', 't@n', 0, 0, @at); INSERT INTO incident_entries (incident_id, at, act, who, note, recipient) SELECT id, 0, 5, 'person:x', 'n', 'r' FROM incidents WHERE title = 't@n'", [Now.AddYears(-5), Now.AddYears(-5).AddDays(1)], "SELECT count(*) FROM incident_entries WHERE who = 'person:x' AND note = 'n' AND recipient = 'r'"),
        ["scenario-starters-over"] = ("INSERT INTO scenario_starts (scenario, stage, simulated, started_at, started_by) VALUES ('s@n', 's', 0, @at, 'person:x')", [Now.AddYears(-5), Now.AddYears(-5).AddDays(1)], "SELECT count(*) FROM scenario_starts WHERE started_by = 'person:x'"),
        ["task-answers-over"] = ("INSERT INTO scenario_starts (scenario, stage, simulated, started_at) VALUES ('t@n', 's', 0, 0); INSERT INTO scenario_tasks (start_id, task, text_ko, text_en, department_ko, department_en, due_at, state, answer, answered_at, answered_by) SELECT id, 't', 'k', 'e', 'k', 'e', 0, 2, 'a', @at, 'person:x' FROM scenario_starts WHERE scenario = 't@n'", [Now.AddYears(-5), Now.AddYears(-5).AddDays(1)], "SELECT count(*) FROM scenario_tasks WHERE answer = 'a' AND answered_by = 'person:x'"),
        ["air-deciders-over"] = ("INSERT INTO air_decisions (simulated, day, act, sheet, at, who, note) VALUES (0, '2020-01-01', 1, '{}', @at, 'person:x', 'n')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM air_decisions WHERE who = 'person:x' AND note = 'n'"),
        ["air-doers-over"] = ("INSERT INTO air_ticks (simulated, day, item, is_done, at, who) VALUES (0, '2020-01-01', 'schools', 1, @at, 'person:x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM air_ticks WHERE who = 'person:x'"),
        ["air-enterers-over"] = ("INSERT INTO air_forecasts (simulated, day, measure, place, value, grade, source, issued_at, received_at, who) VALUES (0, '2020-01-01', 'pm25', 'city', 1, 0, 's', 0, @at, 'person:x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM air_forecasts WHERE who = 'person:x'"),
        ["maintenance-makers-over"] = ("INSERT INTO maintenance_windows (scope, from_at, until_at, reason, made_by, made_at, ended_by) VALUES ('{}', 0, @at, 'n', 'person:x', 0, 'person:x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM maintenance_windows WHERE made_by = 'person:x' AND ended_by = 'person:x' AND reason = 'n'"),
        ["duty-shifts-over"] = ("INSERT INTO duty_rosters (id, plan, changed_at) VALUES ('r@n', '{}', 0); INSERT INTO duty_shifts (roster_id, step, from_at, until_at, person) VALUES ('r@n', 1, 0, @at, 'x')", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM duty_shifts"),
        ["duty-calls-over"] = ("INSERT INTO alerts (rule_id, revision, subject, subject_name_ko, subject_name_en, simulated, level, top_level, value, began_at, raised_at, changed_at, lifted_at) VALUES ('r@n', 1, 's', 'k', 'e', 0, 0, 1, 1, 0, 0, 0, @at); INSERT INTO alert_steps (alert_id, roster_id, step, person, at) SELECT id, 'r', 1, 'x', 0 FROM alerts WHERE rule_id = 'r@n'", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM alert_steps WHERE person = 'x'"),
        ["contacts-over"] = ("INSERT INTO message_contacts (name, phone, language, rules, changed_by, changed_at) VALUES ('n', '02-000-0000', 'ko', '[]', 'person:x', @at)", [Now.AddYears(-2), Now.AddYears(-2).AddDays(1)], "SELECT count(*) FROM message_contacts"),
        ["messages-over"] = ("INSERT INTO messages (cause, kind, recipient, channel, facts, urgent, state, next_at, made_at) VALUES ('c@n', 1, 'person:x', 1, '{}', 0, 2, 0, @at)", [Now.AddYears(-1), Now.AddYears(-1).AddDays(1)], "SELECT count(*) FROM messages"),
        ["automation-makers-over"] = ("INSERT INTO automation_revisions (automation_id, revision, body, is_on, state, made_by, made_at) VALUES ('x@n', 1, '{}', 0, 3, 'person:x', 0); INSERT INTO automation_revisions (automation_id, revision, body, is_on, state, made_at) VALUES ('x@n', 2, '{}', 0, 3, @at)", [Now.AddYears(-3), Now.AddYears(-3).AddDays(1)], "SELECT count(*) FROM automation_revisions WHERE made_by = 'person:x'"),
        ["automation-runs-over"] = ("INSERT INTO automation_runs (automation_id, revision, cause, where_ko, where_en, simulated, is_dry, is_trial, at, state, outcome, amount) VALUES ('x', 1, 'c@n', 'k', 'e', 0, 1, 0, @at, 1, 'sent', 0)", [Now.AddYears(-1), Now.AddYears(-1).AddDays(1)], "SELECT count(*) FROM automation_runs"),
        ["payloads-over"] = ("INSERT INTO door_kept (door, at, reason, is_utf8, size) VALUES ('d@n', @at, 'x', 1, 0)", [Now.AddDays(-31), Now.AddDays(-29)], "SELECT count(*) FROM door_kept"),
    };

    private const string Person = "INSERT INTO trust_person (id, user_name, normalized_user_name, email_confirmed, name, language, made, is_demo, totp_step) VALUES ('p@n', 'u@n', 'U@n', @no, 'n', 'ko', 0, @no, 0);";

    [Theory, BothEngines]
    public async Task Each_rule_destroys_what_is_over_and_nothing_else(Engine engine)
    {
        await using var city = await TestCity.Start(engine, clock: new TestClock());
        var inventory = city.Services.GetRequiredService<PersonalInventory>();
        // A rule without a case here is not tested: write one.
        Assert.Equal(inventory.Rules.Select(rule => rule.Code).Where(code => code is not ("letters-over" or "entries-over" or "sms-files-over")).Order(), Cases.Keys.Order());
        foreach (var (code, (insert, moments, count)) in Cases)
        {
            foreach (var (moment, number) in moments.Select((moment, number) => (moment, number)))
            {
                await Write(city, insert.Replace("@n'", $"{code}{number}'", StringComparison.Ordinal), moment);
            }

            var before = await Scalar(city, count);
            await city.Services.GetRequiredService<Shredder>().Run(Cancel);
            Assert.True(await Scalar(city, count) == before - 1, code);
            Assert.True(await Scalar(city, $"SELECT count FROM trust_destruction WHERE rule = '{code}'") >= 1, code);
        }

        Assert.Equal(0, await city.Services.GetRequiredService<Shredder>().Run(Cancel));
        await city.Services.GetRequiredService<Recorder>().Settle(Cancel);
        Assert.True(await Scalar(city, "SELECT count(*) FROM trust_record WHERE action = 'personal.destroy' AND who = 'local' AND thing = 'roles-over'") == 1);
    }

    [Theory, BothEngines]
    public async Task Much_goes_in_batches_and_is_one_line_a_day(Engine engine)
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(engine, clock: clock);
        const int many = (2 * Shredder.MostAtOnce) + 7;
        await city.Services.GetRequiredService<IDatabase>().Write(
            scope => scope.Connection.ExecuteAsync(
                "INSERT INTO trust_ticket (digest, kind, data, made, ends) VALUES (@digest, 'reset', '', 0, 1)", Enumerable.Range(0, many).Select(number => new { digest = $"{number}" }), scope.Transaction),
            Cancel);
        var job = city.Services.GetRequiredService<Shredder>();
        Assert.Equal(many, await job.Run(Cancel));
        await Write(city, "INSERT INTO trust_ticket (digest, kind, data, made, ends) VALUES ('late', 'reset', '', 0, 1)", Now);
        Assert.Equal(1, await job.Run(Cancel));
        clock.Advance(TimeSpan.FromDays(1));
        await Write(city, "INSERT INTO trust_ticket (digest, kind, data, made, ends) VALUES ('later', 'reset', '', 0, 1)", Now);
        await job.Run(Cancel);

        var page = await city.Services.GetRequiredService<DestructionBook>().List(null, Cancel);
        Assert.Equal(
            [("tickets-ended", new DateOnly(2026, 7, 20), 1L), ("tickets-ended", new DateOnly(2026, 7, 19), many + 1L)],
            page.Items.Where(item => item.Rule == "tickets-ended").Select(item => (item.Rule, item.Day, item.Count)));
        Assert.Equal(("trust_ticket", "sign-in"), (page.Items[0].Place, page.Items[0].Category));
        Assert.Single((await city.Services.GetRequiredService<DestructionBook>().List(new DateOnly(2026, 7, 20), Cancel)).Items, item => item.Rule == "tickets-ended");
    }

    [Fact]
    public async Task Letters_in_files_go_after_a_week_and_other_files_stay()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        var folder = Directory.CreateDirectory(Path.Combine(city.Store.Folder, "mail")).FullName;
        foreach (var (name, age) in ((string, int)[])[("old.eml", 8), ("new.eml", 6), ("old.txt", 8)])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "To: a@b.example", Cancel);
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), Now.AddDays(-age).UtcDateTime);
        }

        await city.Services.GetRequiredService<Shredder>().Run(Cancel);

        Assert.Equal(["new.eml", "old.txt"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal(1, await Scalar(city, "SELECT count FROM trust_destruction WHERE rule = 'letters-over'"));
    }

    [Fact]
    public async Task The_list_of_what_was_destroyed_is_for_who_may_read_the_record()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("auditor", "auditor", null);
        var auditor = city.As("auditor");
        await city.City.Services.GetRequiredService<IDatabase>().Write(scope => DestructionRows.Note(scope, "letters-over", "mail/*.eml", "contact", 3, Now), Cancel);

        var page = await ClosedCity.Send(auditor, HttpMethod.Get, "/api/privacy/destructions", null, HttpStatusCode.OK);
        Assert.Equal(("letters-over", "2026-07-19", 3L), ((string)page!["items"]![0]!["rule"]!, (string)page["items"]![0]!["day"]!, (long)page["items"]![0]!["count"]!));
        Assert.Empty((await ClosedCity.Send(auditor, HttpMethod.Get, "/api/privacy/destructions?before=2026-07-19", null, HttpStatusCode.OK))!["items"]!.AsArray());
        var wrong = await ClosedCity.Send(auditor, HttpMethod.Get, "/api/privacy/destructions?before=yesterday", null, HttpStatusCode.BadRequest);
        Assert.Contains("before", ((JsonObject)wrong!).ToJsonString(), StringComparison.Ordinal);
        await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/privacy/destructions", null, HttpStatusCode.Forbidden);
    }

    private static Task Write(TestCity city, string sql, DateTimeOffset at) => city.Services.GetRequiredService<IDatabase>().Write(
        scope => scope.Connection.ExecuteAsync(
            sql, new { at = at.ToMicros(), now = Now.ToMicros(), no = false, digest = new byte[] { 1, 2, 3 }, month = $"addresses of {at:yyyy-MM}" }, scope.Transaction),
        Cancel);

    private static async Task<long> Scalar(TestCity city, string sql)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return await read.Connection.ExecuteScalarAsync<long?>(sql, transaction: read.Transaction) ?? 0;
    }
}
