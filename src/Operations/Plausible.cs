namespace Madang.Operations;

/// <summary>
/// What a measure can be in a city. The bounds are the project's own, well beyond any record of Korea (기상청: −32.6 ℃ at Yangpyeong in 1981, 41.0 ℃ at
/// Hongcheon in 2018) and any episode of dust. A value outside them counts in no figure; where a sensor is shown it stands as it was told and is marked.
/// </summary>
public static class Plausible
{
    private static readonly Dictionary<string, (double Low, double High)> Bounds = new()
    {
        ["pm25"] = (0, 1500), ["pm10"] = (0, 3000), ["pm25_corrected"] = (0, 1500), ["pm10_corrected"] = (0, 3000),
        ["o3"] = (0, 1), ["no2"] = (0, 5), ["so2"] = (0, 5), ["co"] = (0, 500),
        ["temperature"] = (-50, 60), ["humidity"] = (0, 100.5), ["noise"] = (0, 150), ["wind_speed"] = (0, 120), ["wind_direction"] = (0, 360),
    };

    /// <summary>What weather services write for a value that is missing, in measures whose bounds nobody knows here: −999, −9999 and so on, with or without decimals of nines.</summary>
    private static readonly double[] Missing = [-999, -9999, -99999, -999999, -999.9, -9999.9];

    /// <summary>True when a city can have this value of the measure.</summary>
    public static bool Is(string measure, double value) =>
        double.IsFinite(value) && (Bounds.TryGetValue(measure, out var bounds) ? value >= bounds.Low && value <= bounds.High : !Missing.Contains(value));
}
