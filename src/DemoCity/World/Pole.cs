namespace Madang.DemoCity.World;

/// <summary>A street of the simulated lights, as a straight line between two points in degrees.</summary>
internal sealed record Street(string Code, string Name, string NameEn, int Poles, (double Longitude, double Latitude) From, (double Longitude, double Latitude) To)
{
    /// <summary>Real streets of Seoul, whose poles are made up.</summary>
    public static readonly IReadOnlyList<Street> All =
    [
        new("SJ", "세종대로", "Sejong-daero", 14, (126.97710, 37.56720), (126.97690, 37.57480)),
        new("JR", "종로", "Jong-ro", 14, (126.97960, 37.57010), (126.99260, 37.57050)),
        new("EJ", "을지로", "Eulji-ro", 12, (126.98020, 37.56600), (126.99190, 37.56640)),
    ];
}

/// <summary>A pole with a lamp, which is dimmed by Tasks and by a schedule of its own.</summary>
internal sealed class Pole(Street street, int number, Noise chance)
{
    /// <summary>What an LED lamp of a street draws at its brightest, and its electronics always, in watts: usual sizes, of no maker.</summary>
    private const double BrightWatts = 96, IdleWatts = 2.5;

    /// <summary>Every such pole is out of order, so that one can see how that looks.</summary>
    private const int Broken = 9;

    private static readonly TimeSpan Korea = TimeSpan.FromHours(9);

    private (double Level, DateTimeOffset Until)? told;
    private DateTimeOffset counted;

    public Street Street => street;

    public string Serial { get; } = FormattableString.Invariant($"DEMO-{street.Code}-{number:000}");

    public int Number => number;

    public bool IsBroken => street.Code == "JR" && number == Broken;

    public double Longitude => Along(street.From.Longitude, street.To.Longitude);

    public double Latitude => Along(street.From.Latitude, street.To.Latitude);

    /// <summary>What it drew in all, in watt hours.</summary>
    public double Energy { get; private set; }

    /// <summary>What a new pole drew before anybody counted, in watt hours: one to two years of nights.</summary>
    public double EnergyBefore => Math.Round(250_000 * (1 + chance.Draw(-1)));

    /// <summary>Goes on counting from what the city has.</summary>
    public void Begin(double wattHours, DateTimeOffset at) => (Energy, counted) = (wattHours, at);

    /// <summary>Takes a Task: it holds until the moment it names, else until the schedule changes the next time.</summary>
    public void Tell(double level, DateTimeOffset at, DateTimeOffset? until)
    {
        Count(at);
        told = (level, until ?? NextTurn(at));
    }

    /// <summary>How bright, in per cent.</summary>
    public double Level(DateTimeOffset at) => IsBroken ? 0 : told is { } task && at < task.Until ? task.Level : Scheduled(at);

    public double Watts(DateTimeOffset at) => Level(at) is var level && level <= 0 ? IdleWatts : IdleWatts + (BrightWatts * level / 100 * (1 + (0.02 * chance.Glide(at, 1))));

    /// <summary>0 off, 1 on, 2 out of order: as the controller writes it.</summary>
    public int State(DateTimeOffset at) => IsBroken ? 2 : Level(at) > 0 ? 1 : 0;

    /// <summary>Adds what was drawn since it was counted last.</summary>
    public void Count(DateTimeOffset at)
    {
        if (at > counted)
        {
            Energy += Watts(counted) * (at - counted).TotalHours;
            counted = at;
        }
    }

    /// <summary>On at seven in the evening, dimmed from eleven, off at six in the morning.</summary>
    private static double Scheduled(DateTimeOffset at) => at.ToOffset(Korea).Hour switch { >= 19 and < 23 => 100, >= 23 or < 6 => 60, _ => 0 };

    private static DateTimeOffset NextTurn(DateTimeOffset at)
    {
        var local = at.ToOffset(Korea);
        var day = new DateTimeOffset(local.Date, Korea);
        return local.Hour switch { < 6 => day.AddHours(6), < 19 => day.AddHours(19), < 23 => day.AddHours(23), _ => day.AddHours(30) };
    }

    private double Along(double from, double to) => Math.Round(from + ((to - from) * number / (street.Poles + 1)), 6);
}
