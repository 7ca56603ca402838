using System.Globalization;
using Madang.Kernel;

namespace Madang.Trust.Door;

/// <summary>Numbers and moments of an address. Read here and not by ASP.NET, whose compiled binding answers an empty 400 to what is neither.</summary>
internal static class QueryText
{
    /// <summary>A whole number of 0 or more; null when nothing is said.</summary>
    public static long? Number(string field, string? text) => string.IsNullOrWhiteSpace(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException(field, "is no whole number, or too large a one");

    /// <summary>A moment with its zone; null when nothing is said.</summary>
    public static DateTimeOffset? Moment(string field, string? text) => string.IsNullOrWhiteSpace(text) ? null
        : IsoTime.TryParse(text, out var moment) ? moment : throw new InvalidInputException(field, "is no moment; write one as 2026-07-19T00:00:00Z");
}
