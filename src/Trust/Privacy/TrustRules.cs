using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Record.Keeper;

namespace Madang.Trust.Privacy;

/// <summary>When what Trust holds of people is over. The words and the act are made from the same lengths of time.</summary>
internal sealed class TrustRules(AccountsOptions accounts, TrustOptions record, RecordedSubjects subjects, string mailFolder)
{
    /// <summary>How long an account waits for its address to be confirmed, in days; the link of the letter lives as long.</summary>
    public const int UnconfirmedDays = 3;

    /// <summary>Who was given which rights, changed and taken away: at least three years (개인정보의 안전성 확보조치 기준, art. 5).</summary>
    public const int DutyYears = 3;

    /// <summary>Letters in files: their links live three days, and people look for a letter a few days longer.</summary>
    public const int LetterDays = 7;

    private const string Nobody = "erased", AddressPrefix = "addresses of ";

    /// <summary>Sessions that ended.</summary>
    public PersonalRule Sessions { get; } = PersonalRule.Delete(
        "sessions-ended", "trust_session", "digest", "ends <= @now OR seen <= @idle", now => new { now = now.ToMicros(), idle = (now - TimeSpan.FromMinutes(accounts.IdleMinutes)).ToMicros() },
        new(
            string.Create(CultureInfo.InvariantCulture, $"로그아웃할 때까지, 길어도 {accounts.SessionHours}시간 ({accounts.IdleMinutes}분 동안 쓰지 않으면 끝납니다)"),
            string.Create(CultureInfo.InvariantCulture, $"until you sign out, {accounts.SessionHours} hours at most ({accounts.IdleMinutes} minutes without use)")));

    /// <summary>Links and steps of signing in whose time is over.</summary>
    public PersonalRule Tickets { get; } = PersonalRule.Delete(
        "tickets-ended", "trust_ticket", "digest", "ends <= @now", now => new { now = now.ToMicros() },
        new(
            string.Create(CultureInfo.InvariantCulture, $"쓸 때까지, 길어도 {UnconfirmedDays}일"),
            string.Create(CultureInfo.InvariantCulture, $"until used, {UnconfirmedDays} days at most")));

    /// <summary>Failed attempts that count no more.</summary>
    public PersonalRule Failures { get; } = PersonalRule.Delete(
        "attempts-over", "trust_attempt", "name_digest", "last < @forgotten AND until < @now", now => new { now = now.ToMicros(), forgotten = (now - Attempts.Forgotten).ToMicros() },
        new(
            string.Create(CultureInfo.InvariantCulture, $"마지막 시도 뒤 {Attempts.Forgotten.TotalHours:0}시간"),
            string.Create(CultureInfo.InvariantCulture, $"{Attempts.Forgotten.TotalHours:0} hours after the last attempt")));

    /// <summary>Accounts whose address nobody confirmed, with all that hangs on them; a role that waited for an invitation to be opened ends.</summary>
    public PersonalRule Unconfirmed { get; } = new(
        "accounts-unconfirmed", "trust_person",
        new(
            string.Create(CultureInfo.InvariantCulture, $"이메일을 확인하지 않은 계정은 {UnconfirmedDays}일"),
            string.Create(CultureInfo.InvariantCulture, $"{UnconfirmedDays} days when the e-mail is never confirmed")),
        async run =>
        {
            var gone = (await run.Scope.Connection.QueryAsync<string>(new CommandDefinition(
                """
                DELETE FROM trust_person WHERE id IN
                (SELECT id FROM trust_person WHERE made < @old AND email IS NOT NULL AND email_confirmed = @no AND starting_role IS NULL LIMIT @most) RETURNING id
                """,
                new { old = run.Now.AddDays(-UnconfirmedDays).ToMicros(), no = false, most = run.Most }, run.Scope.Transaction, cancellationToken: run.Scope.Cancel))).AsList();
            await run.Scope.Connection.ExecuteAsync(
                "UPDATE trust_grants SET to_time = @now, ended_by = 'retention' WHERE person = @person AND (to_time IS NULL OR to_time > @now)",
                gone.Select(person => new { person, now = run.Now.ToMicros() }), run.Scope.Transaction);
            return gone.Count;
        });

    /// <summary>Roles that ended.</summary>
    public PersonalRule Roles { get; } = PersonalRule.Delete(
        "roles-over", "trust_grants", "id", "to_time <= @old", now => new { old = now.AddYears(-DutyYears).ToMicros() }, Years("역할이 끝난 뒤", "after the role ends", DutyYears));

    /// <summary>Who made or took back a key that ended long ago; the key itself is no personal data.</summary>
    public PersonalRule KeyMakers { get; } = PersonalRule.Sql(
        "key-makers-over", "trust_keys",
        """
        UPDATE trust_keys SET made_by = @nobody, revoked_by = CASE WHEN revoked_by IS NULL THEN NULL ELSE @nobody END
        WHERE id IN (SELECT id FROM trust_keys WHERE (revoked_at <= @old OR expires_at <= @old) AND (made_by <> @nobody OR revoked_by <> @nobody) LIMIT @most)
        """,
        now => new { nobody = Nobody, old = now.AddYears(-DutyYears).ToMicros() }, Years("열쇠가 끝난 뒤", "after the key ends", DutyYears));

