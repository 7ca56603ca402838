using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Sensing.Http;

/// <summary>GET /api/series/{datastream}?from&amp;to&amp;step: the numeric Observations of a Datastream by bucket or one by one, as JSON; with <c>.csv</c> behind the number the same as CSV.</summary>
internal static class ReadSeries
{
    /// <summary>The answer; <c>step</c> is 10m, 1h or 1d.</summary>
    public sealed record Response(long Datastream, string Step, string Unit, IReadOnlyList<Point> Points);

    /// <summary>One bucket, <c>[from, to)</c> in UTC.</summary>
    public sealed record Point(string From, string To, long Count, double Min, double Max, double Mean, double Last);

    /// <summary>The answer to <c>step=raw</c>.</summary>
    public sealed record RawResponse(long Datastream, string Step, string Unit, IReadOnlyList<RawPoint> Points);

    /// <summary>One Observation in UTC; <c>to</c> is null when its phenomenon time is an instant.</summary>
    public sealed record RawPoint(string From, string? To, double Value);

    internal static async Task<Results<Ok<Response>, Ok<RawResponse>>> Handle(
        long datastream, string? from, string? to, string? step, SensingQueries queries, CancellationToken cancel) => step == "raw"
            ? TypedResults.Ok(await Raw(datastream, from, to, queries, cancel))
            : TypedResults.Ok(await Buckets(datastream, from, to, step, queries, cancel));

    internal static async Task<FileContentHttpResult> HandleCsv(
        long datastream, string? from, string? to, string? step, SensingQueries queries, CancellationToken cancel)
    {
        var csv = step == "raw" ? Write(await Raw(datastream, from, to, queries, cancel)) : Write(await Buckets(datastream, from, to, step, queries, cancel));
        return TypedResults.File(csv.ToBytes(), "text/csv; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"datastream-{datastream}-{step ?? "1h"}.csv"));
    }

    private static async Task<Response> Buckets(long datastream, string? from, string? to, string? step, SensingQueries queries, CancellationToken cancel)
    {
        var width = step switch
        {
            "10m" => SeriesStep.TenMinutes,
            "1h" or null => SeriesStep.Hour,
            "1d" => SeriesStep.Day,
            _ => throw new InvalidInputException("step", "must be raw, 10m, 1h or 1d"),
        };
        var series = await queries.FindSeries(datastream, Instant("from", from), Instant("to", to), width, cancel)
            ?? throw ResourcePath.NotFound($"Datastream {datastream}");
        return new Response(
            datastream, step ?? "1h", series.Unit,
            [.. series.Points.Select(point => new Point(IsoTime.Write(point.From), IsoTime.Write(point.To), point.Count, point.Min, point.Max, point.Mean, point.Last))]);
    }

    private static async Task<RawResponse> Raw(long datastream, string? from, string? to, SensingQueries queries, CancellationToken cancel)
    {
        var readings = await queries.ListReadings(datastream, Instant("from", from), Instant("to", to), SensingQueries.MaxPoints, cancel)
            ?? throw ResourcePath.NotFound($"Datastream {datastream}");
        return readings.IsComplete
            ? new RawResponse(datastream, "raw", readings.Unit, [.. readings.Points.Select(point => new RawPoint(IsoTime.Write(point.From), point.To is { } end ? IsoTime.Write(end) : null, point.Value))])
            : throw new InvalidInputException("to", $"leaves more than {SensingQueries.MaxPoints:N0} Observations; choose a shorter time or a wider step");
    }

    private static Csv Write(Response series)
    {
        var csv = new Csv().Text("from").Text("to").Text("count");
        foreach (var name in (string[])["min", "max", "mean", "last"])
        {
            csv.Text(Head(name, series.Unit));
        }

        csv.EndLine();
        foreach (var point in series.Points)
        {
            csv.Text(point.From).Text(point.To).Number(point.Count).Number(point.Min).Number(point.Max).Number(point.Mean).Number(point.Last).EndLine();
        }

        return csv;
    }

    private static Csv Write(RawResponse series)
    {
        var csv = new Csv().Text("from").Text("to").Text(Head("value", series.Unit)).EndLine();
        foreach (var point in series.Points)
        {
            csv.Text(point.From).Text(point.To ?? "").Number(point.Value).EndLine();
        }

        return csv;
    }

    private static string Head(string name, string unit) => unit.Length == 0 ? name : $"{name} ({unit})";

    private static DateTimeOffset Instant(string name, string? text) =>
        IsoTime.TryParse(text, out var instant) ? instant : throw new InvalidInputException(name, "is required: a time with its zone, 2026-07-19T00:00:00Z (+09:00 as %2B09:00)");
}
