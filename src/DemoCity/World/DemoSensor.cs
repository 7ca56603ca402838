namespace Madang.DemoCity.World;

/// <summary>One simulated sensor.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DemoId">Its name for ever: seed, district and number.</param>
/// <param name="District">Where it stands.</param>
/// <param name="Number">Counted from 1 in its district.</param>
/// <param name="Chance">Its own chance.</param>
/// <param name="Offset">Seconds after the full cadence at which it speaks.</param>
internal sealed record DemoSensor(SensorKind Kind, string DemoId, District District, int Number, Noise Chance, int Offset)
{
    /// <summary>0 in a park, 1 at a main road.</summary>
    public double Road { get; } = Chance.Draw(-1);

    /// <summary>0 open, 1 under trees and roofs.</summary>
    public double Shade { get; } = 0.8 * Chance.Draw(-2);

    /// <summary>The moments at which it speaks, after <paramref name="after"/> and not after <paramref name="until"/>; <paramref name="cadence"/> may make it speak less often, never more.</summary>
    public IEnumerable<DateTimeOffset> Times(DateTimeOffset after, DateTimeOffset until, int cadence)
    {
        cadence = Math.Max(cadence, Kind.Cadence);
        var next = (FloorDivide(after.ToUnixTimeMilliseconds() - (Offset * 1000L), cadence * 1000L) + 1) * cadence + Offset;
        for (var second = next; second * 1000L <= until.ToUnixTimeMilliseconds(); second += cadence)
        {
            yield return DateTimeOffset.FromUnixTimeSeconds(second);
        }
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
