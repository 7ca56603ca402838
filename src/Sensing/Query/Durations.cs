using System.Text.RegularExpressions;

namespace Madang.Sensing.Query;

/// <summary>Durations of days, hours, minutes and seconds (ISO 8601, as Edm.Duration has them): <c>P1DT2H</c>, <c>-PT0.5S</c>. Months and years have no fixed length and are refused.</summary>
internal static partial class Durations
{
    /// <summary>The longest that is read: a thousand years.</summary>
    private const double MostDays = 366_000;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        double Part(string name) => match.Groups[name] is { Success: true } group ? double.Parse(group.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var micros = Math.Round((((((((Part("d") * 24) + Part("h")) * 60) + Part("m")) * 60) + Part("s")) * 1e6));
        if (micros > MostDays * 86_400e6)
        {
            return false;
        }

        duration = TimeSpan.FromMicroseconds(match.Groups["minus"].Success ? -micros : micros);
        return true;
    }

    [GeneratedRegex(@"^(?<minus>-)?P(?=\d|T)(?:(?<d>\d{1,9})D)?(?:T(?=\d)(?:(?<h>\d{1,9})H)?(?:(?<m>\d{1,9})M)?(?:(?<s>\d{1,9}(?:\.\d{1,12})?)S)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
