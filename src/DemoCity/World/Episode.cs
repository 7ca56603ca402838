namespace Madang.DemoCity.World;

/// <summary>
/// A cloud of fine dust, once in forty hours: it rises in one district, spreads to its neighbours at the pace of a walker and
/// fades with distance. At its centre PM2.5 stays for hours above 150 ㎍/㎥, the level of the legal warning; farther out above 75,
/// the level of the advisory.
/// </summary>
internal sealed class Episode(Noise chance, IReadOnlyList<District> districts)
{
    public static readonly TimeSpan Cycle = TimeSpan.FromHours(40);

    private const double Peak = 215, FadeKilometres = 14, KilometresAnHour = 5;
    private const double RiseHours = 3, StayHours = 6, FallHours = 4;

    /// <summary>The additional PM2.5 in a district, ㎍/㎥.</summary>
    public double At(District district, DateTimeOffset at)
    {
        var cycle = (long)Math.Floor(at.ToUnixTimeSeconds() / Cycle.TotalSeconds);
        var distance = OriginOf(cycle).KilometresTo(district);
        var age = (at - StartOf(cycle)).TotalHours - (distance / KilometresAnHour);
        return Peak * Math.Exp(-distance / FadeKilometres) * Height(age);
    }

    public District OriginOf(long cycle) => districts[(int)(chance.Draw(cycle) * districts.Count)];

    public DateTimeOffset StartOf(long cycle) => DateTimeOffset.FromUnixTimeSeconds((long)(cycle * Cycle.TotalSeconds)).AddHours(1 + (16 * chance.Of(1).Draw(cycle)));

    private static double Height(double age) => age switch
    {
        <= 0 => 0,
        < RiseHours => Smooth(age / RiseHours),
        < RiseHours + StayHours => 1,
        < RiseHours + StayHours + FallHours => 1 - Smooth((age - RiseHours - StayHours) / FallHours),
        _ => 0,
    };

    private static double Smooth(double part) => part * part * (3 - (2 * part));
}
