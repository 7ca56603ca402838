namespace Madang.DemoCity.World;

/// <summary>What the hour, the day of the week and the season do to a city.</summary>
internal readonly record struct Rhythm
{
    private const double Latitude = 37.55 * Math.PI / 180;

    private static readonly TimeSpan Korea = TimeSpan.FromHours(9);

    public Rhythm(DateTimeOffset at)
    {
        var local = at.ToOffset(Korea);
        Hour = local.TimeOfDay.TotalHours;
        IsWeekend = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        Season = Math.Cos(2 * Math.PI * (local.DayOfYear - 205) / 365.25);
        Traffic = IsWeekend
            ? 0.10 + (0.45 * Hill(Hour, 14.5, 4.5)) + (0.15 * Hill(Hour, 20, 2))
            : 0.10 + (0.75 * Hill(Hour, 8.3, 1.3)) + (0.45 * Hill(Hour, 13, 4)) + (0.80 * Hill(Hour, 18.6, 1.8));
        var declination = 23.44 * Math.PI / 180 * Math.Cos(2 * Math.PI * (local.DayOfYear - 172) / 365.25);
        // Solar noon in Seoul is at half past twelve.
        var angle = (Hour - 12.5) * Math.PI / 12;
        Sun = Math.Max(0, (Math.Sin(Latitude) * Math.Sin(declination)) + (Math.Cos(Latitude) * Math.Cos(declination) * Math.Cos(angle)));
    }

    /// <summary>Of the day in Korea, 0 up to 24.</summary>
    public double Hour { get; }

    public bool IsWeekend { get; }

    /// <summary>1 in the middle of summer, -1 in the middle of winter.</summary>
    public double Season { get; }

    /// <summary>0 for an empty street, about 1 in the rush hour.</summary>
    public double Traffic { get; }

    /// <summary>The sine of the sun's height; 0 at night.</summary>
    public double Sun { get; }

    private static double Hill(double hour, double at, double width) => Math.Exp(-(hour - at) * (hour - at) / (2 * width * width));
}
