namespace Madang.Trust;

/// <summary>By whose clocks months, nights and weekends of the review are told; whoever knows the city's zone fills it in.</summary>
public sealed class ReviewClock
{
    /// <summary>The city's time zone. Default nine hours before UTC, as in Korea.</summary>
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.CreateCustomTimeZone("+09:00", TimeSpan.FromHours(9), "+09:00", "+09:00");
}
