using Madang.Operations.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>Answers what rules there are, and what a rule would have done.</summary>
internal static class RuleRoutes
{
    /// <summary>A rule with its id and its words.</summary>
    public sealed record RuleAnswer(string Id, RuleText Says, Rule Rule);

    /// <summary>What is to be tried, over which time.</summary>
    public sealed record TryRequest(Rule Rule, DateTimeOffset From, DateTimeOffset To);

    internal static IReadOnlyList<RuleAnswer> List() => [.. RuleDesk.Shipped.Select(each => new RuleAnswer(each.Key, RuleDesk.Say(each.Value), each.Value))];

    internal static Results<Ok<RuleAnswer>, NotFound> Get(string id) =>
        RuleDesk.Shipped.TryGetValue(id, out var rule) ? TypedResults.Ok(new RuleAnswer(id, RuleDesk.Say(rule), rule)) : TypedResults.NotFound();

    internal static async Task<Ok<RuleTrial>> Try(HttpRequest request, RuleDesk desk, CancellationToken cancel)
    {
        var asked = await RuleForm.Read<TryRequest>(request.Body, cancel);
        return TypedResults.Ok(await desk.Try(asked.Rule, asked.From, asked.To, cancel));
    }
}
