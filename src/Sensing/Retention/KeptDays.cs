using Madang.Kernel;
using Madang.Sensing.Rollups;

namespace Madang.Sensing.Retention;

/// <summary>From which moment on a rule of retention keeps Observations.</summary>
internal sealed class KeptDays(Buckets buckets, TimeProvider clock)
{
    /// <summary>The beginning of the city's day so many days ago; and of the hour, which is removed whole or not at all, also where a day does not begin with one.</summary>
    public long From(long rawDays) => Buckets.HourOf(DaysAgo(rawDays));

    public long DaysAgo(long days) => buckets.DayOf((clock.GetUtcNow() - TimeSpan.FromDays(days)).ToMicros());
}
