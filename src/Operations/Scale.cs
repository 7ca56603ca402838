namespace Madang.Operations;

/// <summary>How the values of a measure are coloured: at most seven classes. A limit itself belongs to the class below it.</summary>
/// <param name="Measure">The measure's code.</param>
/// <param name="Limits">The highest value of each class but the last.</param>
/// <param name="Classes">A word for each class: <c>good</c>, <c>moderate</c>, <c>bad</c>, <c>very-bad</c> for the legal grades, else <c>band-1</c> to <c>band-7</c>.</param>
/// <param name="Source">Who set the limits; null when the project chose them for reading alone.</param>
public sealed record Scale(string Measure, IReadOnlyList<double> Limits, IReadOnlyList<string> Classes, string? Source)
{
    private static readonly string[] Grades = ["good", "moderate", "bad", "very-bad"];

    // Temperature and humidity: steps of the project's own. 33 ℃ is where heat advisories begin (기상청 폭염주의보), 0 ℃ where water freezes.
    // Noise: the environmental standards for daytime in quiet homes, homes, trade and industry by day (환경정책기본법 시행령 별표 1: 50, 55, 65, 70 dB).
    private static readonly Dictionary<string, Scale> Known = new[]
    {
        Graded("pm25"), Graded("pm10"), Graded("o3"),
        Banded("temperature", null, 0, 10, 18, 24, 28, 33),
        Banded("humidity", null, 30, 50, 70, 85),
        Banded("noise", "환경정책기본법 시행령 별표 1 (소음 환경기준, 낮)", 50, 55, 65, 70),
    }.ToDictionary(scale => scale.Measure);

    /// <summary>True when the classes are the four legal grades of the air.</summary>
    public bool IsGraded => Classes == (IReadOnlyList<string>)Grades;

    /// <summary>The scale of a measure; null when it has none.</summary>
    public static Scale? Of(string measure) => Known.GetValueOrDefault(measure);

    /// <summary>The word of the class in which a value lies, judged by what is shown of it.</summary>
    public string ClassOf(double value)
    {
        var shown = Measures.Published(Measure, value);
        var index = 0;
        while (index < Limits.Count && shown > Limits[index])
        {
            index++;
        }

        return Classes[index];
    }

    private static Scale Graded(string measure) => new(measure, AirGrades.LimitsOf(measure)!, Grades, AirGrades.Source);

    private static Scale Banded(string measure, string? source, params double[] limits) =>
        new(measure, limits, [.. Enumerable.Range(1, limits.Length + 1).Select(band => $"band-{band}")], source);
}
