using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Sensing.Http;

/// <summary>GET /api/series/{datastream}?from&amp;to&amp;step: the numeric Observations of a Datastream by bucket.</summary>
internal static class ReadSeries
{
    /// <summary>The answer; <c>step</c> is 10m, 1h or 1d.</summary>
    public sealed record Response(long Datastream, string Step, string Unit, IReadOnlyList<Point> Points);

    /// <summary>One bucket, <c>[from, to)</c> in UTC.</summary>
    public sealed record Point(string From, string To, long Count, double Min, double Max, double Mean, double Last);

    internal static async Task<Ok<Response>> Handle(
        long datastream, string? from, string? to, string? step, SensingQueries queries, CancellationToken cancel)
    {
        var width = step switch
        {
            "10m" => SeriesStep.TenMinutes,
            "1h" or null => SeriesStep.Hour,
            "1d" => SeriesStep.Day,
            _ => throw new InvalidInputException("step", "must be 10m, 1h or 1d"),
        };
        var series = await queries.FindSeries(datastream, Instant("from", from), Instant("to", to), width, cancel)
            ?? throw ResourcePath.NotFound($"Datastream {datastream}");
        return TypedResults.Ok(new Response(
            datastream, step ?? "1h", series.Unit,
            [.. series.Points.Select(point => new Point(IsoTime.Write(point.From), IsoTime.Write(point.To), point.Count, point.Min, point.Max, point.Mean, point.Last))]));
    }

    private static DateTimeOffset Instant(string name, string? text) =>
        IsoTime.TryParse(text, out var instant) ? instant : throw new InvalidInputException(name, "is required: a time with its zone, 2026-07-19T00:00:00Z (+09:00 as %2B09:00)");
}
