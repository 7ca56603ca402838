using Madang.Kernel;
using Madang.Trust;

namespace Madang.Sensing.Doors;

/// <summary>What did not fit may hold anything, somebody's data too: it is treated as personal and goes after some days.</summary>
internal static class DoorPersonal
{
    public static IEnumerable<PersonalColumn> Columns(DoorsOptions options)
    {
        var days = options.KeptDays;
        var purpose = new PersonalPurpose("doors", new("기기가 잘못 보낸 자료를 고쳐 저장합니다", "To mend and store what devices sent wrongly"), LegalBasis.PublicTask);
        var rule = PersonalRule.Delete(
            "payloads-over", "door_kept", "id", "at < @before", now => new { before = now.AddDays(-days).ToMicros() }, new($"받은 때부터 {days}일", FormattableString.Invariant($"{days} days after it came")));
        Wording payload = new("기기가 보낸 자료 가운데 맞지 않은 것", "payloads of devices that did not fit");
        foreach (var column in (string[])["payload", "device", "reason"])
        {
            yield return new PersonalColumn("door_kept", column, PersonalCategory.Trace, payload, purpose, PersonalRetention.Until(rule));
        }
    }
}
