using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>/api/alerts: what was said to people, and what they did about it.</summary>
internal static class AlertRoutes
{
    /// <summary>A page of alerts; next is the address of the page after it, null on the last.</summary>
    public sealed record Page(IReadOnlyList<Alert> Value, string? Next);

    /// <summary>What somebody says.</summary>
    public sealed record Words
    {
        /// <summary>At most 2,000 characters.</summary>
        public string? Note { get; init; }
    }

    internal static async Task<Ok<Page>> List(HttpRequest request, AlertDesk desk, string? state, string? data, string? rule, string? before, string? top, CancellationToken cancel)
    {
        var query = new AlertQuery
        {
            Open = state switch { null or "open" => true, "lifted" => false, "all" => null, _ => throw new InvalidInputException("state", "is open, lifted or all") },
            Data = data switch { null => null, "real" => CityData.Real, "simulated" => CityData.Simulated, _ => throw new InvalidInputException("data", "is real or simulated") },
            Rule = rule, Before = before is null ? null : Number(before, "before"), Top = top is null ? 100 : (int)Math.Min(Number(top, "top"), int.MaxValue),
        };
        var found = await desk.List(query, cancel);
        var next = found.Count < query.Top ? null : request.Path + QueryString.Create(
            new[] { ("state", state), ("data", data), ("rule", rule), ("before", FormattableString.Invariant($"{found[^1].Id}")), ("top", FormattableString.Invariant($"{query.Top}")) }
                .Where(each => each.Item2 is not null).Select(each => KeyValuePair.Create(each.Item1, each.Item2)));
        return TypedResults.Ok(new Page(found, next));
    }

    private static long Number(string text, string field) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException(field, "is a whole number");

    internal static async Task<Results<Ok<AlertStory>, NotFound>> Get(long id, AlertDesk desk, CancellationToken cancel) =>
        await desk.Find(id, cancel) is { } story ? TypedResults.Ok(story) : TypedResults.NotFound();

    internal static async Task<NoContent> Acknowledge(long id, Words? words, AlertDesk desk, CancellationToken cancel)
    {
        await desk.Acknowledge(id, words?.Note, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Take(long id, Words? words, AlertDesk desk, CancellationToken cancel)
    {
        await desk.Take(id, words?.Note, cancel);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> Note(long id, Words words, AlertDesk desk, CancellationToken cancel)
    {
        await desk.Note(id, words.Note, cancel);
        return TypedResults.NoContent();
    }
}
