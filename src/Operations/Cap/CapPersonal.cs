using Madang.Kernel;
using Madang.Trust;

namespace Madang.Operations.Cap;

/// <summary>Warnings of other agencies may name whom to ask there: they are kept for as long as one may be asked what was known when, and no longer.</summary>
internal static class CapPersonal
{
    private const int Years = 3;

    private static readonly string[] Theirs = ["sender", "told", "body"];

    private static readonly PersonalPurpose Known = new(
        "warnings", new("다른 기관에서 받은 경보를 남깁니다", "To know which warnings came when"), LegalBasis.PublicTask, new("공공기록물 관리에 관한 법률 제16조", "Public Records Management Act, art. 16"));

    public static IEnumerable<PersonalColumn> Columns()
    {
        var over = PersonalRule.Sql(
            "warnings-over", "cap_received", "DELETE FROM cap_received WHERE id IN (SELECT id FROM cap_received WHERE received_at <= @old LIMIT @most)", now => new { old = now.AddYears(-Years).ToMicros() },
            new($"받은 뒤 {Years}년", FormattableString.Invariant($"{Years} years after it came")));
        Wording item = new("다른 기관이 경보에 적은 보낸 사람과 연락처", "the sender and the contact that another agency wrote into a warning");
        return Theirs.Select(column => new PersonalColumn("cap_received", column, PersonalCategory.Duty, item, Known, PersonalRetention.Until(over)));
    }
}
