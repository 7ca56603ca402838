using System.Text.RegularExpressions;
using Madang.Trust;
using Madang.Web.Pages.House;

namespace Madang.Web.Pages.Record;

/// <summary>Entries of the record in words.</summary>
internal static partial class RecordWords
{
    /// <summary>What was done: the words of the action, or of the longest beginning that has some; the action itself otherwise.</summary>
    public static string Action(Language language, string action)
    {
        if (language.Find("record.act." + action) is null && action.Split('.') is [var kind, var verb] && language.Find("record.kind." + kind) is { } thing && language.Find("record.verb." + verb) is { } done)
        {
            return $"{thing} {done}";
        }

        for (var length = action.Length; length > 0; length = action.LastIndexOf('.', length - 1))
        {
            var part = action[..length];
            if ((language.Find("record.act." + part) ?? language.Find($"record.act.{part}.")) is { } words)
            {
                return words;
            }
        }

        return action;
    }

    /// <summary>Who it was, as far as it is known.</summary>
    public static string Who(Language language, RecordedEntry entry) => entry.Who switch
    {
        RecordEntry.Anonymous => language["record.who.anonymous"],
        RecordEntry.Local => language["record.who.local"],
        _ => entry.Name ?? entry.Subject ?? language["record.unknown"],
    };

    /// <summary>The role in which; those of a refused request may be several.</summary>
    public static string Role(Language language, string? roles) => roles is null ? "–" : string.Join(", ", roles.Split(", ").Select(role => language.Find("record.role." + role) ?? Names.OfRole(language, role)));

    /// <summary>What for: the house's own purposes have words, a person's are told as they were given.</summary>
    public static string? Purpose(Language language, string? purpose) => purpose is null ? null : language.Find("record.purpose." + purpose) ?? purpose;

    /// <summary>What it was done to.</summary>
    public static string Thing(Language language, RecordedEntry entry)
    {
        var kind = entry.Kind is null ? null : language.Find("record.kind." + entry.Kind.ToLowerInvariant()) ?? entry.Kind;
        return (kind, entry.Thing) switch { (null, null) => "–", (null, var thing) => thing, (_, null) => kind, (_, var thing) => $"{kind} {thing}" };
    }

    /// <summary>What became of it; of equal ones within a minute, how many more there were.</summary>
    public static string Result(Language language, string result) => Repeats().Match(result) is { Success: true } more
        ? language.Say("record.result.more", Result(language, more.Groups[1].Value), more.Groups[2].Value)
        : language.Find("record.result." + result) ?? Names.OfRole(language, result);

    [GeneratedRegex("^(.+), ([0-9]+) more within the minute$")]
    private static partial Regex Repeats();
}
