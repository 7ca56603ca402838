using Madang.Kernel;
using Madang.Trust;

namespace Madang.Operations.Automations;

/// <summary>Who wrote, reviewed and took back what the city does by itself: kept for as long as one may be asked about it. Runs go after a year, with what hangs on them.</summary>
internal static class AutomationPersonal
{
    private const int Years = 3;

    private static readonly PersonalPurpose Duty = new(
        "automations", new("시가 스스로 하는 일을 정하고 거둔 사람을 남깁니다", "To know who set what the city does by itself, and took it back"), LegalBasis.PublicTask,
        new("공공기록물 관리에 관한 법률 제16조", "Public Records Management Act, art. 16"));

    public static IEnumerable<PersonalColumn> Columns()
    {
        var makers = PersonalRule.Sql(
            "automation-makers-over", "automation_revisions",
            """
            UPDATE automation_revisions SET made_by = CASE WHEN made_by IS NULL THEN NULL ELSE 'nobody' END, reviewed_by = CASE WHEN reviewed_by IS NULL THEN NULL ELSE 'nobody' END, note = NULL
            WHERE (automation_id, revision) IN (SELECT r.automation_id, r.revision FROM automation_revisions r WHERE r.made_at <= @old AND (r.made_by <> 'nobody' OR r.reviewed_by <> 'nobody' OR r.note IS NOT NULL)
                AND EXISTS (SELECT 1 FROM automation_revisions n WHERE n.automation_id = r.automation_id AND n.revision > r.revision AND n.made_at <= @old) LIMIT @most)
            """,
            now => new { old = now.AddYears(-Years).ToMicros() }, new("다음 판으로 바뀐 뒤 3년", "3 years after the next revision"));
        var runs = PersonalRule.Delete("automation-runs-over", "automation_runs", "id", "at <= @old", now => new { old = now.AddYears(-1).ToMicros() }, new("실행한 뒤 1년", "1 year after the run"));
        Wording maker = new("자동 처리를 쓰고 검토한 사람과 그 말", "who wrote and reviewed automations, and what they said"), undoer = new("자동 처리를 거둔 사람", "who took a run back");
        return [.. Of("automation_revisions", maker, makers, "made_by", "reviewed_by", "note"), .. Of("automation_runs", undoer, runs, "undone_by")];
    }

    private static IEnumerable<PersonalColumn> Of(string table, Wording item, PersonalRule rule, params IEnumerable<string> columns) =>
        columns.Select(column => new PersonalColumn(table, column, PersonalCategory.Duty, item, Duty, PersonalRetention.Until(rule)));
}
