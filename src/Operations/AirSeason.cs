namespace Madang.Operations;

/// <summary>A part of the year with measures of its own. Emergency measures come on top of them, as the second stage.</summary>
/// <param name="Id">Its word.</param>
/// <param name="Name">What people call it.</param>
/// <param name="First">Its first day, <c>MM-dd</c>.</param>
/// <param name="Last">Its last day, <c>MM-dd</c>; before <paramref name="First"/> where it goes over the new year.</param>
/// <param name="Source">The law.</param>
/// <param name="Measures">What holds all through it.</param>
public sealed record AirSeason(string Id, RuleText Name, string First, string Last, RuleSource Source, IReadOnlyList<RuleText> Measures)
{
    /// <summary>True on its days.</summary>
    public bool Holds(DateOnly day)
    {
        var date = day.ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var (begun, over) = (string.CompareOrdinal(date, First) >= 0, string.CompareOrdinal(date, Last) > 0);
        return string.CompareOrdinal(First, Last) <= 0 ? begun && !over : begun || !over;
    }
}
