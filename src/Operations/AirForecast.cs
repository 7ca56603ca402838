using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>Daily means of particles that are expected for the next two days.</summary>
/// <param name="Data">Real or simulated data.</param>
/// <param name="Day">Today, in the city, by the data's own clock; null when no station says anything.</param>
/// <param name="Forecasts">For each place, measure and day the one that counts: the official one where there is one.</param>
/// <param name="Skills">How good the city's own forecasts were on days that they had not seen.</param>
/// <param name="Official">The last official forecasts, the newest first, also those that were overtaken; at most 200.</param>
public sealed record AirForecasts(CityData Data, DateOnly? Day, IReadOnlyList<AirForecast> Forecasts, IReadOnlyList<ForecastSkill> Skills, IReadOnlyList<OfficialForecast> Official)
{
    /// <summary>The forecast of a place; null when there is none.</summary>
    public AirForecast? Find(string place, string measure, DateOnly day) => Forecasts.FirstOrDefault(each => each.Place == place && each.Measure == measure && each.Day == day);
}

/// <summary>A daily mean that is expected.</summary>
/// <param name="Place"><c>city</c> or a district's code.</param>
/// <param name="Measure"><c>pm25</c> or <c>pm10</c>.</param>
/// <param name="Day">The day, in the city.</param>
/// <param name="Value">The mean, ㎍/㎥; null where an official forecast names a grade alone.</param>
/// <param name="Grade">Its grade.</param>
/// <param name="By">Who or what says so.</param>
/// <param name="Source">Who issued an official forecast; null for the city's own.</param>
/// <param name="IssuedAt">When an official forecast was issued; null for the city's own.</param>
public sealed record AirForecast(string Place, string Measure, DateOnly Day, double? Value, AirGrade Grade, ForecastBy By, string? Source, DateTimeOffset? IssuedAt);

/// <summary>Who or what says a forecast, from the weakest.</summary>
[JsonConverter(typeof(KebabEnum<ForecastBy>))]
public enum ForecastBy
{
    /// <summary>It stays as it is.</summary>
    Persistence,

    /// <summary>The city's own statistical model, where it was better than persistence on days that it had not seen.</summary>
    Model,

    /// <summary>The official forecast.</summary>
    Official,
}

/// <summary>How good the model is against persistence, on days that it had not seen: the history is cut into five stretches, and each is foretold from the four others.</summary>
/// <param name="Place"><c>city</c> or a district's code.</param>
/// <param name="Measure"><c>pm25</c> or <c>pm10</c>.</param>
/// <param name="DaysAhead">How many days after the last day that was known.</param>
/// <param name="Days">How many days were foretold; with fewer than <see cref="FewestDays"/> there is no model.</param>
/// <param name="Model">The model; null when there is none.</param>
/// <param name="Persistence">It stays as it is; null when no day could be foretold.</param>
public sealed record ForecastSkill(string Place, string Measure, int DaysAhead, int Days, ForecastScore? Model, ForecastScore? Persistence)
{
    /// <summary>So many days must be foretold for a model to be made.</summary>
    public const int FewestDays = 60;

    /// <summary>The share by which the model's mean squared error is smaller than that of persistence; below zero it is worse. Null without a model.</summary>
    public double? Skill => Model is null || Persistence is not { Error: > 0 } before ? null : Math.Round(1 - (Model.Error * Model.Error / (before.Error * before.Error)), 3);

    /// <summary>True when the model is better, and so counts.</summary>
    public bool IsUsed => Skill > 0;
}

/// <summary>How one way of foretelling did.</summary>
/// <param name="Error">The root of the mean squared error, ㎍/㎥.</param>
/// <param name="BadDays">How many days were bad or worse.</param>
/// <param name="Foretold">POD: the share of the bad days that were foretold as bad; null without a bad day.</param>
/// <param name="FalseAlarms">FAR: the share of the days foretold as bad that were not; null when none was foretold.</param>
public sealed record ForecastScore(double Error, int BadDays, double? Foretold, double? FalseAlarms);

/// <summary>What an institution foretells.</summary>
/// <param name="Place"><c>city</c> or a district's code.</param>
/// <param name="Measure"><c>pm25</c> or <c>pm10</c>.</param>
/// <param name="Day">The day, in the city.</param>
/// <param name="Value">The daily mean, ㎍/㎥; null where it names a grade alone.</param>
/// <param name="Grade">The grade of the day.</param>
/// <param name="Source">The institution.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="ReceivedAt">When it came here.</param>
public sealed record OfficialForecast(string Place, string Measure, DateOnly Day, double? Value, AirGrade Grade, string Source, DateTimeOffset IssuedAt, DateTimeOffset ReceivedAt);
