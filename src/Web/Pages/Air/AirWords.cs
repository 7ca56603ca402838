using System.Globalization;
using Madang.Operations;
using Madang.Web.Text;

namespace Madang.Web.Pages.Air;

/// <summary>How the air is said.</summary>
internal static class AirWords
{
    private static readonly string[] Marks = ["▲", "◆", "■"];

    /// <summary>3월 5일(목), or Thu 5 Mar.</summary>
    public static string Day(Language language, DateOnly day) => Reading.Date(language, day.ToDateTime(TimeOnly.MinValue));

    /// <summary>As it stands in addresses.</summary>
    public static string Plain(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>◔ 38 ㎍/㎥ 보통; only the grade where there is no value.</summary>
    public static string Value(Language language, string measure, double? value, AirGrade grade) =>
        $"{Reading.Mark(grade)} {(value is { } known ? Reading.Number(measure, known) + " ㎍/㎥ " : "")}{Reading.Grade(language, grade)}";

    /// <summary>A share in whole per cent; a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0} %") : "–";

    /// <summary>What stands in a cell of the regions: the value that is on the scale.</summary>
    public static string Part(AirPlace place, string measure) => place.Find(measure) is { } part ? $"{Reading.Mark(part.Grade)} {Reading.Number(measure, part.Value)}" : "–";

    /// <summary>The mark of a level by its place in the rule: ▲ ◆ ■.</summary>
    public static string Mark(RuleRevision? rule, string level) => rule is null ? Marks[0] : Marks[Math.Min(rule.Rule.Levels.TakeWhile(each => each.Name != level).Count(), Marks.Length - 1)];
}
