using Madang.Storage;

namespace Madang.Trust.Privacy;

/// <summary>What Trust's own tables hold of people. What the floor below keeps is declared here as well, for it cannot say so itself.</summary>
internal static class TrustPersonal
{
    private static readonly PersonalPurpose
        Account = new("account", new("계정을 만들고, 본인인지 확인하고, 알려 드립니다", "To keep your account, to know that it is you, and to write to you"), LegalBasis.Contract),
        Safety = new(
            "safety", new("남이 계정을 쓰지 못하게 지킵니다", "To keep others out of accounts"), LegalBasis.Law,
            new("개인정보 보호법 제29조, 안전성 확보조치 기준 제5조·제6조", "Personal Information Protection Act, art. 29; Safety Measures Standard, art. 5 and 6")),
        Duty = new(
            "duty", new("맡은 일만큼만 권한을 드리고, 누가 주고 거두었는지 남깁니다", "To give each person no more rights than the work needs, and to know who gave them"), LegalBasis.Law,
            new("개인정보 보호법 제29조, 안전성 확보조치 기준 제5조", "Personal Information Protection Act, art. 29; Safety Measures Standard, art. 5")),
        Record = new(
            "record", new("누가 무엇을 보고 고쳤는지 남겨 잘못 쓰는 일을 막습니다", "To know who saw and changed what, so that nothing is misused unseen"), LegalBasis.Law,
            new("개인정보 보호법 제29조, 안전성 확보조치 기준 제8조", "Personal Information Protection Act, art. 29; Safety Measures Standard, art. 8"));

    private static readonly Wording
        Id = new("계정 번호", "account number"), Name = new("이름", "name"), Email = new("이메일 주소", "e-mail address"), Language = new("편지를 받을 언어", "language of letters"),
        About = new("계정을 만든 때와 종류", "when and as what the account was made"), Password = new("비밀번호의 해시", "hash of the password"), App = new("인증 앱의 비밀값", "secret of the authenticator app"),
        Codes = new("복구 코드의 해시", "hashes of recovery codes"), Key = new("패스키의 이름과 공개키", "names and public keys of passkeys"), Elsewhere = new("연결한 다른 계정의 번호", "numbers of linked accounts elsewhere"),
        Session = new("로그인한 기기와 시각, 방법", "devices, times and ways of signing in"), Ip = new("IP 주소", "IP address"), Link = new("편지의 링크와 로그인 단계", "links of letters and steps of signing in"),
        Failure = new("실패한 로그인 이름의 해시", "hashes of names that failed to sign in"), Role = new("맡은 역할과 목적", "roles and their purposes"), Giver = new("역할을 주고 거둔 사람", "who gave and ended roles"), KeyMaker = new("열쇠를 만들고 거둔 사람", "who made and took back keys"), Limiter = new("한도를 정하고 거둔 사람", "who set and lifted limits"),
        Reviewer = new("기록을 점검한 사람", "who reviewed the record"), Pseudonym = new("기록 속의 가명", "pseudonyms in the record"), Limited = new("요청 한도를 정한 IP 주소와 계정", "IP addresses and accounts with a limit of their own"), Letter = new("서버에 파일로 남은 편지", "letters that lie as files on the server"), Former = new("떠난 담당자의 이름", "names of people in charge who left");

