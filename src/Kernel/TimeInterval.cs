namespace Madang.Kernel;

/// <summary>
/// A half-open stretch of time, <c>[Start, End)</c>; or a single instant when <see cref="End"/> is null.
/// SensorThings calls both <c>phenomenonTime</c> (OGC 18-088, 8.2.7), so one type carries both.
/// </summary>
public readonly record struct TimeInterval
{
    /// <summary>An instant.</summary>
    public TimeInterval(DateTimeOffset instant) => Start = instant.ToUniversalTime();

    /// <summary>An interval; <paramref name="end"/> must not lie before <paramref name="start"/>.</summary>
    public TimeInterval(DateTimeOffset start, DateTimeOffset end)
    {
        if (end < start)
        {
            throw new InvalidInputException("time", "an interval must not end before it starts");
        }

        Start = start.ToUniversalTime();
        End = end.ToUniversalTime();
    }

    /// <summary>The first moment, in UTC.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>The first moment that is no longer part of it, in UTC; null for an instant.</summary>
    public DateTimeOffset? End { get; }

    /// <summary>Reads <c>2026-07-19T14:20:00+09:00</c> or <c>start/end</c>; the zone is required.</summary>
    public static bool TryParse(string? text, out TimeInterval interval)
    {
        interval = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            if (!IsoTime.TryParse(text, out var instant))
            {
                return false;
            }

            interval = new TimeInterval(instant);
            return true;
        }

        if (!IsoTime.TryParse(text.AsSpan(0, slash), out var start) || !IsoTime.TryParse(text.AsSpan(slash + 1), out var end) || end < start)
        {
            return false;
        }

        interval = new TimeInterval(start, end);
        return true;
    }

    /// <summary>ISO 8601 in UTC, <c>start/end</c> for an interval.</summary>
    public override string ToString() => End is { } end ? $"{IsoTime.Write(Start)}/{IsoTime.Write(end)}" : IsoTime.Write(Start);
}
