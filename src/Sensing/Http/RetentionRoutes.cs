using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Sensing.Http;

/// <summary>/api/retention: how long Datastreams keep their Observations, and what was removed.</summary>
internal static class RetentionRoutes
{
    /// <summary>The days of a rule.</summary>
    public sealed record Request
    {
        /// <summary>Days for which Observations are kept, from 1.</summary>
        public int RawDays { get; init; }

        /// <summary>Days for which rollups are kept, at least <see cref="RawDays"/>; null for ever.</summary>
        public int? RollupDays { get; init; }
    }

    /// <summary>A rule.</summary>
    public sealed record Rule(long Datastream, string Name, int RawDays, int? RollupDays, string? RawFrom);

    /// <summary>The rules, and the value of <c>after</c> for the next page; null on the last.</summary>
    public sealed record Response(IReadOnlyList<Rule> Rules, long? Next);

    /// <summary>What was removed at one time.</summary>
    public sealed record Run(long Datastream, string Before, long Observations, long Rollups, string EndedAt);

    internal static async Task<Ok<Response>> List(string? after, RetentionDesk desk, CancellationToken cancel)
    {
        var rules = await desk.List(Id("after", after) ?? 0, cancel);
        return TypedResults.Ok(new Response(
            [.. rules.Select(rule => new Rule(rule.Datastream, rule.Name, rule.RawDays, rule.RollupDays, rule.RawFrom is { } from ? IsoTime.Write(from) : null))],
            rules.Count == RetentionDesk.MostListed ? rules[^1].Datastream : null));
    }

    internal static async Task<Ok<IReadOnlyList<Run>>> ListRuns(string? datastream, RetentionDesk desk, CancellationToken cancel) =>
        TypedResults.Ok<IReadOnlyList<Run>>([.. (await desk.ListRuns(Id("datastream", datastream), cancel)).Select(run => new Run(run.Datastream, IsoTime.Write(run.Before), run.Observations, run.Rollups, IsoTime.Write(run.EndedAt)))]);

    internal static async Task<NoContent> Set(long datastream, Request request, RetentionDesk desk, CancellationToken cancel)
    {
        await desk.Set(datastream, request.RawDays, request.RollupDays, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Remove(long datastream, RetentionDesk desk, CancellationToken cancel)
    {
        await desk.Remove(datastream, cancel);
        return TypedResults.NoContent();
    }

    private static long? Id(string name, string? text) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : throw new InvalidInputException(name, "is a whole number");
}
