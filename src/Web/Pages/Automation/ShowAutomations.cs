using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Automation;

/// <summary><c>/automations</c>: what the city does by itself; <c>/automations/{id}</c>: one of it with its runs, switched on and off, tried, reviewed and taken back.</summary>
internal static class ShowAutomations
{
    internal static async Task<IResult> List(Visit visit, AutomationBook book, AutomationDesk desk, CancellationToken cancel) =>
        new RazorComponentResult<AutomationsPage>(new { Visit = visit, All = await book.List(cancel), Last = (await desk.ListLast(cancel)).ToDictionary(run => run.Automation) });

    internal static async Task<IResult> One(Visit visit, string id, AutomationBook book, AutomationDesk desk, Colleagues colleagues, [FromQuery] string? done, [FromQuery] string? before, CancellationToken cancel) =>
        await Look(visit, id, book, desk, colleagues, long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, cancel) is { } view
            ? Page(view with { Done = done is { Length: < 20 } ? visit.Language.Find("auto.done." + done) : null }) : MissingPage.Answer(visit);

    internal static async Task<IResult> Report(Visit visit, string report, AutomationDesk desk, CancellationToken cancel) =>
        long.TryParse(report, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await desk.FindReport(number, cancel) is { } found
            ? new RazorComponentResult<AutomationReportPage>(new { Visit = visit, Report = found }) : MissingPage.Answer(visit);

    internal static async Task<IResult> Act(Visit visit, string id, IFormCollection form, AutomationBook book, AutomationDesk desk, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        if (await Look(visit, id, book, desk, colleagues, null, cancel) is not { } view)
        {
            return MissingPage.Answer(visit);
        }

        try
        {
            return await HouseForm.Try(visit, filled, async () => HouseForm.Done(visit, "/automations/" + id, await Do(view, filled, book, desk, cancel)), wrong => Task.FromResult<IResult>(Page(view with { Filled = wrong })));
        }
        catch (CityRuleException broken) when (visit.Language.Find("auto.problem." + broken.Code) is { } words)
        {
            return Page(view with { Filled = filled.With(new Wrong(null, words)) });
        }
    }

    /// <summary>Does what a form asks for, and answers the word for what was done.</summary>
    private static async Task<string> Do(AutomationView view, Filled filled, AutomationBook book, AutomationDesk desk, CancellationToken cancel)
    {
        var (shown, act) = (view.Shown, filled["act"]);
        switch (act)
        {
            case "on" or "off" or "dry" or "live":
                var isDry = act switch { "dry" => true, "live" => false, _ => shown.Automation.IsDry };
                var written = await book.Write(shown.Id, shown.Automation with { IsDry = isDry }, act switch { "on" => true, "off" => false, _ => shown.IsOn }, cancel);
                return written.State == RuleReview.Proposed ? "proposed" : act;
            case "try":
                await desk.Try(shown.Id, cancel);
                return act;
            case "undo":
                await desk.Undo(shown.Id, filled.Number("run") ?? 0, cancel);
                return act;
            case "approve" or "refuse":
                await book.Review(shown.Id, (int)(filled.Number("revision") ?? 0), act == "approve", filled["note"], cancel);
                return act;
            default:
                throw new InvalidInputException("act", "is no act that is known");
        }
    }

    private static async Task<AutomationView?> Look(Visit visit, string id, AutomationBook book, AutomationDesk desk, Colleagues colleagues, long? before, CancellationToken cancel)
    {
        if (await book.Find(id, cancel) is not { } known)
        {
            return null;
        }

        var (revisions, runs) = (await book.ListRevisions(id, cancel), await desk.ListRuns(id, before, AutomationView.Top, cancel));
        var people = revisions.SelectMany(revision => new[] { revision.MadeBy, revision.ReviewedBy }).Concat(runs.Select(run => run.UndoneBy));
        return new AutomationView(await visit.Naming(colleagues, people, cancel), known, revisions, runs) { MayWrite = visit.Me is not null && visit.Caller.MaySomewhere(Trust.Act.Write, Kinds.Automation) };
    }

    private static RazorComponentResult<AutomationPage> Page(AutomationView view) => new(new { View = view }) { StatusCode = HouseForm.StatusOf(view.Filled) };
}
