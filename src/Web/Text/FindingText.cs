using Madang.Sensing;
using Madang.Web.Draw;

namespace Madang.Web.Text;

/// <summary>What the check of sensors found, in words.</summary>
internal static class FindingText
{
    /// <summary>The word of addresses and styles, as <c>/api/sensor-health</c> has it.</summary>
    public static string Word(SensorFinding finding) => finding switch
    {
        SensorFinding.Late => "late",
        SensorFinding.Silent => "silent",
        SensorFinding.Stuck => "stuck",
        SensorFinding.OutOfRange => "out-of-range",
        _ => "drifting",
    };

    public static string Name(Language language, SensorFinding finding) => language["finding.name." + Word(finding)];

    /// <summary>Why it was found, and since when.</summary>
    public static string Reason(Language language, TimeZoneInfo zone, LastingFinding finding)
    {
        var value = finding.Finding is SensorFinding.Late or SensorFinding.Silent
            ? SensorText.Length(language, TimeSpan.FromSeconds(Math.Clamp(finding.Value, 0, 1e8)))
            : $"{ChartPlan.Number(finding.Value, Math.Abs(finding.Value) < 1 ? 3 : 1)} {finding.Unit}".Trim();
        return $"{language.Say("finding.reason." + Word(finding.Finding), value)} {language.Say("finding.since", SensorText.Full(language, zone, finding.Since))}";
    }
}
