using System.Text.Json.Serialization;

namespace Madang.Operations;

/// <summary>The last day of one world: 144 steps of ten minutes of the data's clock, the newest last, as a live screen showed them at the end of each step.</summary>
/// <param name="Id">Changes whenever anything in it does.</param>
/// <param name="Data">Whether this is real or simulated.</param>
/// <param name="From">The start of the first step, in UTC.</param>
/// <param name="Step">How long a step is: ten minutes.</param>
/// <param name="Measures">The curves by measure: each of <see cref="Operations.Measures.Main"/>.</param>
public sealed record CityDay(string Id, CityData Data, DateTimeOffset From, [property: JsonIgnore] TimeSpan Step, IReadOnlyDictionary<string, DayOfMeasure> Measures)
{
    /// <summary><see cref="Step"/> in seconds.</summary>
    public int StepSeconds => (int)Step.TotalSeconds;
}

/// <summary>The curves of one measure over a day. A null is a gap: nothing was heard then.</summary>
/// <param name="Unit">The unit's symbol; null while no reading is known.</param>
/// <param name="City">The mean of the whole city at the end of each step.</param>
/// <param name="Districts">The mean of each district at the end of each step, by administrative standard code.</param>
public sealed record DayOfMeasure(string? Unit, IReadOnlyList<double?> City, IReadOnlyDictionary<string, double?[]> Districts);
