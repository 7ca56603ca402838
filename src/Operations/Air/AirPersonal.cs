using Madang.Kernel;
using Madang.Trust;

namespace Madang.Operations.Air;

/// <summary>Who decided on measures, ticked them off and entered forecasts: kept for as long as one may be asked about it.</summary>
internal static class AirPersonal
{
    private const int Years = 3;

    private static readonly PersonalPurpose Duty = new(
        "air", new("대기질 조치를 결정하고 처리한 사람을 남깁니다", "To know who decided on measures of the air and carried them out"), LegalBasis.PublicTask,
        new("공공기록물 관리에 관한 법률 제16조", "Public Records Management Act, art. 16"));

    public static IEnumerable<PersonalColumn> Columns()
    {
        Wording person = new("대기질 조치를 결정하고 처리한 사람과 그 말", "who decided on measures of the air and carried them out, and what they said");
        return
        [
            .. Of("air_decisions", person, Rule("air-deciders-over", "air_decisions", "at", "who = NULL, note = NULL", "who IS NOT NULL OR note IS NOT NULL"), "who", "note"),
            .. Of("air_ticks", person, Rule("air-doers-over", "air_ticks", "at", "who = NULL", "who IS NOT NULL"), "who"),
            .. Of("air_forecasts", person, Rule("air-enterers-over", "air_forecasts", "received_at", "who = NULL", "who IS NOT NULL"), "who"),
        ];
    }

    private static PersonalRule Rule(string code, string table, string time, string emptied, string full) => PersonalRule.Sql(
        code, table, $"UPDATE {table} SET {emptied} WHERE id IN (SELECT id FROM {table} WHERE {time} <= @old AND ({full}) LIMIT @most)",
        now => new { old = now.AddYears(-Years).ToMicros() }, new($"적은 뒤 {Years}년", FormattableString.Invariant($"{Years} years after it was written")));

    private static IEnumerable<PersonalColumn> Of(string table, Wording item, PersonalRule rule, params IEnumerable<string> columns) =>
        columns.Select(column => new PersonalColumn(table, column, PersonalCategory.Duty, item, Duty, PersonalRetention.Until(rule)));
}
