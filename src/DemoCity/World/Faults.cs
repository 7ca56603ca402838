namespace Madang.DemoCity.World;

/// <summary>What is wrong with a sensor at one moment.</summary>
/// <param name="Silent">It sends nothing.</param>
/// <param name="Drift">What its dust readings are multiplied by; 1 when it is sound.</param>
internal readonly record struct Fault(bool Silent, double Drift);

/// <summary>Sensors fail for some hours and come back; others read more and more dust, until somebody cleans them.</summary>
internal static class Faults
{
    private const double SilentShare = 0.04, DriftShare = 0.05, MostDrift = 0.9;
    private const double SilentSlotHours = 8, DriftSlotHours = 36;

    public static Fault At(Noise sensor, DateTimeOffset at)
    {
        var hours = at.ToUnixTimeSeconds() / 3600.0;
        return new(IsSilent(sensor.Of(1), hours), 1 + Drift(sensor.Of(2), hours));
    }

    private static bool IsSilent(Noise chance, double hours)
    {
        var slot = (long)Math.Floor(hours / SilentSlotHours);
        if (chance.Draw(slot) >= SilentShare)
        {
            return false;
        }

        // From half an hour up to the whole slot but an hour, so that every sensor is heard again.
        var length = 0.5 + (chance.Of(1).Draw(slot) * (SilentSlotHours - 1.5));
        var begin = chance.Of(2).Draw(slot) * (SilentSlotHours - 1 - length);
        var inside = hours - (slot * SilentSlotHours) - begin;
        return inside >= 0 && inside < length;
    }

    private static double Drift(Noise chance, double hours)
    {
        var slot = Math.Floor(hours / DriftSlotHours);
        return chance.Draw((long)slot) < DriftShare ? MostDrift * ((hours / DriftSlotHours) - slot) : 0;
    }
}
