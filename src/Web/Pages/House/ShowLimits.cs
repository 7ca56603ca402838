using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/limits</c>: how often addresses, accounts and keys may ask.</summary>
internal static class ShowLimits
{
    private const string Path = "/house/limits";

    internal static IResult Show(Visit visit, Limits limits, [FromQuery] string? done) => Page(visit, limits, Filled.Empty, HouseForm.Words(visit, "limit", done));

    internal static async Task<IResult> Set(Visit visit, IFormCollection form, Limits limits, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                await limits.Set(filled["kind"], filled["subject"], (int?)filled.Number("perSecond"), (int?)filled.Number("burst"), filled["note"], cancel);
                return HouseForm.Done(visit, Path, "set");
            },
            wrong => Task.FromResult<IResult>(Page(visit, limits, wrong, null)));
    }

    internal static async Task<IResult> End(Visit visit, long id, Limits limits, CancellationToken cancel)
    {
        if (HouseForm.AskProof(visit, Path) is { } proof)
        {
            return proof;
        }

        await limits.End(id, cancel);
        return HouseForm.Done(visit, Path, "ended");
    }

    private static RazorComponentResult<LimitsPage> Page(Visit visit, Limits limits, Filled filled, string? done) =>
        new(new { Visit = visit, All = limits.List(), Filled = filled, Done = done }) { StatusCode = HouseForm.StatusOf(filled) };
}
