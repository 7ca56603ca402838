using System.Globalization;
using System.Resources;

namespace Madang.Operations.Rules;

/// <summary>A rule in plain words, made from its numbers alone: what it says is what it does.</summary>
internal sealed class RuleSentence
{
    private static readonly ResourceManager Words = new("Madang.Operations.Rules.RuleWords", typeof(RuleSentence).Assembly);

    private readonly CultureInfo culture;
    private readonly bool isKorean;

    private RuleSentence(string language) => (culture, isKorean) = (CultureInfo.GetCultureInfo(language), language == "ko");

    /// <summary>The sentences of a rule in both languages.</summary>
    public static RuleText Of(Rule rule) => new(new RuleSentence("ko").Say(rule), new RuleSentence("en").Say(rule));

    /// <summary>What people call a measure; null for one without a name here.</summary>
    public static string? FindMeasure(string code, CultureInfo culture) => Words.GetString("measure." + code, culture);

    private string Say(Rule rule)
    {
        var said = rule.Signal is ScheduleSignal schedule ? [Fill("schedule", When(schedule), Title(rule.Levels[0]))] : Levels(rule);
        if (Only(rule) is { Count: > 0 } only)
        {
            said.Add(Fill("only", string.Join(", ", only)));
        }

        said.Add(rule.Until is { } until ? Fill("from-until", Day(rule.From), Day(until)) : Fill("from", Day(rule.From)));
        return string.Join(' ', said);
    }

    /// <summary>What narrows the scope.</summary>
    private List<string> Only(Rule rule)
    {
        var (scope, only) = (rule.Scope, new List<string>());
        void Add(bool narrows, string key, object? value = null)
        {
            if (narrows)
            {
                only.Add(Fill(key, value));
            }
        }

        Add(scope.Kind is not null, "only.kind", scope.Kind);
        Add(scope.Tag is not null, "only.tag", scope.Tag);
        Add(scope.Districts.Count > 0, "only.districts", string.Join(' ', scope.Districts));
        Add(scope.Polygon.Count > 0, "only.area");
        Add(scope.Datastreams.Count > 0, "only.datastreams", scope.Datastreams.Count);
        Add(rule.Data == CityData.Simulated, "only.simulated");
        return only;
    }

    /// <summary>The first sentence says what is watched; each says from where to where a level reaches.</summary>
    private List<string> Levels(Rule rule)
    {
        var side = rule.Side == RuleSide.Above ? "above" : "below";
        return
        [
            .. rule.Levels.Select((level, index) =>
            {
                var (value, lift) = (Value(rule, level.From), Value(rule, level.Lift));
                var reached = level.HoldMinutes > 0 ? Fill("reached." + side + ".held", value, Span(level.HoldMinutes)) : Fill("reached." + side, value);
                var clause = Fill(index == 0 ? "level" : "level.higher", reached, Title(level), Fill("lifted." + side, lift));
                return index == 0 ? Fill("first", Fill("each." + Word(rule.Each)), Signal(rule), clause) : clause;
            }),
        ];
    }

