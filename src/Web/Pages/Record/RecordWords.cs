using Madang.Trust;

namespace Madang.Web.Pages.Record;

/// <summary>Entries of the record in words.</summary>
internal static class RecordWords
{
    /// <summary>What was done: the words of the action, or of the longest beginning that has some; the action itself otherwise.</summary>
    public static string Action(Language language, string action)
    {
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

    /// <summary>What became of it.</summary>
    public static string Result(Language language, string result) => language.Find("record.result." + result) ?? result;
}
