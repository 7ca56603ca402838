namespace Madang.Operations.Live;

/// <summary>How readings of one measure become one figure.</summary>
internal static class Mean
{
    /// <summary>The order in which figures are listed; other measures follow by name.</summary>
    private static readonly string[] Order = ["pm25", "pm10", "o3", "no2", "co", "so2", "temperature", "humidity", "noise", "wind_speed"];

    /// <summary>A mean of compass directions says nothing (350° and 10° are not south).</summary>
    public static bool Exists(string measure) => !measure.EndsWith("_direction", StringComparison.Ordinal);

    public static int Rank(string measure) => Array.IndexOf(Order, measure) is var rank && rank < 0 ? Order.Length : rank;

    public static string Method(string measure) => measure == "noise"
        ? "10·log10 of the mean of 10^(L/10): the mean of the energy, because decibels do not add"
        : "arithmetic mean of the newest reading of each datastream";

    /// <summary>The mean, rounded to what a reader of this measure can use.</summary>
    public static double Of(string measure, IReadOnlyCollection<double> values)
    {
        var mean = measure == "noise" ? 10 * Math.Log10(values.Average(level => Math.Pow(10, level / 10))) : values.Average();
        return Math.Round(mean, Decimals(measure));
    }

    /// <summary>The value that is graded and that screens show: particles in whole ㎍, ozone in thousandths of a ppm, as the country publishes them. 15.4 is 15 and good.</summary>
    public static double Published(string measure, double value) => measure switch
    {
        "pm25" or "pm10" => Math.Round(value, MidpointRounding.AwayFromZero),
        "o3" => Math.Round(value, 3, MidpointRounding.AwayFromZero),
        _ => value,
    };

    private static int Decimals(string measure) => measure switch
    {
        "o3" or "no2" or "so2" => 4,
        "co" => 2,
        _ => 1,
    };
}
