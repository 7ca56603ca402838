using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Sensing.Http;

/// <summary>GET /api/sensor-health: what is wrong with sensors now, by page in order of Datastream.</summary>
internal static class ReadHealth
{
    private static readonly Dictionary<string, SensorFinding> Words = new()
    {
        ["late"] = SensorFinding.Late, ["silent"] = SensorFinding.Silent, ["stuck"] = SensorFinding.Stuck, ["out-of-range"] = SensorFinding.OutOfRange, ["drifting"] = SensorFinding.Drifting,
    };

    /// <summary>How many Datastreams have each finding, the findings, and the value of <c>after</c> for the next page; null on the last.</summary>
    public sealed record Response(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<Finding> Findings, long? Next);

    /// <summary>One finding; the value is in the unit beside it.</summary>
    public sealed record Finding(long Thing, string ThingName, long Datastream, string Name, string What, string Since, double Value, string Unit);

    internal static async Task<Ok<Response>> Handle(string? finding, string? thing, string? after, string? limit, SensorHealth health, CancellationToken cancel)
    {
        var which = finding is null ? (SensorFinding?)null
            : Words.TryGetValue(finding, out var known) ? known
            : throw new InvalidInputException("finding", $"is one of {string.Join(", ", Words.Keys)}");
        var most = (int)(Whole("limit", limit, 1, SensorHealth.MostListed) ?? 100);
        var counts = await health.Count(cancel);
        var found = await health.List(which, Whole("thing", thing, 1, long.MaxValue), Whole("after", after, 0, long.MaxValue) ?? 0, most, cancel);
        return TypedResults.Ok(new Response(
            Words.ToDictionary(word => word.Key, word => counts.GetValueOrDefault(word.Value)),
            [.. found.Select(each => new Finding(each.Thing, each.ThingName, each.Datastream, each.Name, Words.First(word => word.Value == each.Finding).Key, IsoTime.Write(each.Since), each.Value, each.Unit))],
            found.Select(each => each.Datastream).Distinct().Count() < most ? null : found[^1].Datastream));
    }

    private static long? Whole(string name, string? text, long least, long most) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidInputException(name, string.Create(CultureInfo.InvariantCulture, $"is a whole number from {least} to {most}"));
}
