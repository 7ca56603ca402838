using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Messages;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Duty;

/// <summary>Who is on duty, how they are reached, and who was told: what is held of people, and for how long.</summary>
internal sealed class DutyPersonal(IDatabase database, TimeProvider clock) : IPersonalData
{
    private const int Years = 3, ContactYears = 2, MessageYears = 1, MostRows = 10_000;

    private static readonly PersonalPurpose Duty = new(
        "duty", new("위험한 일을 제때 처리하도록 당직자에게 알립니다", "To reach whoever is on duty, so that dangers are dealt with in time"), LegalBasis.PublicTask,
        new("재난 및 안전관리 기본법 제18조", "Framework Act on the Management of Disasters and Safety, art. 18"));

    public string Part => "duty";

    public static IEnumerable<PersonalColumn> Columns(SmsOptions sms)
    {
        var makers = PersonalRule.Sql(
            "maintenance-makers-over", "maintenance_windows",
            "UPDATE maintenance_windows SET made_by = NULL, ended_by = NULL, reason = NULL WHERE id IN (SELECT id FROM maintenance_windows WHERE until_at <= @old AND (made_by IS NOT NULL OR ended_by IS NOT NULL OR reason IS NOT NULL) LIMIT @most)",
            Old(Years), After(Years, "끝난 뒤", "after it is over"));
        var shifts = PersonalRule.Delete("duty-shifts-over", "duty_shifts", "id", "until_at <= @old", Old(Years), After(Years, "근무가 끝난 뒤", "after the shift"));
        var steps = PersonalRule.Sql(
            "duty-calls-over", "alert_steps",
            "UPDATE alert_steps SET person = NULL WHERE (alert_id, roster_id, step) IN (SELECT s.alert_id, s.roster_id, s.step FROM alert_steps s JOIN alerts a ON a.id = s.alert_id WHERE a.lifted_at <= @old AND s.person IS NOT NULL LIMIT @most)",
            Old(Years), After(Years, "경보가 해제된 뒤", "after the alert is lifted"));
        var contacts = PersonalRule.Delete("contacts-over", "message_contacts", "id", "changed_at <= @old", Old(ContactYears), After(ContactYears, "적은 뒤", "after it was written"));
        var messages = PersonalRule.Delete("messages-over", "messages", "id", "made_at <= @old", Old(MessageYears), After(MessageYears, "알린 뒤", "after it was told"));
        var files = new PersonalRule(
            "sms-files-over", "sms/*.json", new($"쓴 뒤 {SmsDoor.DaysKept}일", FormattableString.Invariant($"{SmsDoor.DaysKept} days after it was written")),
            run => Task.FromResult(SmsDoor.Delete(sms.Folder, run.Now.AddDays(-SmsDoor.DaysKept), run.Most)));
        Wording maker = new("점검을 정하고 끝낸 사람과 그 까닭", "who planned and ended maintenance, and why"), holder = new("당직자와 근무 시간", "who is on duty when"), told = new("알림을 받은 사람", "who was told");
        Wording contact = new("연락처의 이름과 전화번호, 이메일, 주소", "names, telephones, e-mail and web addresses of contacts"), writer = new("연락처를 적은 사람", "who wrote a contact");
        return
        [
            .. Of("maintenance_windows", PersonalCategory.Duty, maker, PersonalRetention.Until(makers), "made_by", "ended_by", "reason"),
            .. Of("duty_shifts", PersonalCategory.Duty, holder, PersonalRetention.Until(shifts), "person"),
            .. Of("alert_steps", PersonalCategory.Duty, told, PersonalRetention.Until(steps), "person"),
            .. Of("message_contacts", PersonalCategory.Contact, contact, PersonalRetention.UntilErasedOr(contacts), "name", "person", "email", "phone", "url"),
            .. Of("message_contacts", PersonalCategory.Duty, writer, PersonalRetention.Until(contacts), "changed_by"),
            .. Of("messages", PersonalCategory.Duty, told, PersonalRetention.Until(messages), "recipient"),
            new PersonalColumn("sms/*.json", "to", PersonalCategory.Contact, contact, Duty, PersonalRetention.Until(files)) { IsFile = true },
        ];
    }

    public async Task Export(Utf8JsonWriter json, string person, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var row = new { person, recipient = "person:" + person, most = MostRows };
        json.WriteStartObject();
        json.WriteStartArray("shifts");
        foreach (var (roster, step, from, until) in await read.Connection.QueryAsync<(string, long, long, long)>("SELECT roster_id, step, from_at, until_at FROM duty_shifts WHERE person = @person ORDER BY from_at LIMIT @most", row, read.Transaction))
        {
            json.WriteStartObject();
            json.WriteString("roster", roster);
            json.WriteNumber("step", step);
            json.WriteString("from", IsoTime.Write(IsoTime.FromMicros(from)));
            json.WriteString("until", IsoTime.Write(IsoTime.FromMicros(until)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (await ContactRow.Find(read, null, person) is { } contact)
        {
            json.WriteStartObject("contact");
            json.WriteString("name", contact.Name);
            json.WriteString("phone", contact.Phone);
            json.WriteString("quietFrom", contact.Quiet?.From.ToString("HH:mm", null));
            json.WriteString("quietUntil", contact.Quiet?.Until.ToString("HH:mm", null));
            json.WriteEndObject();
        }

        json.WriteStartArray("messages");
        foreach (var (cause, channel, at) in await read.Connection.QueryAsync<(string, long, long)>("SELECT cause, channel, made_at FROM messages WHERE recipient = @recipient ORDER BY id LIMIT @most", row, read.Transaction))
        {
            json.WriteStartObject();
            json.WriteString("cause", cause);
            json.WriteString("channel", ((MessageChannel)channel).ToString().ToLowerInvariant());
            json.WriteString("at", IsoTime.Write(IsoTime.FromMicros(at)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Whoever leaves holds no duty any more and is reached no more; the duty that was held stays as long as the law asks.</summary>
    public Task Forget(WriteScope scope, string person) => scope.Connection.ExecuteAsync(
        """
        DELETE FROM duty_shifts WHERE person = @person AND from_at > @now;
        UPDATE duty_shifts SET until_at = @now WHERE person = @person AND until_at > @now;
        DELETE FROM message_contacts WHERE person = @person;
        DELETE FROM messages WHERE recipient = @recipient AND state <> 2
        """,
        new { person, recipient = "person:" + person, now = clock.GetUtcNow().ToMicros() }, scope.Transaction);

    private static Func<DateTimeOffset, object> Old(int years) => now => new { old = now.AddYears(-years).ToMicros() };

    private static Wording After(int years, string korean, string english) => new($"{korean} {years}년", FormattableString.Invariant($"{years} {(years == 1 ? "year" : "years")} {english}"));

    private static IEnumerable<PersonalColumn> Of(string table, PersonalCategory category, Wording item, PersonalRetention retention, params IEnumerable<string> columns) =>
        columns.Select(column => new PersonalColumn(table, column, category, item, Duty, retention));
}
