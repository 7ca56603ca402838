using System.Globalization;

namespace Madang.Trust.Record.Review;

/// <summary>An entry as the review reads it.</summary>
internal sealed class ReviewRow
{
    public long Seq { get; init; }

    public long Moment { get; init; }

    public string Action { get; init; } = "";

    public string Who { get; init; } = "";

    public string? Kind { get; init; }

    public string? Thing { get; init; }

    public string? Address { get; init; }

    public string? Purpose { get; init; }

    public string Result { get; init; } = "";

    /// <summary>How often it happened: equal refusals of a minute are one entry, "refused, 12 more within the minute".</summary>
    public long Times => Result.IndexOf(", ", StringComparison.Ordinal) is > 0 and var comma && long.TryParse(Result.AsSpan(comma + 2, Math.Max(0, Result.IndexOf(' ', comma + 2) - comma - 2)), NumberStyles.None, CultureInfo.InvariantCulture, out var more) ? more : 1;

    public bool IsRefused => Result.StartsWith(RecordEntry.Refused, StringComparison.Ordinal) || Action == "refusal";

    /// <summary>A login, or the try of one; proving again who one is, where one is signed in already, is none.</summary>
    public bool IsLogin => Action is "login" || (Action.StartsWith("login.", StringComparison.Ordinal) && Action != "login.again");

    public bool IsPermission => ReviewWords.IsPermission(Action);

    public bool IsExport => ReviewWords.IsExport(Action);

    /// <summary>Reading somebody's data; one's own does not count.</summary>
    public bool IsPersonalRead => ReviewWords.IsPersonalRead(Action, Kind) && Thing != Who && !IsRefused;
}

/// <summary>What the words of the record mean for its review.</summary>
internal static class ReviewWords
{
    /// <summary>What devices send in; too much to be looked at one by one.</summary>
    public static bool IsIngest(string action) => action is "observations.write" or "observations.create";

    public static bool IsPermission(string action) => Begins(action, ["role.", "key."]);

    public static bool IsExport(string action) => action == "export" || action.EndsWith(".export", StringComparison.Ordinal);

    /// <summary>Actions whose past is compared with the month.</summary>
    public static bool IsSensitive(string action) => IsPermission(action) || IsExport(action) || (IsRead(action) && !Begins(action, ["record.", "restricted."]));

    public static bool IsPersonalRead(string action, string? kind) => IsRead(action) && (kind is "person" or "people" || Begins(action, ["person.", "people.", "personal."]));

    private static bool IsRead(string action) => action[(action.LastIndexOf('.') + 1)..] is "read" or "list" or "search" or "export";

    private static bool Begins(string action, ReadOnlySpan<string> beginnings)
    {
        foreach (var beginning in beginnings)
        {
            if (action.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
