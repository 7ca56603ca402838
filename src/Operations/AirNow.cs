namespace Madang.Operations;

/// <summary>The comprehensive air-quality index (통합대기환경지수, CAI) of the city, its districts and its stations at the end of one hour.</summary>
/// <param name="Data">Real or simulated data.</param>
/// <param name="Hour">The end of the hour; null when no station has told of a late enough one.</param>
/// <param name="City">The whole city, by the mean of all stations; null without an hour.</param>
/// <param name="Districts">Every district that has a station, in order of code.</param>
/// <param name="Stations">Every station, in order of name; at most <see cref="AirDesk.MostStations"/>.</param>
/// <param name="Method">Who made the index, and how it is made here.</param>
public sealed record AirNow(CityData Data, DateTimeOffset? Hour, AirPlace? City, IReadOnlyList<AirPlace> Districts, IReadOnlyList<AirPlace> Stations, RuleText Method);

/// <summary>The index of one place.</summary>
/// <param name="Code"><c>city</c>, a district's code, or <c>station-</c> with the Thing's <c>@iot.id</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Stations">How many stations it is made of.</param>
/// <param name="Index">0 to 500; null when a pollutant that it needs is missing.</param>
/// <param name="Grade">The grade of the index; null without one.</param>
/// <param name="Leading">The pollutant with the highest sub-index; null when nothing is known.</param>
/// <param name="Added">What was added because several pollutants are unhealthy: 0, 50 or 75.</param>
/// <param name="Parts">The sub-indices, the highest first.</param>
/// <param name="Missing">The pollutants that the index needs and of which too little is known.</param>
public sealed record AirPlace(
    string Code, RuleText Name, int Stations, int? Index, AirGrade? Grade, string? Leading, int Added, IReadOnlyList<AirPart> Parts, IReadOnlyList<string> Missing)
{
    /// <summary>The sub-index of a pollutant; null when nothing is known of it.</summary>
    public AirPart? Find(string measure) => Parts.FirstOrDefault(part => part.Measure == measure);
}

/// <summary>The sub-index of one pollutant.</summary>
/// <param name="Measure">Its code.</param>
/// <param name="Unit">The unit of both values.</param>
/// <param name="Value">What is laid on the scale: the mean of the hour; of particles the predicted mean of 24 hours.</param>
/// <param name="LastHour">The mean of the hour; null when only enough hours before it are known.</param>
/// <param name="Index">0 to 500.</param>
/// <param name="Grade">The grade of the sub-index.</param>
/// <param name="IsPredicted">True for the predicted mean of 24 hours.</param>
public sealed record AirPart(string Measure, string Unit, double Value, double? LastHour, int Index, AirGrade Grade, bool IsPredicted);
