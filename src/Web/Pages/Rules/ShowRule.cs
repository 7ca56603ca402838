using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Rules;

/// <summary><c>/rules/{id}</c>: one rule. Who may change rules tries other numbers on what was, writes them, and says yes or no to what another wrote.</summary>
internal static class ShowRule
{
    internal static async Task<IResult> One(Visit visit, string id, RuleBook book, [FromQuery] string? done, CancellationToken cancel) =>
        await Look(visit, id, book, cancel) is { } view ? Page(view with { Done = done is { Length: < 20 } ? visit.Language.Find("rule.done." + done) : null }) : MissingPage.Answer(visit);

    internal static async Task<IResult> Act(Visit visit, string id, IFormCollection form, RuleBook book, RuleDesk desk, CancellationToken cancel)
    {
        var filled = new Filled(form);
        if (await Look(visit, id, book, cancel) is not { } view)
        {
            return MissingPage.Answer(visit);
        }

        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                switch (filled["act"])
                {
                    case "try":
                        var rule = RuleFields.Read(view.Shown.Rule, filled);
                        var days = RuleView.TrialDays.FirstOrDefault(days => days == filled.Number("days"), RuleView.TrialDays[0]);
                        var end = visit.At;
                        return Page(view with { Filled = filled, Tried = rule, Trial = await desk.Try(rule, end.AddDays(-days), end, cancel) });
                    case "write":
                        var written = await book.Write(id, RuleFields.Read(view.Shown.Rule, filled), filled["on"] is not null, cancel);
                        return HouseForm.Done(visit, "/rules/" + id, written.State == RuleReview.Proposed ? "proposed" : "written");
                    case "approve" or "refuse":
                        await book.Review(id, (int)(filled.Number("revision") ?? 0), filled["act"] == "approve", filled["note"], cancel);
                        return HouseForm.Done(visit, "/rules/" + id, filled["act"]!);
                    default:
                        throw new InvalidInputException("act", "is try, write, approve or refuse");
                }
            },
            wrong => Task.FromResult<IResult>(Page(view with { Filled = wrong })));
    }

    private static async Task<RuleView?> Look(Visit visit, string id, RuleBook book, CancellationToken cancel)
    {
        var mayWrite = visit.Me is not null && visit.Caller.MaySomewhere(Trust.Act.Write, Kinds.Rule);
        if (await book.Find(id, cancel) is not { } known || (known.InForce is null && !mayWrite))
        {
            return null;
        }

        return new RuleView(visit, known, mayWrite ? await book.ListRevisions(id, cancel) : []) { MayWrite = mayWrite };
    }

    private static RazorComponentResult<RulePage> Page(RuleView view) => new(new { View = view }) { StatusCode = HouseForm.StatusOf(view.Filled) };
}
