using Madang.Kernel;
using Madang.Trust;

namespace Madang.Operations.Duty;

/// <summary>Who plans duty and work, and sees who was told: whoever acts on alerts.</summary>
internal static class DutyRights
{
    /// <exception cref="CityRuleException">The caller may not (403).</exception>
    public static void Demand()
    {
        if (!Caller.Current.MaySomewhere(Act.Write, Kinds.Alert))
        {
            throw new CityRuleException("not-allowed", "You may not act on alerts.", 403);
        }
    }
}
