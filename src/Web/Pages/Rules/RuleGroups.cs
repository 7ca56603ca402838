using System.Globalization;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Places;
using Madang.Web.Pages.Alerts;
using Madang.Web.Pages.Fields;

namespace Madang.Web.Pages.Rules;

/// <summary>The fields of a rule, with those of one kind of signal.</summary>
/// <param name="language">The reader's language.</param>
/// <param name="data">The rule that is written, or what a new one begins with.</param>
/// <param name="rules">The rules by which it could go.</param>
/// <param name="districts">The districts.</param>
internal sealed class RuleGroups(Language language, JsonObject data, IReadOnlyList<KnownRule> rules, IReadOnlyList<Place> districts)
{
    private const int MostLevels = 6, MostUses = 10, Spare = 2;

    /// <summary>The kinds of signals, in the order of the menu.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["reading", "mean", "change", "usual", "neighbours", "silence", "unchanged", "count", "combination", "facts", "schedule"];

    /// <summary>All fields for a kind of signal.</summary>
    public IReadOnlyList<DataGroup> Of(string kind) => DataForm.WithStored(
    [
        new(Say("rule"), [Text("name.ko"), Text("name.en"), Text("owner.ko"), Text("owner.en"), Text("source.title"), Text("source.url") with { IsRequired = false }, Need("from", DataKind.Day), Field("until", DataKind.Day) with { Hint = language["rule.until.hint"] }, Choice("data", [("real", language["form.real"]), ("simulated", language["world.simulated"])])]),
        .. Scope(kind),
        .. Signal(kind),
        .. !HasSide(kind) ? (DataGroup[])[] : [new(Say("side"), [Choice("side", Words("side", "above", "below"))])],
        .. Rows("levels", MostLevels, Level),
        new(Say("follows"), [Field("isPublic", DataKind.Tick), Field("givesOrders", DataKind.Tick) with { Hint = Say("givesOrders.hint") }]),
    ], data);

    /// <summary>What a rule begins with whose signal is of another kind, or what a new one begins with.</summary>
    public static JsonObject Begin(JsonObject? data, string kind, DateOnly today)
    {
        data ??= new JsonObject
        {
            ["from"] = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["each"] = EachOf(kind)[0],
            ["levels"] = new JsonArray(kind == "schedule" ? new JsonObject { ["from"] = 1, ["holdMinutes"] = 0, ["lift"] = 1 } : new JsonObject { ["holdMinutes"] = 0 }),
        };
        if ((string?)data["signal"]?["kind"] != kind)
        {
            Fit(data, kind);
            data["signal"] = kind switch
            {
                "reading" => new JsonObject { ["kind"] = kind, ["pauseMinutes"] = 30 },
                "mean" => new JsonObject { ["kind"] = kind, ["stepMinutes"] = 60, ["complete"] = 0.75 },
                "neighbours" => new JsonObject { ["kind"] = kind, ["stepMinutes"] = 60, ["count"] = 5, ["withinMetres"] = 3000 },
                "count" => new JsonObject { ["kind"] = kind, ["withinMinutes"] = 10 },
                "facts" => new JsonObject { ["kind"] = kind, ["of"] = "incidents", ["withinMinutes"] = 60 },
                _ => new JsonObject { ["kind"] = kind },
            };
        }

        return data;
    }

    /// <summary>What a signal of another kind cannot have, and no field would show, goes.</summary>
    private static void Fit(JsonObject data, string kind)
    {
        if (!EachOf(kind).Contains((string?)data["each"]))
        {
            data["each"] = EachOf(kind)[0];
        }

        if (!HasSide(kind))
        {
            data.Remove("side");
        }

        if (kind is "facts" or "schedule" && data["scope"] is JsonObject scope)
        {
            foreach (var name in scope.Select(member => member.Key).Where(name => kind == "schedule" || name is not ("districts" or "regions")).ToList())
            {
                scope.Remove(name);
            }
        }
    }

    /// <summary>What a signal of a kind can speak for; the first is what a rule begins with.</summary>
    private static string[] EachOf(string kind) => kind switch
    {
        "combination" => ["city", "datastream", "district", "region"],
        "mean" => ["datastream", "district", "region", "city"],
        "count" or "facts" => ["city", "district", "region"],
        "schedule" => ["city"],
        _ => ["datastream"],
    };

    private static bool HasSide(string kind) => kind is not ("schedule" or "silence" or "unchanged" or "count" or "combination" or "facts");

    /// <summary>The rule of a form. Its rows are written anew; regions belong to a rule that speaks for them.</summary>
    public Rule Read(string kind, Filled filled)
    {
        var basis = (JsonObject)data.DeepClone();
        basis["levels"] = new JsonArray();
        if (kind == "combination")
        {
            basis["signal"]!["rules"] = new JsonArray();
        }

        if (filled["each"] != "region" && basis["scope"] is JsonObject scope)
        {
            scope.Remove("regions");
        }

        return DataForm.Read<Rule>(basis, Of(kind), filled);
    }

