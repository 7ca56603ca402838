using System.Globalization;
using Madang.Operations;

namespace Madang.Web.Pages.Alerts;

/// <summary>How alerts are said.</summary>
internal static class AlertWords
{
    public static string Of(this Language language, RuleText text) => language.IsKorean ? text.Ko : text.En;

    /// <summary>The value that caused it, with its unit; the number alone of what is counted; minutes where a rule counts them; nothing where a value says nothing (a calendar).</summary>
    public static string? Value(Language language, Alert alert, double? value) => value is not { } number ? null
        : alert.Unit is { } unit ? string.Create(CultureInfo.InvariantCulture, $"{number:0.####} {unit}")
        : alert.IsCount ? number.ToString("0", CultureInfo.InvariantCulture)
        : number > 1 ? language.Say("alert.minutes", number.ToString("0", CultureInfo.InvariantCulture)) : null;

    /// <summary>The words of a level by its name in the rule's alert.</summary>
    public static string Level(Language language, IReadOnlyList<RuleLevel> levels, string? name) =>
        name is null ? language["alert.level.none"] : levels.FirstOrDefault(level => level.Name == name) is { Title: { } title } ? language.Of(title) : name;
}
