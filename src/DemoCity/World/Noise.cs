namespace Madang.DemoCity.World;

/// <summary>Chance without memory: the same question always gets the same answer, so the city can be asked about any moment.</summary>
internal readonly record struct Noise(long Seed)
{
    /// <summary>Chance of its own for a part of the city.</summary>
    public Noise Of(long part) => new((long)Mix((ulong)Seed ^ Mix((ulong)part + 0x9E3779B97F4A7C15)));

    /// <summary>From 0 up to 1, without any likeness between neighbours.</summary>
    public double Draw(long index) => (Mix((ulong)Seed ^ Mix((ulong)index)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>From -1 to 1, gliding from one draw to the next over <paramref name="hours"/>.</summary>
    public double Glide(DateTimeOffset at, double hours)
    {
        var position = at.ToUnixTimeMilliseconds() / 3_600_000.0 / hours;
        var step = (long)Math.Floor(position);
        var part = position - step;
        var smooth = part * part * (3 - (2 * part));
        return (2 * ((Draw(step) * (1 - smooth)) + (Draw(step + 1) * smooth))) - 1;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