    public static IEnumerable<PersonalColumn> Columns(TrustRules rules)
    {
        var account = PersonalRetention.UntilErasedOr(rules.Unconfirmed);
        return
        [
            .. Of("trust_person", PersonalCategory.Identity, Id, Account, account, "id"),
            .. Of("trust_person", PersonalCategory.Identity, Name, Account, account, "name"),
            .. Of("trust_person", PersonalCategory.Contact, Email, Account, account, "user_name", "normalized_user_name", "email", "normalized_email", "email_confirmed"),
            .. Of("trust_person", PersonalCategory.Contact, Language, Account, account, "language"),
            .. Of("trust_person", PersonalCategory.Identity, About, Account, account, "made", "starting_role", "is_demo", "locked_at"),
            .. Of("trust_person", PersonalCategory.SignIn, Password, Account, account, "password_hash", "password_changed", "security_stamp", "concurrency_stamp"),
            .. Of("trust_person", PersonalCategory.SignIn, App, Account, PersonalRetention.UntilErased, "totp_key", "totp_since", "totp_step"),
            .. Of("trust_recovery_code", PersonalCategory.SignIn, Codes, Account, PersonalRetention.UntilErased, "person", "digest", "salt"),
            .. Of("trust_person_passkey", PersonalCategory.SignIn, Key, Account, PersonalRetention.UntilErased, "credential_id", "user_id", "data"),
            .. Of("trust_person_login", PersonalCategory.SignIn, Elsewhere, Account, PersonalRetention.UntilErased, "login_provider", "provider_key", "provider_display_name", "user_id"),
            .. Of("trust_person_claim", PersonalCategory.SignIn, Elsewhere, Account, PersonalRetention.UntilErased, "id", "user_id", "claim_type", "claim_value"),
            .. Of("trust_person_token", PersonalCategory.SignIn, Elsewhere, Account, PersonalRetention.UntilErased, "user_id", "login_provider", "name", "value"),
            .. Of("trust_ticket", PersonalCategory.SignIn, Link, Account, PersonalRetention.Until(rules.Tickets), "person", "data"),
            .. Of("mail/*.eml", PersonalCategory.Contact, Letter, Account, PersonalRetention.Until(rules.Letters), "letter").Select(column => column with { IsFile = true }),
            .. Of("trust_session", PersonalCategory.Connection, Session, Safety, PersonalRetention.Until(rules.Sessions), "digest", "id", "person", "made", "seen", "fresh", "ends", "agent", "method"),
            .. Of("trust_session", PersonalCategory.Connection, Ip, Safety, PersonalRetention.Until(rules.Sessions), "address"),
            .. Of("trust_attempt", PersonalCategory.SignIn, Failure, Safety, PersonalRetention.Until(rules.Failures), "name_digest"),
            .. Of("trust_grants", PersonalCategory.Duty, Role, Duty, PersonalRetention.Until(rules.Roles), "person", "purpose"),
            .. Of("trust_grants", PersonalCategory.Duty, Giver, Duty, PersonalRetention.Until(rules.Roles), "given_by", "ended_by"),
            .. Of("trust_keys", PersonalCategory.Duty, KeyMaker, Duty, PersonalRetention.Until(rules.KeyMakers), "made_by", "revoked_by"),
            .. Of("trust_limits", PersonalCategory.Connection, Limited, Safety, PersonalRetention.Until(rules.Limits), "subject"),
            .. Of("trust_limits", PersonalCategory.Duty, Limiter, Duty, PersonalRetention.Until(rules.Limits), "set_by", "ended_by"),
            .. Of("trust_departed", PersonalCategory.Identity, Former, Duty, PersonalRetention.Until(rules.Departed), "person", "name"),
            .. Of("trust_subjects", PersonalCategory.Trace, Pseudonym, Record, PersonalRetention.Until(rules.Strangers, rules.Entries), "subject", "salt", "digest"),
            .. Of("trust_subjects", PersonalCategory.Trace, Ip, Record, PersonalRetention.Until(rules.Addresses), "subject", "salt", "digest"),
            .. Of("trust_record_reviews", PersonalCategory.Duty, Reviewer, Record, PersonalRetention.Until(rules.Reviewers), "reviewer"),
            .. Entries(rules, "trust_record", null), .. Entries(rules, "trust_record_waiting", Engine.Postgres),
        ];
    }

    /// <summary>Pseudonyms are personal as long as the subject's salt is there; what is left afterwards is nobody's.</summary>
    private static IEnumerable<PersonalColumn> Entries(TrustRules rules, string table, Engine? only) =>
        Of(table, PersonalCategory.Trace, Pseudonym, Record, PersonalRetention.Until(rules.Strangers, rules.Entries), "who", "thing", "leaf")
            .Concat(Of(table, PersonalCategory.Trace, Ip, Record, PersonalRetention.Until(rules.Addresses), "address")).Select(column => column with { Only = only });

    private static IEnumerable<PersonalColumn> Of(string table, PersonalCategory category, Wording item, PersonalPurpose purpose, PersonalRetention retention, params IEnumerable<string> columns) =>
        columns.Select(column => new PersonalColumn(table, column, category, item, purpose, retention));
}
