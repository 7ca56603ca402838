using Madang.Kernel;
using Madang.Trust;

namespace Madang.Operations.Incidents;

/// <summary>What people wrote in incidents, and who did what: kept for as long as the city may be asked about it.</summary>
internal static class IncidentPersonal
{
    private const int Years = 5;

    private static readonly PersonalPurpose Duty = new(
        "incidents", new("사건에 대응하고 그 경과를 남깁니다", "To respond to incidents and to keep how that went"), LegalBasis.PublicTask,
        new("재난 및 안전관리 기본법 제70조 (재난상황의 기록 관리)", "Framework Act on the Management of Disasters and Safety, art. 70"));

    public static IEnumerable<PersonalColumn> Columns()
    {
        var places = PersonalRule.Sql(
            "incident-words-over", "incidents",
            """
            UPDATE incidents SET title = '', place = NULL, longitude = NULL, latitude = NULL, system = NULL, external_id = NULL, opened_by = NULL
            WHERE id IN (SELECT id FROM incidents WHERE closed_at <= @old AND (title <> '' OR place IS NOT NULL OR longitude IS NOT NULL OR external_id IS NOT NULL OR opened_by IS NOT NULL) LIMIT @most)
            """,
            Old, AfterClosing);
        var stages = PersonalRule.Sql(
            "incident-stages-over", "incident_stages",
            "UPDATE incident_stages SET told_by = NULL WHERE (incident_id, stage) IN (SELECT s.incident_id, s.stage FROM incident_stages s JOIN incidents i ON i.id = s.incident_id WHERE i.closed_at <= @old AND s.told_by IS NOT NULL LIMIT @most)",
            Old, AfterClosing);
        var entries = PersonalRule.Sql(
            "incident-entries-over", "incident_entries",
            """
            UPDATE incident_entries SET who = NULL, note = NULL, recipient = NULL
            WHERE id IN (SELECT e.id FROM incident_entries e JOIN incidents i ON i.id = e.incident_id WHERE i.closed_at <= @old AND (e.who IS NOT NULL OR e.note IS NOT NULL OR e.recipient IS NOT NULL) LIMIT @most)
            """,
            Old, AfterClosing);
        var starts = PersonalRule.Sql(
            "scenario-starters-over", "scenario_starts",
            "UPDATE scenario_starts SET started_by = NULL WHERE id IN (SELECT id FROM scenario_starts WHERE started_at <= @old AND started_by IS NOT NULL LIMIT @most)", Old, After("시작한 뒤", "after the start"));
        var tasks = PersonalRule.Sql(
            "task-answers-over", "scenario_tasks",
            "UPDATE scenario_tasks SET answer = NULL, answered_by = NULL WHERE id IN (SELECT id FROM scenario_tasks WHERE answered_at <= @old AND (answer IS NOT NULL OR answered_by IS NOT NULL) LIMIT @most)", Old, After("답한 뒤", "after the answer"));
        Wording words = new("사건을 알리고 기록한 말과 쓴 사람", "what was written about incidents, and who wrote it"), acts = new("과제를 시작하고 답한 사람과 그 말", "who started and answered tasks, and what they said");
        return
        [
            .. Of("incidents", words, places, "title", "place", "longitude", "latitude", "external_id", "opened_by"), .. Of("incident_stages", words, stages, "told_by"), .. Of("incident_entries", words, entries, "who", "note", "recipient"),
            .. Of("scenario_starts", acts, starts, "started_by"), .. Of("scenario_tasks", acts, tasks, "answer", "answered_by"),
        ];
    }

    private static Wording AfterClosing => After("종결된 뒤", "after it is closed");

    private static object Old(DateTimeOffset now) => new { old = now.AddYears(-Years).ToMicros() };

    private static Wording After(string korean, string english) => new($"{korean} {Years}년", FormattableString.Invariant($"{Years} years {english}"));

    private static IEnumerable<PersonalColumn> Of(string table, Wording item, PersonalRule rule, params IEnumerable<string> columns) =>
        columns.Select(column => new PersonalColumn(table, column, PersonalCategory.Duty, item, Duty, PersonalRetention.Until(rule)));
}
