namespace Madang.DemoCity.World;

/// <summary>The weather over the whole city at one moment.</summary>
internal readonly record struct Sky
{
    public Sky(Noise chance, Rhythm rhythm, DateTimeOffset at)
    {
        Cloud = Math.Clamp(0.5 + (0.7 * chance.Of(1).Glide(at, 15)), 0, 1);
        Rain = Math.Max(0, Cloud - 0.8) * 5 * Math.Max(0, chance.Of(2).Glide(at, 3));
        var day = 4.5 * Math.Cos(2 * Math.PI * (rhythm.Hour - 15) / 24) * (1 - (0.5 * Cloud));
        Temperature = 12.5 + (13.5 * rhythm.Season) + day + (4 * chance.Of(3).Glide(at, 40)) - (3 * Rain);
        Humidity = Math.Clamp(58 + (8 * rhythm.Season) - (2.4 * day) + (16 * (Cloud - 0.4)) + (30 * Rain) + (6 * chance.Of(4).Glide(at, 9)), 12, 99);
        WindSpeed = 0.6 + (1.5 * Math.Abs(chance.Of(5).Glide(at, 6))) + (1.1 * rhythm.Sun);
        WindDirection = 275 + (110 * chance.Of(6).Glide(at, 18));
    }

    /// <summary>0 clear, 1 overcast.</summary>
    public double Cloud { get; }

    /// <summary>0 dry, 1 pouring.</summary>
    public double Rain { get; }

    /// <summary>Degrees Celsius.</summary>
    public double Temperature { get; }

    /// <summary>Per cent.</summary>
    public double Humidity { get; }

    /// <summary>Metres a second.</summary>
    public double WindSpeed { get; }

    /// <summary>Degrees, where it comes from; may lie outside 0 to 360.</summary>
    public double WindDirection { get; }
}
