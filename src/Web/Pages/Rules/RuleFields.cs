using System.Globalization;
using Madang.Kernel;
using Madang.Operations;

namespace Madang.Web.Pages.Rules;

/// <summary>The numbers of a rule as fields of a form: those that a department changes. All else of a rule is written by <c>PUT /api/rules/{id}</c>.</summary>
internal static class RuleFields
{
    public static string Name(int level, string field) => string.Create(CultureInfo.InvariantCulture, $"levels[{level}].{field}");

    public static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    public static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The rule with the numbers of the form.</summary>
    public static Rule Read(Rule rule, Filled filled) => rule with
    {
        Levels =
        [
            .. rule.Levels.Select((level, index) => level with
            {
                From = Number(filled, Name(index, "from")), HoldMinutes = (int)(filled.Number(Name(index, "holdMinutes")) ?? throw new InvalidInputException(Name(index, "holdMinutes"), "is a whole number")), Lift = Number(filled, Name(index, "lift")),
            }),
        ],
        Until = filled["until"] is not { } until ? null : DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new InvalidInputException("until", "is a day, such as 2026-12-31"),
    };

    private static double Number(Filled filled, string name) =>
        double.TryParse(filled[name]?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : throw new InvalidInputException(name, "is a number");
}