    /// <summary>Limits of addresses and accounts that were taken away, and who set them.</summary>
    public PersonalRule Limits { get; } = PersonalRule.Delete(
        "limits-over", "trust_limits", "id", "to_time <= @old", now => new { old = now.AddYears(-DutyYears).ToMicros() }, Years("한도를 거둔 뒤", "after the limit is taken away", DutyYears));

    /// <summary>Names of people who had a role and left.</summary>
    public PersonalRule Departed { get; } = PersonalRule.Delete(
        "departed-over", "trust_departed", "person", "left_at <= @old", now => new { old = now.AddYears(-DutyYears).ToMicros() }, Years("맡은 일이 있던 분은 떠난 뒤", "after leaving, for who had a role", DutyYears));

    /// <summary>People whom the record still knew after their account, name and last role were gone.</summary>
    public PersonalRule Strangers { get; } = new(
        "subjects-gone", "trust_subjects", new("계정과 역할 기록이 모두 없어질 때까지", "until neither the account nor a record of its roles is left"),
        run => Forget(
            run, subjects,
            """
            SELECT subject FROM trust_subjects WHERE subject LIKE 'person:%' AND NOT EXISTS (SELECT 1 FROM trust_person WHERE id = substr(subject, 8))
            AND NOT EXISTS (SELECT 1 FROM trust_departed WHERE person = substr(subject, 8)) AND NOT EXISTS (SELECT 1 FROM trust_grants WHERE person = substr(subject, 8)) LIMIT @most
            """,
            new { most = run.Most }));

    /// <summary>The salt under which the addresses of a month stand in the record: without it they are nobody's.</summary>
    public PersonalRule Addresses { get; } = new(
        "addresses-over", "trust_subjects",
        new(
            string.Create(CultureInfo.InvariantCulture, $"기록한 달이 지난 뒤 {Longest(record)}일"),
            string.Create(CultureInfo.InvariantCulture, $"{Longest(record)} days after the month of the entry")),
        run => Forget(
            run, subjects, "SELECT subject FROM trust_subjects WHERE subject LIKE @like AND subject < @old LIMIT @most",
            new { like = AddressPrefix + "%", old = Subjects.MonthOf(run.Now.AddDays(-Longest(record)).ToMicros()), most = run.Most }));

    /// <summary>Entries of the record itself, as its own job destroys them from the same numbers.</summary>
    public PersonalRule Entries { get; } = PersonalRule.Elsewhere(
        "entries-over", "trust_record",
        new(
            string.Create(CultureInfo.InvariantCulture, $"기록은 종류에 따라 {record.KeepIngestDays}일에서 {Longest(record)}일"),
            string.Create(CultureInfo.InvariantCulture, $"entries {record.KeepIngestDays} to {Longest(record)} days, by their kind")));

    /// <summary>Who looked through the record: known as long as who had rights; the review itself stays.</summary>
    public PersonalRule Reviewers { get; } = PersonalRule.Sql(
        "reviewers-over", "trust_record_reviews",
        "UPDATE trust_record_reviews SET reviewer = @nobody WHERE month IN (SELECT month FROM trust_record_reviews WHERE moment <= @old AND reviewer <> @nobody LIMIT @most)",
        now => new { nobody = Nobody, old = now.AddYears(-DutyYears).ToMicros() }, Years("점검한 뒤", "after the review", DutyYears));

    /// <summary>Letters that lie in files, where there is no mail server.</summary>
    public PersonalRule Letters { get; } = new(
        "letters-over", "mail/*.eml",
        new(string.Create(CultureInfo.InvariantCulture, $"보낸 뒤 {LetterDays}일"), string.Create(CultureInfo.InvariantCulture, $"{LetterDays} days after sending")),
        run => Task.FromResult(LetterFiles.Delete(mailFolder, run.Now.AddDays(-LetterDays), run.Most)));

    /// <summary>The longest that any entry with an address is kept, in days.</summary>
    private static int Longest(TrustOptions record) => ((int[])[record.KeepPersonalDays, record.KeepGrantDays, record.KeepIngestDays, record.KeepOtherDays]).Max();

    private static Wording Years(string korean, string english, int years) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{korean} {years}년"), string.Create(CultureInfo.InvariantCulture, $"{years} years {english}"));

    private static async Task<int> Forget(RuleRun run, RecordedSubjects subjects, string sql, object parameters)
    {
        var names = (await run.Scope.Connection.QueryAsync<string>(new CommandDefinition(sql, parameters, run.Scope.Transaction, cancellationToken: run.Scope.Cancel))).AsList();
        foreach (var name in names)
        {
            await subjects.Forget(run.Scope, name);
        }

        return names.Count;
    }
}
