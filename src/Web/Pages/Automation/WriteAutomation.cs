using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Places;
using Madang.Trust;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.Fields;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Automation;

/// <summary><c>/automations/new</c> and <c>/automations/{id}/change</c>: an automation is written. A new one is dry, and does nothing before somebody says so.</summary>
internal static class WriteAutomation
{
    internal static async Task<IResult> New(Visit visit, AutomationBook book, RuleBook rules, PlaceBook places, ContactDesk contacts, DutyDesk duty, [FromQuery] string? when, [FromQuery] string? @do, CancellationToken cancel) =>
        Page(await Look(visit, null, when, @do, rules, places, contacts, duty, cancel));

    internal static async Task<IResult> Change(Visit visit, string id, AutomationBook book, RuleBook rules, PlaceBook places, ContactDesk contacts, DutyDesk duty, [FromQuery] string? when, [FromQuery] string? @do, CancellationToken cancel) =>
        await book.Find(id, cancel) is { } known ? Page(await Look(visit, known, when, @do, rules, places, contacts, duty, cancel)) : MissingPage.Answer(visit);

    internal static async Task<IResult> Act(Visit visit, string? id, IFormCollection form, AutomationBook book, RuleBook rules, PlaceBook places, ContactDesk contacts, DutyDesk duty, CancellationToken cancel)
    {
        var filled = new Filled(form);
        var known = id is null ? null : await book.Find(id, cancel);
        if (id is not null && known is null)
        {
            return MissingPage.Answer(visit);
        }

        var view = await Look(visit, known, filled["when"], filled["do"], rules, places, contacts, duty, cancel);
        return await FormTry.Do(
            visit, view.Groups, filled,
            async () =>
            {
                var automation = DataForm.Read<Madang.Operations.Automation>(view.Data, view.Groups, filled);
                if (filled["act"] == "preview")
                {
                    return Page(view with { Filled = filled, Preview = AutomationBook.Preview(automation) });
                }

                FormTry.DemandSeen(filled, view.Seen);
                var word = id ?? FormTry.NewId(filled, filled["id"] is { } asked && await book.Find(asked.Trim(), cancel) is not null);
                var written = await book.Write(word, automation, filled["on"] is not null, cancel);
                return HouseForm.Done(visit, "/automations/" + word, written.State == RuleReview.Proposed ? "proposed" : "written");
            },
            wrong => Page(view with { Filled = wrong }));
    }

    /// <summary>Who may be told is read only for a form that tells somebody: each look at contacts is on record.</summary>
    private static async Task<AutomationFormView> Look(Visit visit, KnownAutomation? known, string? when, string? does, RuleBook rules, PlaceBook places, ContactDesk contacts, DutyDesk duty, CancellationToken cancel)
    {
        var data = known is null ? null : (JsonObject)JsonSerializer.SerializeToNode((known.Proposed ?? known.InForce)!.Automation, JsonSerializerOptions.Web)!;
        var trigger = when is not null && AutomationGroups.Triggers.Contains(when) ? when : (string?)data?["when"]?["kind"] ?? AutomationGroups.Triggers[0];
        var act = does is not null && AutomationGroups.Acts.Contains(does) ? does : (string?)data?["do"]?["kind"] ?? AutomationGroups.Acts[0];
        var tells = act == "send" && visit.Caller.MaySomewhere(Trust.Act.Write, Kinds.Alert);
        var names = new AutomationNames(await rules.List(cancel), await places.ListDistricts(cancel), tells ? await contacts.List(cancel) : [], tells ? await duty.List(cancel) : []);
        var begin = AutomationGroups.Begin(data, trigger, act);
        return new AutomationFormView(visit, known, trigger, act, begin, DataForm.WithStored(AutomationGroups.Of(visit.Language, trigger, act, names), begin));
    }

    private static RazorComponentResult<AutomationFormPage> Page(AutomationFormView view) => new(new { View = view }) { StatusCode = HouseForm.StatusOf(view.Filled) };
}
