namespace Madang.Operations.Messages;

/// <summary>The part of a day in which somebody is left in peace, in the city's time; it may go over midnight.</summary>
/// <param name="From">From when.</param>
/// <param name="Until">Until when; the moment itself is not in it.</param>
internal readonly record struct QuietHours(TimeOnly From, TimeOnly Until)
{
    /// <summary>When the quiet hours in which a moment lies are over; null when it lies in none.</summary>
    public DateTimeOffset? EndAfter(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (!time.IsBetween(From, Until))
        {
            return null;
        }

        var day = DateOnly.FromDateTime(local.DateTime).AddDays(time < Until ? 0 : 1);
        var end = day.ToDateTime(Until);
        return new DateTimeOffset(end, zone.GetUtcOffset(end));
    }
}
