using Madang.Operations.Rules;

namespace Madang.Operations.Cap;

/// <summary>
/// Says a level in the closed lists of CAP 1.2 (3.2.2). Severity goes by the rung of the ladder, as the law's own names do: an
/// advisory (주의보) is Moderate, "possible threat"; a warning (경보) Severe, "significant threat"; a serious warning (중대경보)
/// Extreme. What sensors fail at is Minor. Urgency is Expected ("within next hour") on the first rung and Immediate above;
/// certainty is Observed, since it was measured, and Likely for a calendar, which measures nothing.
/// </summary>
internal static class CapGrades
{
    private static readonly string[] Air = ["pm25", "pm10", "o3", "no2", "co", "so2"], Weather = ["temperature", "humidity", "wind_speed"];

    public static CapGrade Of(Rule rule, CapSaying saying)
    {
        var (isAir, isFailure) = (IsAir(rule), IsFailure(rule));
        IReadOnlyList<string> categories = isFailure ? ["Infra"] : isAir ? ["Env", "Health"] : Weather.Contains(rule.Scope.Measure) ? ["Met"] : rule.Scope.Measure == "noise" ? ["Env"] : ["Safety"];
        var certainty = rule.Signal is ScheduleSignal ? "Likely" : "Observed";
        return saying.IsEnd ? new(categories, "AllClear", "Past", "Minor", certainty)
            : new(categories, isAir ? "Avoid" : "Monitor", saying.Level > 1 && !isFailure ? "Immediate" : "Expected", isFailure ? "Minor" : saying.Level switch { 1 => "Moderate", 2 => "Severe", _ => "Extreme" }, certainty);
    }

    public static bool IsAir(Rule rule) => Air.Contains(rule.Scope.Measure) && !IsFailure(rule) && !rule.Follows();

    private static bool IsFailure(Rule rule) => rule.Signal is SilenceSignal or UnchangedSignal;
}
