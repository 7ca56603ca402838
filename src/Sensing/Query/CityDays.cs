using System.Globalization;
using System.Text;
using Madang.Kernel;
using Madang.Sensing.Rollups;

namespace Madang.Sensing.Query;

/// <summary>The days of the city's calendar in SQL: numbers of local days since 1970-01-01, with each change of the clocks in between.</summary>
internal sealed class CityDays(Buckets buckets)
{
    private const long Day = 86_400_000_000L, TenMinutes = 600_000_000L;

    /// <summary>More changes of the clocks than in a hundred years do not fit into a statement.</summary>
    private const int MostChanges = 200;

    /// <summary>The number of the local day of a moment between two others.</summary>
    public string InSql(string micros, long from, long to)
    {
        var offsets = new StringBuilder();
        var current = OffsetAt(from);
        var changes = 0;
        for (var time = from; time < to; time += Day)
        {
            var next = OffsetAt(time + Day);
            if (next == current)
            {
                continue;
            }

            if (++changes > MostChanges)
            {
                throw new InvalidInputException("$apply", $"days over more than {MostChanges} changes of the clocks cannot be computed at once; filter by phenomenonTime");
            }

            offsets.Append(CultureInfo.InvariantCulture, $" WHEN {micros} < {Change(time, time + Day, current)} THEN {current}");
            current = next;
        }

        var shifted = offsets.Length == 0 ? $"({micros} + {current})" : $"({micros} + CASE{offsets} ELSE {current} END)";
        return $"(({shifted} - (({shifted} % {Day}) + {Day}) % {Day}) / {Day})";
    }

    /// <summary>From the first moment of a local day to that of the next.</summary>
    public (long Start, long End) Of(long day)
    {
        var start = buckets.DayOf((day * Day) + (Day / 2) - (buckets.Zone.BaseUtcOffset.Ticks / TimeSpan.TicksPerMicrosecond));
        return (start, buckets.NextDay(start));
    }

    /// <summary>When the clocks change between two moments; zones change them at whole tens of minutes.</summary>
    private long Change(long before, long after, long offset)
    {
        var (low, high) = (Buckets.TenMinutesOf(before), Buckets.TenMinutesOf(after) + TenMinutes);
        while (high - low > TenMinutes)
        {
            var middle = Buckets.TenMinutesOf(low + ((high - low) / 2));
            (low, high) = OffsetAt(middle) == offset ? (middle, high) : (low, middle);
        }

        return high;
    }

    private long OffsetAt(long micros) => buckets.Zone.GetUtcOffset(IsoTime.FromMicros(micros)).Ticks / TimeSpan.TicksPerMicrosecond;
}
