using Madang.Kernel;

namespace Madang.Operations.Door;

/// <summary>Reads what callers write behind the question mark.</summary>
internal static class Words
{
    private const int LongestMeasure = 40;

    public static CityData? ReadData(string? data) => data switch
    {
        null or "" => null,
        "real" => CityData.Real,
        "simulated" => CityData.Simulated,
        _ => throw new InvalidInputException("data", $"'{data}' is not a choice; write real or simulated, or leave it out"),
    };

    /// <summary>The code of a measure, known or not; null when it is left out.</summary>
    public static string? ReadMeasure(string? measure) =>
        measure is null or "" ? null
        : measure.Length <= LongestMeasure && measure.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? measure
        : throw new InvalidInputException("measure", $"must be the code of a measure, such as pm25: letters, digits and _, at most {LongestMeasure}");

    /// <summary>The code of a measure, which must be there.</summary>
    public static string NeedMeasure(string? measure) =>
        ReadMeasure(measure) ?? throw new InvalidInputException("measure", "is missing; write the code of a measure, such as pm25");

    public static DateTimeOffset NeedTime(string? time) =>
        IsoTime.TryParse(time, out var instant) ? instant : throw new InvalidInputException("time", "must be an instant in ISO 8601 with its offset, such as 2026-07-19T14:20:00Z");
}
