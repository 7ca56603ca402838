using Madang.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Rules;

/// <summary><c>/rules</c>: by which rules the city watches itself, in plain words.</summary>
internal static class ShowRules
{
    internal static async Task<IResult> List(Visit visit, RuleBook book, CancellationToken cancel) =>
        new RazorComponentResult<RulesPage>(new { Visit = visit, Rules = (await book.List(cancel)).Select(known => known.InForce).OfType<RuleRevision>().OrderBy(rule => rule.Rule.Data).ToList() });
}
