namespace Madang.Operations;

/// <summary>The measures that screens know by name, in the order in which they are listed. Others are shown too, under the names their sensors give them.</summary>
public static class Measures
{
    private static readonly string[] Order = ["pm25", "pm10", "o3", "no2", "co", "so2", "temperature", "humidity", "noise", "wind_speed"];

    /// <summary>The measures a map can be coloured by, that have a curve of the day for every district, and that stand in the table of districts.</summary>
    public static IReadOnlyList<string> Main { get; } = ["pm25", "pm10", "o3", "temperature", "humidity", "noise"];

    /// <summary>Where a measure stands in a list; what is not known comes last.</summary>
    public static int Rank(string measure) => Array.IndexOf(Order, measure) is var rank && rank < 0 ? Order.Length : rank;

    /// <summary>
    /// How many decimals a reader of this measure can use: particles in whole ㎍/㎥ and gases in thousandths of a ppm (carbon
    /// monoxide in hundredths), as 한국환경공단 에어코리아 publishes them.
    /// </summary>
    public static int Decimals(string measure) => measure switch
    {
        "pm25" or "pm10" or "pm25_corrected" or "pm10_corrected" or "humidity" or "illuminance" => 0,
        "o3" or "no2" or "so2" => 3,
        "co" => 2,
        _ => 1,
    };

    /// <summary>The value that is graded and that screens show: rounded half away from zero. 15.4 ㎍/㎥ is 15 and good.</summary>
    public static double Published(string measure, double value) => Math.Round(value, Decimals(measure), MidpointRounding.AwayFromZero);
}
