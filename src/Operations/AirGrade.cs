using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>Korea's four grades of air (환경부 통합대기환경지수 CAI).</summary>
[JsonConverter(typeof(KebabEnum<AirGrade>))]
public enum AirGrade
{
    /// <summary>좋음.</summary>
    Good,

    /// <summary>보통.</summary>
    Moderate,

    /// <summary>나쁨.</summary>
    Bad,

    /// <summary>매우나쁨.</summary>
    VeryBad,
}

/// <summary>
/// The limits between the grades: 환경부, 한국환경공단 에어코리아 "통합대기환경지수(CAI)": PM2.5 15/35/75 and PM10 30/80/150 ㎍/㎥,
/// O₃ 0.030/0.090/0.150 ppm. They are meant for averages of 24 hours (particles) and one hour (ozone); here they grade the
/// readings of the last minutes, which is why a screen must call them grades of the moment.
/// </summary>
public static class AirGrades
{
    /// <summary>Who set the limits.</summary>
    public const string Source = "환경부 통합대기환경지수(CAI), 한국환경공단 에어코리아";

    private static readonly Dictionary<string, double[]> Limits = new()
    {
        ["pm25"] = [15, 35, 75],
        ["pm10"] = [30, 80, 150],
        ["o3"] = [0.030, 0.090, 0.150],
    };

    /// <summary>The highest value of each grade but the last; null when the measure has no grades.</summary>
    public static IReadOnlyList<double>? LimitsOf(string measure) => Limits.GetValueOrDefault(measure);

    /// <summary>The grade of a value: a limit itself still belongs to the better grade. Null when the measure has no grades.</summary>
    public static AirGrade? Of(string measure, double value)
    {
        if (!Limits.TryGetValue(measure, out var limits))
        {
            return null;
        }

        var worse = Array.FindIndex(limits, limit => value <= limit);
        return (AirGrade)(worse < 0 ? limits.Length : worse);
    }
}
