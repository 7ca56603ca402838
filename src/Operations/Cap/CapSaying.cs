namespace Madang.Operations.Cap;

/// <summary>What a message tells that the one before did not.</summary>
internal enum CapNews
{
    /// <summary>It begins.</summary>
    Raised,

    /// <summary>A higher level.</summary>
    Upgraded,

    /// <summary>A lower level.</summary>
    Downgraded,

    /// <summary>The same level from other data.</summary>
    Corrected,

    /// <summary>Nothing: it goes on.</summary>
    Renewed,

    /// <summary>It is over.</summary>
    Lifted,

    /// <summary>Nobody watches any more.</summary>
    Withdrawn,

    /// <summary>It goes on in the alert for many.</summary>
    Folded,
}

/// <summary>One line of an alert's story, as it stands in the store.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When it was written.</param>
/// <param name="Act">What happened.</param>
/// <param name="Level">The level after it.</param>
/// <param name="Value">The value that caused it.</param>
/// <param name="Moment">The time of the data that caused it.</param>
/// <param name="Into">With <see cref="AlertAct.Folded"/>: the number of the alert for many.</param>
internal sealed record CapLine(long Id, DateTimeOffset At, AlertAct Act, int Level, double? Value, DateTimeOffset? Moment, string? Into);

/// <summary>What is to be said.</summary>
/// <param name="Line">The line of the story that says it; null for what is only renewed.</param>
/// <param name="At">When it happened.</param>
/// <param name="News">What is new.</param>
/// <param name="Level">The level that is in force; of what ended, the last one.</param>
/// <param name="Value">The value that caused it.</param>
/// <param name="Moment">The time of the data that caused it.</param>
/// <param name="Into">The number of the alert that it went into.</param>
internal sealed record CapSaying(long? Line, DateTimeOffset At, CapNews News, int Level, double? Value, DateTimeOffset? Moment, string? Into)
{
    public bool IsEnd => News >= CapNews.Lifted;
}

/// <summary>What the story of an alert says to the public: a function of its lines alone. What officials did is not told.</summary>
internal static class CapStory
{
    public static IReadOnlyList<CapSaying> Of(IEnumerable<CapLine> lines, bool isStorm)
    {
        var said = new List<CapSaying>();
        var (level, value, moment) = (0, (double?)null, (DateTimeOffset?)null);
        foreach (var line in lines)
        {
            // What late data changed of one subject of many, or in a time that is over, changes nothing that is in force. Another level has a line of its own, after this one.
            if (FindNews(line) is not { } news || (news == CapNews.Corrected && (isStorm || level == 0 || line.Level != level || (line.Value == value && line.Moment == moment))))
            {
                continue;
            }

            var isEnd = news >= CapNews.Lifted;
            said.Add(new CapSaying(line.Id, line.At, news, isEnd ? level : line.Level, line.Value, line.Moment, line.Into));
            (level, value, moment) = isEnd ? (0, null, null) : (line.Level, line.Value, line.Moment);
        }

        return said;
    }

    private static CapNews? FindNews(CapLine line) => line.Act switch
    {
        AlertAct.Raised => CapNews.Raised,
        AlertAct.Upgraded => CapNews.Upgraded,
        AlertAct.Downgraded => CapNews.Downgraded,
        AlertAct.Corrected => CapNews.Corrected,
        AlertAct.Lifted => CapNews.Lifted,
        AlertAct.Withdrawn => CapNews.Withdrawn,
        AlertAct.Folded => CapNews.Folded,
        _ => null,
    };
}