    private string Signal(Rule rule)
    {
        var measure = rule.Scope.Measure is { } code ? Find("measure." + code) ?? code : "";
        return rule.Signal switch
        {
            MeanSignal { Across: RuleSum.Max } mean when rule.Each != RuleSubject.Datastream => Fill("signal.any", measure, Step(mean.StepMinutes), Fill("sum." + Word(mean.Of))),
            MeanSignal { Across: RuleSum.Min } mean when rule.Each != RuleSubject.Datastream => Fill("signal.every", measure, Step(mean.StepMinutes), Fill("sum." + Word(mean.Of))),
            MeanSignal mean => Fill("signal.mean", measure, Step(mean.StepMinutes), Fill("sum." + Word(mean.Of))),
            ChangeSignal change => Fill("signal.change", measure, Span(change.OverMinutes)),
            UsualSignal usual => Fill("signal.usual", measure, usual.Days),
            NeighboursSignal near => Fill("signal.neighbours", measure, Step(near.StepMinutes), near.Count, near.WithinMetres % 1000 == 0 ? near.WithinMetres / 1000 + "km" : near.WithinMetres + "m"),
            CountSignal count => Fill("signal.count." + Word(count.As), Counted(count), count.WithinMinutes == 0 ? Fill("within.now") : Fill("within", Span(count.WithinMinutes)), Fill("of." + Word(count.Of))),
            CombinationSignal combination => Fill("signal.combination", string.Join(", ", combination.Rules.Select(Named))),
            FactsSignal facts => Fill("signal.incidents", string.Join(", ", facts.Kinds.Select(kind => IncidentKind.Find(kind) is { Name: var name } ? isKorean ? name.Ko : name.En : kind)) is { Length: > 0 } kinds ? Fill("of.kinds", kinds) : "", Fill("within", Span(facts.WithinMinutes))),
            SilenceSignal => Fill("signal.silence"),
            UnchangedSignal => Fill("signal.unchanged", measure),
            _ => Fill("signal.reading", measure),
        };
    }

    private string Counted(CountSignal count) => Named(new RuleUse(count.Rule, count.Level));

    private string Named(RuleUse use) => use.Level is null ? Fill("used", use.Rule) : Fill("used.level", use.Rule, use.Level);

    /// <summary>A value of a level with its unit, or as minutes, or as what is counted.</summary>
    private string Value(Rule rule, double value) => rule.Signal switch
    {
        SilenceSignal or UnchangedSignal => Span((int)value),
        CountSignal { As: CountAs.Number } count => Fill("number." + Word(count.Of), Plain(value)),
        CombinationSignal combination => Fill(value >= combination.Rules.Count && value > 1 ? "number.rules.all" : "number.rules", Plain(value)),
        FactsSignal => Fill("number.incidents", Plain(value)),
        _ => Number(value, rule.ValueUnit ?? ""),
    };

    private string When(ScheduleSignal schedule)
    {
        List<string> parts = [];
        if (schedule.Months.Count > 0)
        {
            parts.Add(string.Join(", ", schedule.Months.Select(month => isKorean ? $"{month}월" : CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month))));
        }

        if (schedule.Days.Count > 0)
        {
            parts.Add(string.Join(", ", schedule.Days.Select(day => Fill("day." + Word(day)))));
        }

        parts.Add(schedule.FromTime == schedule.UntilTime ? Fill("all-day") : Fill("hours", Time(schedule.FromTime), Time(schedule.UntilTime)));
        return string.Join(' ', parts);
    }

    private string Step(int minutes) => minutes switch { 10 => Fill("step.10"), 60 => Fill("step.60"), _ => Fill("step.1440") };

    private string Span(int minutes) => minutes switch
    {
        > 0 when minutes % 1440 == 0 => Count("days", minutes / 1440),
        > 0 when minutes % 60 == 0 => Count("hours-long", minutes / 60),
        _ => Count("minutes", minutes),
    };

    private string Count(string key, int count) => Fill(count == 1 ? key + ".one" : key, count);

    private string Title(RuleLevel level) => level.Title is { } title ? isKorean ? title.Ko : title.En : level.Name;

    private string Day(DateOnly day) => isKorean ? string.Create(CultureInfo.InvariantCulture, $"{day.Year}년 {day.Month}월 {day.Day}일") : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private string Fill(string key, params ReadOnlySpan<object?> values) =>
        string.Format(CultureInfo.InvariantCulture, Find(key) ?? throw new InvalidOperationException($"There are no words for '{key}'."), values);

    private string? Find(string key) => Words.GetString(key, culture);

    private static string Plain(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.######}");

    private static string Number(double value, string unit) => Plain(value) + (unit is "%" or "℃" or "㎍/㎥" ? "" : " ") + unit;

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
