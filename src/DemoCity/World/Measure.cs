namespace Madang.DemoCity.World;

/// <summary>What a sensor measures: names and unit as the real networks have them, and the range and step its readings keep.</summary>
internal sealed record Measure(string Code, string Name, string NameEn, string Symbol, string Unit, double Least, double Most, int Digits)
{
    private static readonly Measure Pm25 = new("pm25", "초미세먼지", "Ultrafine dust (PM2.5)", "㎍/㎥", "microgram per cubic metre", 0, 1500, 0);
    private static readonly Measure Pm10 = new("pm10", "미세먼지", "Fine dust (PM10)", "㎍/㎥", "microgram per cubic metre", 0, 1500, 0);

    /// <summary>The measures of S-DoT; no gases are among them.</summary>
    public static readonly IReadOnlyList<Measure> Sdot =
    [
        Pm25,
        Pm10,
        new("temperature", "기온", "Temperature", "℃", "degree Celsius", -50, 80, 1),
        new("humidity", "상대습도", "Relative humidity", "%", "per cent", 0, 100, 0),
        new("wind_direction", "풍향", "Wind direction", "°", "degree", 0, 359.9, 1),
        new("wind_speed", "풍속", "Wind speed", "m/s", "metre per second", 0, 100, 1),
        new("gust_direction", "돌풍 풍향", "Gust direction", "°", "degree", 0, 359.9, 1),
        new("gust_speed", "돌풍 풍속", "Gust speed", "m/s", "metre per second", 0, 100, 1),
        new("illuminance", "조도", "Illuminance", "lux", "lux", 0, 120000, 0),
        new("uv", "자외선", "Ultraviolet index", "UV", "UV index", 0, 16, 1),
        new("noise", "소음", "Noise", "dB", "decibel", 35, 85, 0),
        new("vibration_x", "진동(x)", "Vibration (x)", "mm/s", "millimetre per second", 0, 16, 2),
        new("vibration_y", "진동(y)", "Vibration (y)", "mm/s", "millimetre per second", 0, 16, 2),
        new("vibration_z", "진동(z)", "Vibration (z)", "mm/s", "millimetre per second", 0, 16, 2),
        new("vibration_x_max", "진동(x) 최대", "Greatest vibration (x)", "mm/s", "millimetre per second", 0, 16, 2),
        new("vibration_y_max", "진동(y) 최대", "Greatest vibration (y)", "mm/s", "millimetre per second", 0, 16, 2),
        new("vibration_z_max", "진동(z) 최대", "Greatest vibration (z)", "mm/s", "millimetre per second", 0, 16, 2),
        new("globe_temperature", "흑구 온도", "Globe temperature", "℃", "degree Celsius", -50, 80, 1),
        new("pm25_corrected", "pm25 보정", "Ultrafine dust, corrected", "㎍/㎥", "microgram per cubic metre", 0, 1500, 0),
        new("pm10_corrected", "pm10 보정", "Fine dust, corrected", "㎍/㎥", "microgram per cubic metre", 0, 1500, 0),
    ];

    /// <summary>The measures of an urban air quality station.</summary>
    public static readonly IReadOnlyList<Measure> Air =
    [
        Pm10,
        Pm25,
        new("o3", "오존", "Ozone", "ppm", "parts per million", 0.001, 0.5, 3),
        new("no2", "이산화질소", "Nitrogen dioxide", "ppm", "parts per million", 0.001, 2, 3),
        new("co", "일산화탄소", "Carbon monoxide", "ppm", "parts per million", 0.1, 50, 1),
        new("so2", "아황산가스", "Sulphur dioxide", "ppm", "parts per million", 0.001, 1, 3),
    ];

    public double Keep(double value) => Math.Round(Math.Clamp(value, Least, Most), Digits);
}