    private IEnumerable<DataGroup> Scope(string kind)
    {
        List<DataField> fields = [];
        if (kind != "schedule")
        {
            var hasRegions = DataForm.Find(data, "scope.regions") is JsonArray { Count: > 0 };
            fields.Add(Choice("each", Words("each", [.. EachOf(kind).Where(one => one != "region" || hasRegions)])));
        }

        if (kind is not ("schedule" or "facts"))
        {
            var isMeasured = kind is "reading" or "mean" or "change" or "usual" or "neighbours";
            fields.AddRange([Field("scope.measure", DataKind.Text) with { IsRequired = isMeasured || kind == "unchanged", Longest = 40, Hint = Say("scope.measure.hint") }, Field("scope.unit", DataKind.Text) with { IsRequired = isMeasured, Longest = 40 }]);
            fields.AddRange([Field("scope.kind", DataKind.Text), Field("scope.tag", DataKind.Text), Field("scope.datastreams", DataKind.Wholes) with { Longest = 4_000, Hint = Say("list.hint") }]);
        }

        if (kind != "schedule")
        {
            fields.Add(Field("scope.districts", DataKind.Ticks) with { Options = [.. districts.Select(district => (district.Code, language.IsKorean ? district.NameKo : district.NameEn))] });
        }

        return fields.Count == 0 ? [] : [new DataGroup(Say("scope"), fields)];
    }

    private IEnumerable<DataGroup> Signal(string kind)
    {
        var step = Choice("signal.stepMinutes", [("10", Say("step.10")), ("60", Say("step.60")), ("1440", Say("step.1440"))]);
        var within = Need("signal.withinMinutes", DataKind.Whole);
        DataField[] fields = kind switch
        {
            "reading" => [Need("signal.pauseMinutes", DataKind.Whole)],
            "mean" => [step, Choice("signal.of", Words("sum", "mean", "max", "min")), Choice("signal.across", Words("sum", "mean", "max", "min")), Need("signal.complete", DataKind.Number)],
            "change" => [Need("signal.overMinutes", DataKind.Whole)],
            "usual" => [Need("signal.days", DataKind.Whole) with { Label = Say("signal.daysBefore") }],
            "neighbours" => [step, Need("signal.count", DataKind.Whole), Need("signal.withinMetres", DataKind.Whole)],
            "count" => [Rule("signal.rule") with { IsRequired = true }, Field("signal.level", DataKind.Text) with { Hint = Say("level.hint") }, within, Choice("signal.of", Words("of", "datastreams", "things")), Choice("signal.as", Words("as", "number", "share"))],
            "facts" => [Field("signal.kinds", DataKind.Ticks) with { Options = [.. IncidentKind.All.Select(each => (each.Code, language.Of(each.Name)))] }, within],
            "schedule" => [Field("signal.months", DataKind.WholeTicks) with { Options = [.. Enumerable.Range(1, 12).Select(month => (Number(month), Say("month." + Number(month))))] }, Field("signal.days", DataKind.Ticks) with { Options = Days(language) }, Need("signal.fromTime", DataKind.Time), Need("signal.untilTime", DataKind.Time) with { Hint = Say("signal.untilTime.hint") }],
            _ => [],
        };
        return kind == "combination" ? Rows("signal.rules", MostUses, row => [Rule($"{row}.rule") with { IsRequired = true }, Field($"{row}.level", DataKind.Text) with { Hint = Say("level.hint") }]) : fields.Length == 0 ? [] : [new DataGroup(Say("signal"), fields)];
    }

    private DataField[] Level(string row) =>
    [
        Field(row + ".name", DataKind.Text) with { IsRequired = true, Longest = 40, Hint = Say("levels.name.hint") }, Field(row + ".title.ko", DataKind.Text), Field(row + ".title.en", DataKind.Text),
        Need(row + ".from", DataKind.Number), Need(row + ".holdMinutes", DataKind.Whole), Need(row + ".lift", DataKind.Number),
    ];

    /// <summary>As many rows as there are, and some to spare.</summary>
    private IEnumerable<DataGroup> Rows(string path, int most, Func<string, IReadOnlyList<DataField>> fields)
    {
        var known = (DataForm.Find(data, path) as JsonArray)?.Count ?? 0;
        return Enumerable.Range(0, Math.Min(most, known + Spare)).Select(index => new DataGroup(language.Say("form.rule." + path, index + 1), [.. fields(FormattableString.Invariant($"{path}[{index}]")).Select(field => field with { IsSpare = index > 0 })]) { IsRow = true });
    }

    private DataField Rule(string path) =>
        Field(path, DataKind.Choice) with { Empty = language["form.choose"], Options = [.. rules.Where(known => known.InForce is not null).Select(known => (known.Id, $"{language.Of(known.InForce!.Rule.Name)} ({known.Id})"))] };

    /// <summary>The days of the week, to choose from.</summary>
    internal static IReadOnlyList<(string, string)> Days(Language language) => [.. Enum.GetNames<RuleDay>().Select(day => (day.ToLowerInvariant(), language["form.day." + day.ToLowerInvariant()]))];

    private DataField Text(string path) => Need(path, DataKind.Text);

    private DataField Need(string path, DataKind kind) => Field(path, kind) with { IsRequired = true };

    private DataField Choice(string path, IReadOnlyList<(string, string)> options) => Field(path, DataKind.Choice) with { Options = options };

    private DataField Field(string path, DataKind kind) => new(path, kind, Say(path.Contains(']', StringComparison.Ordinal) ? path[..path.IndexOf('[', StringComparison.Ordinal)] + path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..] : path));

    private List<(string, string)> Words(string group, params ReadOnlySpan<string> values)
    {
        var words = new List<(string, string)>();
        foreach (var value in values)
        {
            words.Add((value, Say(group + "." + value)));
        }

        return words;
    }

    private string Say(string key) => language["form.rule." + key];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
