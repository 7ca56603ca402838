using System.Globalization;
using System.Resources;

namespace Madang.Operations.Automations;

/// <summary>Words of automations and their reports, in both languages at once.</summary>
internal static class AutomationWords
{
    private static readonly ResourceManager Words = new("Madang.Operations.Automations.AutomationWords", typeof(AutomationWords).Assembly);

    private static readonly CultureInfo Korean = CultureInfo.GetCultureInfo("ko"), English = CultureInfo.GetCultureInfo("en");

    /// <summary>What stands under a key, with its gaps filled; a gap of words is filled with those of the language.</summary>
    public static RuleText Say(string key, params object?[] values) => new(Fill(key, Korean, values), Fill(key, English, values));

    /// <summary>Several in one, with what stands between them.</summary>
    public static RuleText Join(string between, IEnumerable<RuleText> texts)
    {
        var all = texts.ToList();
        return new(string.Join(between, all.Select(text => text.Ko)), string.Join(between, all.Select(text => text.En)));
    }

    private static string Fill(string key, CultureInfo culture, object?[] values) => string.Format(
        CultureInfo.InvariantCulture, Words.GetString(key, culture) ?? throw new InvalidOperationException($"There are no words for '{key}'."),
        [.. values.Select(value => value is RuleText text ? culture == Korean ? text.Ko : text.En : value)]);
}
