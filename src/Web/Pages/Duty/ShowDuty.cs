using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Duty;

/// <summary><c>/duty</c>: who is on duty, and what work is done on. Both are planned here.</summary>
internal static class ShowDuty
{
    private const string Path = "/duty";

    internal static Task<IResult> Show(Visit visit, DutyDesk duty, MaintenanceDesk maintenance, MessageDesk messages, RuleBook book, Colleagues colleagues, [FromQuery] string? done, CancellationToken cancel) =>
        Page(visit, duty, maintenance, messages, book, colleagues, Filled.Empty, DutyForm.Done(visit, done), cancel);

    internal static async Task<IResult> Act(Visit visit, IFormCollection form, DutyDesk duty, MaintenanceDesk maintenance, MessageDesk messages, RuleBook book, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await DutyForm.Try(
            visit, filled,
            async () =>
            {
                var act = filled["act"];
                await (act switch
                {
                    "begin" => maintenance.Begin(Scope(filled), DutyForm.Moment(visit, filled, "from"), DutyForm.Need(visit, filled, "until"), filled["reason"], cancel),
                    "end" => maintenance.End(filled.Number("window") ?? 0, cancel),
                    "roster" => Make(filled, duty, cancel),
                    "shift" => Add(visit, filled, duty, cancel),
                    "unshift" => Remove(visit, filled, duty, cancel),
                    "unroster" => duty.Delete(filled["roster"] ?? "", Version(filled), cancel),
                    _ => throw new InvalidInputException("act", "is begin, end, roster, shift, unshift or unroster"),
                });
                return DutyForm.Back(visit, Path, act!);
            },
            wrong => Page(visit, duty, maintenance, messages, book, colleagues, wrong, null, cancel));
    }

    private static MaintenanceScope Scope(Filled filled)
    {
        var which = DutyForm.Words(filled, "which");
        return filled["what"] switch
        {
            "all" => new MaintenanceScope { All = true },
            "rules" => new MaintenanceScope { Rules = which },
            "districts" => new MaintenanceScope { Districts = which },
            "things" => new MaintenanceScope { Things = Ids(which) },
            "datastreams" => new MaintenanceScope { Datastreams = Ids(which) },
            _ => throw new InvalidInputException("what", "is all, rules, districts, things or datastreams"),
        };
    }

    private static IReadOnlyList<long> Ids(IEnumerable<string> words) =>
        [.. words.Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new InvalidInputException("which", "are numbers"))];

    private static async Task Make(Filled filled, DutyDesk duty, CancellationToken cancel)
    {
        var id = filled["id"] ?? "";
        var waits = DutyForm.Words(filled, "waits").Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : throw new InvalidInputException("waits", "are minutes, such as 10 15 30"));
        if (await duty.Find(id, cancel) is not null)
        {
            throw new CityRuleException("roster-taken", "There is a roster of this id.");
        }

        await duty.Write(id, new DutyPlan { Name = new(filled["ko"] ?? "", filled["en"] ?? ""), Rules = DutyForm.Words(filled, "rules"), Steps = [.. waits.Select(minutes => new DutyStep(minutes))] }, 0, cancel);
    }

    private static async Task Add(Visit visit, Filled filled, DutyDesk duty, CancellationToken cancel)
    {
        var roster = await Roster(filled, duty, cancel);
        var shift = new DutyShift((int)(filled.Number("step") ?? 0), filled["person"]?.Trim() is { Length: > 0 } person ? person : DutyForm.Me(visit), DutyForm.Need(visit, filled, "from"), DutyForm.Need(visit, filled, "until"));
        if (shift.Until <= visit.At)
        {
            throw new InvalidInputException("until", "lies in the past");
        }

        await duty.Write(roster.Id, roster.Plan with { Shifts = [.. roster.Plan.Shifts, shift] }, Version(filled) ?? roster.Version, cancel);
    }

    private static async Task Remove(Visit visit, Filled filled, DutyDesk duty, CancellationToken cancel)
    {
        var roster = await Roster(filled, duty, cancel);
        var (step, from) = (filled.Number("step"), filled["from"]);
        // A shift that has begun ends now; one that has not is taken out.
        var shifts = roster.Plan.Shifts.Where(shift => shift.Step != step || IsoTime.Write(shift.From) != from || shift.Until <= visit.At);
        var begun = roster.Plan.Shifts.Where(shift => shift.Step == step && IsoTime.Write(shift.From) == from && shift.From < visit.At && shift.Until > visit.At).Select(shift => shift with { Until = visit.At });
        await duty.Write(roster.Id, roster.Plan with { Shifts = [.. shifts, .. begun] }, Version(filled) ?? roster.Version, cancel);
    }

    /// <summary>The version that the reader saw: what another changed meanwhile he has not seen.</summary>
    private static long? Version(Filled filled) => filled["version"] is not { } text ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : throw new InvalidInputException("version", "is a whole number");

    private static async Task<DutyRoster> Roster(Filled filled, DutyDesk duty, CancellationToken cancel) => await duty.Find(filled["roster"] ?? "", cancel) ?? throw new InvalidInputException("roster", "is no roster");

    private static async Task<IResult> Page(Visit visit, DutyDesk duty, MaintenanceDesk maintenance, MessageDesk messages, RuleBook book, Colleagues colleagues, Filled filled, string? done, CancellationToken cancel)
    {
        var rosters = await duty.List(cancel);
        visit = await visit.Naming(colleagues, rosters.SelectMany(roster => roster.Plan.Shifts).Where(shift => shift.Until > visit.At && shift.From < visit.At.AddDays(DutyView.Days)).Select(shift => "person:" + shift.Person), cancel);
        var view = new DutyView(visit, rosters, await maintenance.List(false, null, MaintenanceDesk.MostAtOnce, cancel), await DutyForm.Rules(book, cancel), await messages.CountFailed(cancel), filled) { Done = done };
        return new RazorComponentResult<DutyPage>(new { View = view }) { StatusCode = HouseForm.StatusOf(filled) };
    }
}
