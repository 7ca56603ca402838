using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Madang.Kernel;
using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Madang.Operations.Door;

/// <summary>/api/air: the index, forecasts, the decision sheet, where people are exposed, seasons.</summary>
internal static class AirRoutes
{
    /// <summary>An official forecast: a value (daily mean, ㎍/㎥) or a grade, for the city or a district.</summary>
    public sealed record ForecastRequest(string Measure, string Source, string IssuedAt)
    {
        /// <summary>city or the code of a district.</summary>
        public string Place { get; init; } = "city";

        public double? Value { get; init; }

        /// <summary>good, moderate, bad or very-bad; where there is a value it follows from that.</summary>
        public AirGrade? Grade { get; init; }

        /// <summary>real (what is left out) or simulated.</summary>
        public string? Data { get; init; }
    }

    /// <summary>issue, decline or lift.</summary>
    public sealed record DecisionRequest(ReductionAct Act)
    {
        /// <summary>At most 2,000 characters.</summary>
        public string? Note { get; init; }

        /// <summary>real (what is left out) or simulated.</summary>
        public string? Data { get; init; }
    }

    /// <summary>Whether it is done.</summary>
    public sealed record TickRequest(bool Done)
    {
        /// <summary>real (what is left out) or simulated.</summary>
        public string? Data { get; init; }
    }

    /// <summary>The seasons, and the words of those that hold on a day.</summary>
    public sealed record SeasonAnswer(DateOnly Day, IReadOnlyList<string> InForce, IReadOnlyList<AirSeason> Seasons);

    internal static async Task<FileContentHttpResult> Index(string? data, string? at, AirDesk desk, HttpResponse response, CancellationToken cancel)
    {
        var moment = at is null or "" ? (DateTimeOffset?)null : IsoTime.TryParse(at, out var found) ? found : throw new InvalidInputException("at", "is an instant in ISO 8601 with its offset, such as 2026-07-19T14:00:00Z");
        return Answer(response, await desk.ReadIndex(Words.ReadData(data), moment, cancel));
    }

    internal static async Task<FileContentHttpResult> Forecasts(string? data, AirDesk desk, HttpResponse response, CancellationToken cancel) => Answer(response, await desk.ReadForecasts(Words.ReadData(data), cancel));

    internal static async Task<NoContent> PutForecast(string day, HttpRequest request, AirDesk desk, CancellationToken cancel)
    {
        var target = NeedDay(day);
        var asked = await RuleForm.Read<ForecastRequest>(request.Body, cancel);
        if (!IsoTime.TryParse(asked.IssuedAt, out var issued))
        {
            throw new InvalidInputException("issuedAt", "is an instant in ISO 8601 with its offset, such as 2026-03-04T17:00:00+09:00");
        }

        var grade = (asked.Value is { } value ? AirDesk.GradeOf(asked.Measure, value) : asked.Grade) ?? (asked.Value is null ? throw new InvalidInputException("grade", "is needed where there is no value: good, moderate, bad or very-bad") : AirGrade.Good);
        await desk.PutForecast(NeedData(asked.Data), new OfficialForecast(asked.Place, asked.Measure, target, asked.Value, grade, asked.Source, issued, default), cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<Ok<ReductionSheet>, NotFound>> Sheet(string? data, string? day, AirDesk desk, CancellationToken cancel) =>
        await desk.ReadSheet(Words.ReadData(data), day is null or "" ? null : NeedDay(day), cancel) is { } sheet ? TypedResults.Ok(sheet) : TypedResults.NotFound();

    internal static async Task<Ok<ReductionSheet>> Decide(string day, HttpRequest request, AirDesk desk, CancellationToken cancel)
    {
        var target = NeedDay(day);
        var asked = await RuleForm.Read<DecisionRequest>(request.Body, cancel);
        return TypedResults.Ok(await desk.Decide(NeedData(asked.Data), target, asked.Act, asked.Note, cancel));
    }

    internal static async Task<NoContent> Tick(string day, string item, HttpRequest request, AirDesk desk, CancellationToken cancel)
    {
        var target = NeedDay(day);
        var asked = await RuleForm.Read<TickRequest>(request.Body, cancel);
        await desk.Tick(NeedData(asked.Data), target, item, asked.Done, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<Ok<AirExposure>> Exposure(string? data, string? district, AirDesk desk, CancellationToken cancel) =>
        TypedResults.Ok(await desk.ReadExposure(Words.ReadData(data), district is "" ? null : district, cancel));

    internal static Ok<SeasonAnswer> Seasons(string? day, AirDesk desk)
    {
        var asked = day is null or "" ? desk.Today : NeedDay(day);
        return TypedResults.Ok(new SeasonAnswer(asked, [.. AirDesk.Seasons.Where(season => season.Holds(asked)).Select(season => season.Id)], AirDesk.Seasons));
    }

    private static DateOnly NeedDay(string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var found) && found.Year is >= 1971 and < 2200 ? found : throw new InvalidInputException("day", "is a day, written as 2026-03-04");

    private static CityData NeedData(string? data) => Words.ReadData(data) ?? CityData.Real;

    /// <summary>The same answer has the same tag, on every node.</summary>
    private static FileContentHttpResult Answer<T>(HttpResponse response, T what)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(what, CityJson.Options);
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(text, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 12))}\""));
    }
}
