using System.Globalization;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Places;
using Madang.Web.Pages.Alerts;
using Madang.Web.Pages.Rules;

namespace Madang.Web.Pages.Automation;

/// <summary>What an automation can name.</summary>
/// <param name="Rules">The rules whose alerts can start it.</param>
/// <param name="Districts">The districts.</param>
/// <param name="Contacts">Whom it can tell.</param>
/// <param name="Rosters">Whose holder it can tell.</param>
internal sealed record AutomationNames(IReadOnlyList<KnownRule> Rules, IReadOnlyList<Place> Districts, IReadOnlyList<MessageContact> Contacts, IReadOnlyList<DutyRoster> Rosters);

/// <summary>The fields of an automation, with those of one trigger and one act.</summary>
internal static class AutomationGroups
{
    /// <summary>The kinds of triggers, in the order of the menu.</summary>
    public static IReadOnlyList<string> Triggers { get; } = ["clock", "every", "alert", "incident"];

    /// <summary>The kinds of acts.</summary>
    public static IReadOnlyList<string> Acts { get; } = ["task", "send", "report", "lamp", "publish"];

    public static IReadOnlyList<DataGroup> Of(Language language, string when, string does, AutomationNames names)
    {
        var rules = names.Rules.Where(known => known.InForce is not null).Select(known => (known.Id, $"{language.Of(known.InForce!.Rule.Name)} ({known.Id})")).ToList();
        List<(string, string)> districts = [.. names.Districts.Select(district => (district.Code, language.IsKorean ? district.NameKo : district.NameEn))];
        DataField[] trigger = when switch
        {
            "clock" => [Need("when.time", DataKind.Time), Field("when.days", DataKind.Ticks) with { Options = RuleGroups.Days(language) }],
            "every" => [Need("when.minutes", DataKind.Whole)],
            "alert" =>
            [
                Need("when.rule", DataKind.Choice) with { Options = rules, Empty = language["form.choose"] }, Field("when.on", DataKind.Ticks) with { Options = Words("on", "raised", "upgraded", "lifted") },
                Field("when.level", DataKind.Text) with { Hint = Say("level.hint"), Longest = 40 }, Field("when.district", DataKind.Choice) with { Options = districts, Empty = Say("anywhere") },
            ],
            _ =>
            [
                Field("when.incident", DataKind.Choice) with { Options = [.. IncidentKind.All.Select(kind => (kind.Code, language.Of(kind.Name)))], Empty = Say("any") },
                Field("when.stage", DataKind.Choice) with { Options = [.. IncidentKind.All.SelectMany(kind => kind.Stages).DistinctBy(stage => stage.Code).Select(stage => (stage.Code, language.Of(stage.Name)))], Empty = Say("opened"), Hint = Say("stage.hint") },
            ],
        };
        DataField[] act = does switch
        {
            "send" =>
            [
                .. Both("do.text", Say("text.hint")), Field("do.contacts", DataKind.WholeTicks) with { Options = [.. names.Contacts.Where(contact => contact.Contact.Person is null).Select(contact => (contact.Id.ToString(CultureInfo.InvariantCulture), contact.Contact.Name))], Empty = Say("contacts.none") },
                Field("do.rosters", DataKind.Ticks) with { Options = [.. names.Rosters.Select(roster => (roster.Id, language.Of(roster.Plan.Name)))], Empty = Say("rosters.none") }, Field("do.isUrgent", DataKind.Tick),
            ],
            "task" => [.. Both("do.text", Say("text.hint")), .. Both("do.department", null), Need("do.dueMinutes", DataKind.Whole)],
            "report" => [Need("do.of", DataKind.Choice) with { Options = Words("of", "day", "incident") }],
            "lamp" => [Need("do.level", DataKind.Whole), Need("do.minutes", DataKind.Whole) with { Label = Say("do.lampMinutes") }, Field("do.street", DataKind.Text) with { Longest = 200 }, Field("do.lamps", DataKind.Wholes) with { Longest = 4_000, Hint = Say("lamps.hint") }],
            _ => [.. Both("do.text", Say("text.hint")), Need("do.hours", DataKind.Whole), Field("do.district", DataKind.Choice) with { Options = [("city", Say("city")), .. districts], Empty = Say("where") }],
        };
        return
        [
            new(Say("about"), [.. Both("name", null), .. Both("owner", null), Need("data", DataKind.Choice) with { Options = [("real", language["form.real"]), ("simulated", language["world.simulated"])] }, Need("mostPerHour", DataKind.Whole)]),
            new(Say("trigger." + when), trigger), new(Say("act." + does), act),
        ];

        string Say(string key) => language["form.auto." + key];
        DataField Field(string path, DataKind kind) => new(path, kind, Say(path));
        DataField Need(string path, DataKind kind) => Field(path, kind) with { IsRequired = true };
        DataField[] Both(string path, string? hint) => [Need(path + ".ko", DataKind.Text) with { Hint = hint }, Need(path + ".en", DataKind.Text)];
        IReadOnlyList<(string, string)> Words(string group, params string[] values) => [.. values.Select(value => (value, Say(group + "." + value)))];
    }

    /// <summary>What an automation begins with whose trigger or act is of another kind, or what a new one begins with.</summary>
    public static JsonObject Begin(JsonObject? data, string when, string does)
    {
        data ??= new JsonObject { ["isDry"] = true, ["mostPerHour"] = Madang.Operations.Automation.UsualPerHour };
        if ((string?)data["when"]?["kind"] != when)
        {
            data["when"] = when == "alert" ? new JsonObject { ["kind"] = when, ["on"] = new JsonArray("raised", "upgraded") } : new JsonObject { ["kind"] = when };
        }

        if ((string?)data["do"]?["kind"] != does)
        {
            data["do"] = new JsonObject { ["kind"] = does };
        }

        return data;
    }
}
