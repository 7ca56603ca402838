using Madang.Kernel;
using Madang.Trust;

namespace Madang.Operations.Rules;

/// <summary>Who wrote and reviewed rules, and who acted on alerts: kept for as long as one may be asked about it.</summary>
internal static class RulePersonal
{
    private const int Years = 3;

    private static readonly PersonalPurpose Duty = new(
        "alerts", new("경보를 정하고 처리한 사람을 남깁니다", "To know who set rules and acted on alerts"), LegalBasis.PublicTask,
        new("공공기록물 관리에 관한 법률 제16조", "Public Records Management Act, art. 16"));

    public static IEnumerable<PersonalColumn> Columns()
    {
        var makers = PersonalRule.Sql(
            "rule-makers-over", "rule_revisions",
            """
            UPDATE rule_revisions SET made_by = CASE WHEN made_by IS NULL THEN NULL ELSE 'nobody' END, reviewed_by = CASE WHEN reviewed_by IS NULL THEN NULL ELSE 'nobody' END, note = NULL
            WHERE (rule_id, revision) IN (SELECT r.rule_id, r.revision FROM rule_revisions r WHERE r.made_at <= @old AND (r.made_by <> 'nobody' OR r.reviewed_by <> 'nobody' OR r.note IS NOT NULL)
                AND EXISTS (SELECT 1 FROM rule_revisions n WHERE n.rule_id = r.rule_id AND n.revision > r.revision AND n.made_at <= @old) LIMIT @most)
            """,
            Old, After("다음 규칙으로 바뀐 뒤", "after the next revision"));
        var actors = PersonalRule.Sql(
            "alert-actors-over", "alert_entries",
            "UPDATE alert_entries SET who = NULL, note = NULL WHERE id IN (SELECT e.id FROM alert_entries e JOIN alerts a ON a.id = e.alert_id WHERE a.lifted_at <= @old AND e.who IS NOT NULL LIMIT @most)", Old, After("해제된 뒤", "after it is lifted"));
        var holders = PersonalRule.Sql(
            "alert-holders-over", "alerts",
            "UPDATE alerts SET acknowledged_by = NULL, assigned_to = NULL WHERE id IN (SELECT id FROM alerts WHERE lifted_at <= @old AND (acknowledged_by IS NOT NULL OR assigned_to IS NOT NULL) LIMIT @most)", Old, After("해제된 뒤", "after it is lifted"));
        Wording maker = new("규칙을 쓰고 검토한 사람", "who wrote and reviewed rules"), actor = new("경보를 확인하고 맡은 사람과 그 말", "who acted on alerts, and what they said");
        return
        [
            .. Of("rule_revisions", maker, makers, "made_by", "reviewed_by", "note"), .. Of("alert_entries", actor, actors, "who", "note"), .. Of("alerts", actor, holders, "acknowledged_by", "assigned_to"),
        ];
    }

    private static object Old(DateTimeOffset now) => new { old = now.AddYears(-Years).ToMicros() };

    private static Wording After(string korean, string english) => new($"{korean} {Years}년", FormattableString.Invariant($"{Years} years {english}"));

    private static IEnumerable<PersonalColumn> Of(string table, Wording item, PersonalRule rule, params IEnumerable<string> columns) =>
        columns.Select(column => new PersonalColumn(table, column, PersonalCategory.Duty, item, Duty, PersonalRetention.Until(rule)));
}
