using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Places;
using Madang.Web.Pages.Errors;
using Madang.Web.Pages.Fields;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Rules;

/// <summary><c>/rules/new</c> and <c>/rules/{id}/change</c>: a rule is written with all its fields, and tried before it is.</summary>
internal static class WriteRule
{
    internal static async Task<IResult> New(Visit visit, RuleBook book, PlaceBook places, [FromQuery] string? signal, CancellationToken cancel) =>
        Page((await Look(visit, null, signal, book, places, cancel)).View);

    internal static async Task<IResult> Change(Visit visit, string id, RuleBook book, PlaceBook places, [FromQuery] string? signal, CancellationToken cancel) =>
        await book.Find(id, cancel) is { } known ? Page((await Look(visit, known, signal, book, places, cancel)).View) : MissingPage.Answer(visit);

    internal static async Task<IResult> Act(Visit visit, string? id, IFormCollection form, RuleBook book, RuleDesk desk, PlaceBook places, CancellationToken cancel)
    {
        var filled = new Filled(form);
        var known = id is null ? null : await book.Find(id, cancel);
        if (id is not null && known is null)
        {
            return MissingPage.Answer(visit);
        }

        var (view, groups) = await Look(visit, known, filled["signal"], book, places, cancel);
        return await FormTry.Do(
            visit, view.Groups, filled,
            async () =>
            {
                var rule = groups.Read(view.Signal, filled);
                if (filled["act"] == "try")
                {
                    var days = RuleView.TrialDays.FirstOrDefault(days => days == filled.Number("days"), RuleView.TrialDays[0]);
                    return Page(view with { Filled = filled, Tried = rule, Trial = await desk.Try(rule, visit.At.AddDays(-days), visit.At, cancel) });
                }

                FormTry.DemandSeen(filled, view.Seen);
                var word = id ?? FormTry.NewId(filled, filled["id"] is { } asked && await book.Find(asked.Trim(), cancel) is not null);
                var written = await book.Write(word, rule, filled["on"] is not null, cancel);
                return HouseForm.Done(visit, "/rules/" + word, written.State == RuleReview.Proposed ? "proposed" : "written");
            },
            wrong => Page(view with { Filled = wrong }));
    }

    private static async Task<(RuleFormView View, RuleGroups Groups)> Look(Visit visit, KnownRule? known, string? signal, RuleBook book, PlaceBook places, CancellationToken cancel)
    {
        var data = known is null ? null : (JsonObject)JsonSerializer.SerializeToNode((known.Proposed ?? known.InForce)!.Rule, JsonSerializerOptions.Web)!;
        var kind = signal is not null && RuleGroups.Kinds.Contains(signal) ? signal : (string?)data?["signal"]?["kind"] ?? RuleGroups.Kinds[0];
        var begin = RuleGroups.Begin(data, kind, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(visit.At, visit.Zone).DateTime));
        var groups = new RuleGroups(visit.Language, begin, [.. (await book.List(cancel)).Where(each => each.Id != known?.Id)], await places.ListDistricts(cancel));
        return (new RuleFormView(visit, known, kind, begin, groups.Of(kind)), groups);
    }

    private static RazorComponentResult<RuleFormPage> Page(RuleFormView view) => new(new { View = view }) { StatusCode = HouseForm.StatusOf(view.Filled) };
}
