namespace Madang.Sensing.Health;

/// <summary>When a Datastream is late, silent, stuck or out of range: rules over what is known of it alone. Each threshold is our own choice and is told in the module's README.</summary>
internal static class HealthRules
{
    /// <summary>The hours over which one number in a row is a fault.</summary>
    public const int StuckHours = 6;

    /// <summary>What has been quiet for so long has ended: an archive that was imported is not watched.</summary>
    public static readonly TimeSpan Ended = TimeSpan.FromDays(30);

    private const int LateAfter = 3, SilentAfter = 10;

    /// <summary>Two readings an hour, at least, make "the same number" a sign.</summary>
    private const int StuckReadings = 2 * StuckHours;

    private const int LearnedFrom = 4;
    private static readonly TimeSpan LeastLate = TimeSpan.FromMinutes(5), LeastSilent = TimeSpan.FromHours(1);

    /// <summary>How often it speaks, learned from its last full hours; null from fewer than four readings.</summary>
    public static TimeSpan? Learn(RecentHours recent) => recent.Count < LearnedFrom ? null : TimeSpan.FromHours((double)recent.Hours / recent.Count);

    /// <summary>What is wrong with it, each with the number that shows it.</summary>
    public static IEnumerable<(SensorFinding Finding, double Value)> Judge(StreamFacts stream, DateTimeOffset now)
    {
        var quiet = now - stream.Last;
        if (quiet > Ended)
        {
            yield break;
        }

        if (stream.Cadence is { } cadence && quiet > Longer(LateAfter * cadence, LeastLate))
        {
            yield return (quiet > Longer(SilentAfter * cadence, LeastSilent) ? SensorFinding.Silent : SensorFinding.Late, quiet.TotalSeconds);
        }

        if (stream.Range is { } range && stream.LastNumber is { } number && (number < range.Low || number > range.High))
        {
            yield return (SensorFinding.OutOfRange, number);
        }

        // Zero is what rain, light at night and an empty street say for hours.
        if (stream is { IsSteady: false, Recent: { LateHours: >= StuckHours, LateCount: >= StuckReadings, LateMin: { } low, LateMax: { } high } } && low == high && low != 0)
        {
            yield return (SensorFinding.Stuck, low);
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
