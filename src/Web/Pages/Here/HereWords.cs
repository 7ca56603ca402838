using Madang.Operations;
using Madang.Web.Pages.Alerts;
using Madang.Web.Text;

namespace Madang.Web.Pages.Here;

/// <summary>How citizens are told what is in force, and what to do.</summary>
internal static class HereWords
{
    /// <summary>What people say: the measure and the level, or the rule's own name where it watches none.</summary>
    public static string Headline(Language language, AlertInForce alert) =>
        $"{(alert.Measure is { } measure && MeasureNames.Short(language, measure) is var name && name != measure ? name : language.Of(alert.Alert.RuleName))} {language.Of(alert.Alert.LevelTitle!)}";

    /// <summary>
    /// What to do, line by line, by what it is and how grave: 환경부 「고농도 미세먼지 대응 국민행동요령」, 「오존 대응 국민행동요령」 (에어코리아).
    /// </summary>
    public static IReadOnlyList<string> WhatToDo(Language language, AlertInForce alert)
    {
        var kind = alert.Measure switch { "pm10" or "pm25" => "dust", "o3" => "ozone", _ => "other" };
        var grave = alert.Step > 1 && kind != "other" ? ".grave" : "";
        return [.. Enumerable.Range(1, 4).Select(line => language.Find(FormattableString.Invariant($"here.do.{kind}{grave}.{line}"))).OfType<string>()];
    }
}
