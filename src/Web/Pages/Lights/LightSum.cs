using System.Globalization;
using Madang.Sensing;

namespace Madang.Web.Pages.Lights;

/// <summary>What some lights are doing now: of those alone that were heard a moment ago. A lamp that fell silent may draw anything.</summary>
/// <param name="Heard">How many were heard in that time.</param>
/// <param name="On">How many of these are on.</param>
/// <param name="Faults">How many of these are out of order.</param>
/// <param name="Watts">What these draw together; null when none of them says.</param>
/// <param name="MeanLevel">How bright these are on average, in per cent; null when none of them says.</param>
internal readonly record struct LightSum(int Heard, int On, int Faults, double? Watts, double? MeanLevel)
{
    private const int Reports = 3;
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(15), Most = TimeSpan.FromHours(3);

    /// <summary>In kilowatts; a dash when nobody says.</summary>
    public string Kilowatts => Watts is { } watts ? (watts / 1000).ToString("0.00", CultureInfo.InvariantCulture) : "–";

    /// <summary>How long a word of these lights is one of now: three reports of the one that speaks least often, from a quarter of an hour to three hours.</summary>
    public static TimeSpan FreshOf(IEnumerable<StreetLight> lights)
    {
        var three = Reports * (lights.Max(light => light.Cadence) ?? TimeSpan.Zero);
        return three < Least ? Least : three > Most ? Most : three;
    }

    /// <summary>True when it was heard in that time.</summary>
    public static bool IsNow(StreetLight light, DateTimeOffset now, TimeSpan fresh) => light.HeardAt is { } heard && now - heard <= fresh;

    /// <summary>What they are doing now.</summary>
    public static LightSum Of(IEnumerable<StreetLight> lights, DateTimeOffset now, TimeSpan fresh)
    {
        var heard = lights.Where(light => IsNow(light, now, fresh)).ToList();
        return new(
            heard.Count, heard.Count(light => light.State == "on"), heard.Count(light => light.State == "fault"), heard.Exists(light => light.Power is not null) ? heard.Sum(light => light.Power ?? 0) : null,
            heard.Average(light => light.Level));
    }
}
