using System.Globalization;

namespace Madang.Kernel;

/// <summary>
/// ISO 8601 instants as the city's interfaces speak them. Stored as whole microseconds since 1970-01-01T00:00Z,
/// the finest step that both storage engines and JSON clients share.
/// </summary>
public static class IsoTime
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz",
        "yyyyMMdd'T'HHmmsszzz",
    ];

    /// <summary>The years a city can mean: a typing error must not become a reading of the year 9999.</summary>
    public static readonly DateTimeOffset Earliest = new(1800, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The end of the years a city can mean.</summary>
    public static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Reads an instant with its zone (<c>Z</c> or <c>+09:00</c>), cut down to whole microseconds; false for impossible
    /// dates, a missing zone or a year outside 1800-2199.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        if (TryParseUsual(text, out instant))
        {
            return true;
        }

        if (text.Length is < 16 or > 40)
        {
            return false;
        }

        Span<char> buffer = stackalloc char[48];
        text.CopyTo(buffer);
        var length = text.Length;
        if (buffer[length - 1] is 'Z' or 'z')
        {
            "+00:00".CopyTo(buffer[(length - 1)..]);
            length += 5;
        }
        else if (buffer[length - 3] is '+' or '-')
        {
            ":00".CopyTo(buffer[length..]);
            length += 3;
        }

        if (!DateTimeOffset.TryParseExact(buffer[..length], Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant)
            || instant < Earliest || instant >= Latest)
        {
            return false;
        }

        instant = instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
        return true;
    }

    /// <summary>The one form nearly all devices send, <c>2026-07-19T14:20:00Z</c>, without the general parser: it is read for each Observation.</summary>
    private static bool TryParseUsual(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
        {
            return false;
        }

        var (year, month, day) = ((Digits(text, 0) * 100) + Digits(text, 2), Digits(text, 5), Digits(text, 8));
        var (hour, minute, second) = (Digits(text, 11), Digits(text, 14), Digits(text, 17));
        if (year < Earliest.Year || year >= Latest.Year || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            return false;
        }

        instant = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    /// <summary>Two digits as a number; far below zero when they are none.</summary>
    private static int Digits(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) ? ((text[at] - '0') * 10) + text[at + 1] - '0' : -100_000;

    /// <summary>The length of the longest text that <see cref="Write(DateTimeOffset)"/> makes.</summary>
    public const int MostLength = 27;

    /// <summary>Writes an instant in UTC with as many fractional digits as it needs and at least milliseconds.</summary>
    public static string Write(DateTimeOffset instant)
    {
        Span<char> text = stackalloc char[MostLength];
        return new string(text[..Write(instant, text)]);
    }

    /// <summary>The same into <paramref name="text"/>, which has room for <see cref="MostLength"/> characters; answers how many it took.</summary>
    public static int Write(DateTimeOffset instant, Span<char> text)
    {
        // By hand, because an answer of a thousand Observations writes thousands of these.
        var (date, time) = instant.UtcDateTime;
        var (year, month, day) = date;
        var micros = (int)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        var digits = micros % 1000 == 0 ? 3 : 6;
        "0000-00-00T00:00:00.".CopyTo(text);
        Put(text, 0, 4, year);
        Put(text, 5, 2, month);
        Put(text, 8, 2, day);
        Put(text, 11, 2, time.Hour);
        Put(text, 14, 2, time.Minute);
        Put(text, 17, 2, time.Second);
        Put(text, 20, digits, digits == 3 ? micros / 1000 : micros);
        text[20 + digits] = 'Z';
        return 21 + digits;
    }

    private static void Put(Span<char> text, int at, int digits, int number)
    {
        for (var place = at + digits - 1; place >= at; place--)
        {
            text[place] = (char)('0' + (number % 10));
            number /= 10;
        }
    }

    /// <summary>Microseconds since 1970-01-01T00:00Z; a part of one is cut off towards the past, before 1970 too.</summary>
    public static long ToMicros(this DateTimeOffset instant) => (instant.UtcTicks / TimeSpan.TicksPerMicrosecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The instant <paramref name="micros"/> microseconds after 1970-01-01T00:00Z.</summary>
    public static DateTimeOffset FromMicros(long micros) => new(DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
