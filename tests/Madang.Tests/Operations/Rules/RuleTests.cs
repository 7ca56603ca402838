using Madang.Kernel;
using Madang.Operations;
using Madang.Operations.Rules;

namespace Madang.Tests.Operations.Rules;

/// <summary>Rules as data: what is shipped, what is refused, and what they say in words.</summary>
public sealed class RuleTests
{
    /// <summary>대기환경보전법 시행규칙 별표 7, as the table is printed.</summary>
    [Theory]
    [InlineData("pm10", "advisory 150 120 100, warning 300 120 150")]
    [InlineData("pm25", "advisory 75 120 35, warning 150 120 75")]
    [InlineData("o3", "advisory 0.12 0 0.12, warning 0.3 0 0.3, serious-warning 0.5 0 0.5")]
    public void The_shipped_rules_of_the_air_are_those_of_the_law(string id, string levels)
    {
        var rule = RuleDesk.Shipped[id];

        RuleCheck.Check(rule);
        Assert.Equal(levels, string.Join(", ", rule.Levels.Select(level => FormattableString.Invariant($"{level.Name} {level.From} {level.HoldMinutes} {level.Lift}"))));
        Assert.True(rule.GivesOrders);
        Assert.Contains("별표 7", rule.Source.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_shipped_rule_makes_sense_and_can_be_said()
    {
        Assert.All(RuleDesk.Shipped.Values.Concat(ShippedRules.Resting.Values), rule =>
        {
            RuleCheck.Check(rule);
            Assert.DoesNotContain("{", RuleDesk.Say(rule).Ko + RuleDesk.Say(rule).En, StringComparison.Ordinal);
        });
        Assert.Equal(25, RuleDesk.Shipped["o3"].Scope.Regions.SelectMany(region => region.Districts).Distinct().Count());
    }

    [Fact]
    public void A_rule_says_in_both_languages_what_it_does()
    {
        var said = RuleDesk.Say(RuleDesk.Shipped["pm25"]);

        Assert.Equal(
            "시 전체에서 초미세먼지(PM2.5) 1시간 평균이 75㎍/㎥ 이상으로 2시간 이어지면 ‘주의보’이고, 35㎍/㎥ 미만이 되면 해제됩니다. 150㎍/㎥ 이상으로 2시간 이어지면 ‘경보’이고, 75㎍/㎥ 미만이 되면 한 단계 내려갑니다. 대상: 종류 air-station. 2018년 7월 1일부터 시행합니다.",
            said.Ko);
        Assert.Equal(
            "In the whole city, if the hourly mean of PM2.5 stays at 75㎍/㎥ or more for 2 hours, this is ‘Advisory’; below 35㎍/㎥, it is lifted. If it stays at 150㎍/㎥ or more for 2 hours, this is ‘Warning’; below 75㎍/㎥, it goes down one level. It watches only: kind air-station. In force from 1 July 2018.",
            said.En);
    }

    [Fact]
    public void What_goes_by_other_rules_says_by_which()
    {
        var outage = RuleDesk.Say(ShippedRules.Resting["sensor-outage"]);
        var both = RuleDesk.Say(Counting(Rule()) with { Signal = new CombinationSignal([new("dust"), new("heat", "hot")]), Levels = [new("both", 2, 30, 2)] });

        Assert.Equal("자치구마다 최근 10분 안에 규칙 ‘sensor-silence’에 걸린 센서의 비율이 30% 이상이면 ‘장애’이고, 20% 미만이 되면 해제됩니다. 2026년 1월 1일부터 시행합니다.", outage.Ko);
        Assert.Equal("In each district, if the share of sensors at which rule ‘sensor-silence’ was in force within the last 10 minutes reaches 30% or more, this is ‘Outage’; below 20%, it is lifted. In force from 1 January 2026.", outage.En);
        Assert.Equal("자치구마다 규칙 ‘dust’, 규칙 ‘heat’의 ‘hot’ 단계 가운데 발령 중인 것이 2개(모두) 이상으로 30분 이어지면 ‘both’이고, 2개(모두) 미만이 되면 해제됩니다. 2026년 1월 1일부터 시행합니다.", both.Ko);
    }

    [Fact]
    public void Every_kind_of_signal_has_words_in_both_languages()
    {
        RuleSignal[] signals =
        [
            new ReadingSignal(), new MeanSignal { Across = RuleSum.Max }, new MeanSignal { StepMinutes = 1440, Of = RuleSum.Min }, new ChangeSignal(90), new SilenceSignal(), new UnchangedSignal(), new UsualSignal(7),
            new ScheduleSignal { Months = [12], Days = [RuleDay.Monday], FromTime = new(6, 0), UntilTime = new(21, 0) },
            new NeighboursSignal(), new NeighboursSignal { WithinMetres = 500 }, new CountSignal("dust"), new CountSignal("dust") { Level = "high", WithinMinutes = 0, Of = CountOf.Things, As = CountAs.Share },
            new CombinationSignal([new("dust"), new("heat", "hot")]), new FactsSignal(RuleFacts.Incidents), new FactsSignal(RuleFacts.Incidents) { Kinds = ["fire", "flood"] },
        ];
        Assert.All(signals, signal => Assert.All((RuleSubject[])[RuleSubject.Datastream, RuleSubject.District], each =>
        {
            var said = RuleDesk.Say(Rule() with { Signal = signal, Each = each, Until = new DateOnly(2027, 1, 31) });
            Assert.DoesNotMatch("[가-힣]", said.En.Replace("‘주의’", "", StringComparison.Ordinal));
            Assert.Matches("[가-힣]", said.Ko);
        }));
    }

    public static TheoryData<string, Func<Rule, Rule>> Wrong() => new()
    {
        { "name.ko", rule => rule with { Name = new(" ", "x") } },
        { "owner.en", rule => rule with { Owner = new("과", "") } },
        { "source.title", rule => rule with { Source = new("") } },
        { "source.url", rule => rule with { Source = new("법", "javascript:alert(1)") } },
        { "until", rule => rule with { Until = rule.From.AddDays(-1) } },
        { "scope.measure", rule => rule with { Scope = rule.Scope with { Measure = null } } },
        { "scope.measure", rule => rule with { Scope = rule.Scope with { Measure = "pm2.5'--" } } },
        { "scope.unit", rule => rule with { Scope = rule.Scope with { Unit = null } } },
        { "scope.polygon", rule => rule with { Scope = rule.Scope with { Polygon = [[1, 2], [2, 3]] } } },
        { "scope.polygon", rule => rule with { Scope = rule.Scope with { Polygon = [[0, 0], [1, 1], [1, 0], [0, 1]] } } },
        { "scope.tag", rule => rule with { Scope = rule.Scope with { Tag = "a\0b" } } },
        { "levels[0]", rule => rule with { Signal = new SilenceSignal(), Levels = [new("a", 1e300, 0, 1)] } },
        { "levels[0]", rule => rule with { Signal = new SilenceSignal(), Levels = [new("a", 10, 0, 0)] } },
        { "signal.days", rule => rule with { Each = RuleSubject.City, Signal = new ScheduleSignal { Days = [.. Enumerable.Repeat(RuleDay.Monday, 8)] } } },
        { "scope.polygon[1]", rule => rule with { Scope = rule.Scope with { Polygon = [[1, 2], [2, 300], [3, 3]] } } },
        { "scope.regions", rule => rule with { Each = RuleSubject.Region, Signal = new MeanSignal() } },
        { "scope.regions[1].districts", rule => rule with { Each = RuleSubject.Region, Signal = new MeanSignal(), Scope = rule.Scope with { Regions = [new("a", new("가", "a"), ["1"]), new("b", new("나", "b"), ["1"])] } } },
        { "each", rule => rule with { Each = RuleSubject.City } },
        { "each", rule => rule with { Signal = new ScheduleSignal() } },
        { "signal.stepMinutes", rule => rule with { Signal = new MeanSignal { StepMinutes = 7 } } },
        { "signal.complete", rule => rule with { Signal = new MeanSignal { Complete = double.NaN } } },
        { "signal.overMinutes", rule => rule with { Signal = new ChangeSignal(0) } },
        { "signal.days", rule => rule with { Signal = new UsualSignal(61) } },
        { "signal.months", rule => rule with { Each = RuleSubject.City, Signal = new ScheduleSignal { Months = [13] } } },
        { "levels", rule => rule with { Levels = [] } },
        { "levels[0].lift", rule => rule with { Levels = [new("a", 10, 0, 11)] } },
        { "levels[0].lift", rule => rule with { Side = RuleSide.Below, Levels = [new("a", 10, 0, 9)] } },
        { "levels[0].from", rule => rule with { Levels = [new("a", double.NaN, 0, 1)] } },
        { "levels[0].holdMinutes", rule => rule with { Levels = [new("a", 10, -1, 1)] } },
        { "levels[1].name", rule => rule with { Levels = [new("a", 10, 0, 1), new("a", 11, 0, 1)] } },
        { "levels[1].from", rule => rule with { Levels = [new("a", 10, 0, 1), new("b", 10, 0, 1)] } },
        { "levels[1].lift", rule => rule with { Levels = [new("a", 10, 0, 9), new("b", 20, 0, 8)] } },
        { "levels[0]", rule => rule with { Signal = new SilenceSignal(), Levels = [new("a", 10, 5, 1)] } },
        { "signal.count", rule => rule with { Signal = new NeighboursSignal { Count = 2 } } },
        { "signal.withinMetres", rule => rule with { Signal = new NeighboursSignal { WithinMetres = 50_001 } } },
        { "signal.stepMinutes", rule => rule with { Signal = new NeighboursSignal { StepMinutes = 30 } } },
        { "each", rule => rule with { Each = RuleSubject.City, Signal = new NeighboursSignal() } },
        { "each", rule => rule with { Signal = new CountSignal("dust") } },
        { "side", rule => Counting(rule) with { Side = RuleSide.Below, Levels = [new("a", 3, 0, 3)] } },
        { "signal.rule", rule => Counting(rule) with { Signal = new CountSignal("d u s t") } },
        { "signal.withinMinutes", rule => Counting(rule) with { Signal = new CountSignal("dust") { WithinMinutes = -1 } } },
        { "levels[0].from", rule => Counting(rule) with { Levels = [new("a", 101, 0, 1)], Signal = new CountSignal("dust") { As = CountAs.Share } } },
        { "levels[0].lift", rule => Counting(rule) with { Levels = [new("a", 3, 0, 0)] } },
        { "signal.rules", rule => Counting(rule) with { Signal = new CombinationSignal([]) } },
        { "signal.rules[1]", rule => Counting(rule) with { Signal = new CombinationSignal([new("a"), new("a")]) } },
        { "signal.rules[0].level", rule => Counting(rule) with { Signal = new CombinationSignal([new("a", "'")]) } },
        { "levels[0].from", rule => Counting(rule) with { Signal = new CombinationSignal([new("a"), new("b")]) } },
        { "levels[0].from", rule => Counting(rule) with { Levels = [new("a", 1.5, 0, 1)], Signal = new CombinationSignal([new("a"), new("b")]) } },
        { "scope", rule => Counting(rule) with { Scope = new() { Measure = "pm25" }, Signal = new FactsSignal(RuleFacts.Incidents) } },
        { "signal.kinds", rule => Counting(rule) with { Signal = new FactsSignal(RuleFacts.Incidents) { Kinds = ["party"] } } },
        { "isPublic", rule => Counting(rule) with { IsPublic = true, Signal = new FactsSignal(RuleFacts.Incidents) } },
    };

    private static Rule Counting(Rule rule) => rule with { Each = RuleSubject.District, Scope = new(), Signal = new CountSignal("dust"), Levels = [new("many", 3, 0, 2)] };

    [Theory, MemberData(nameof(Wrong))]
    public void What_makes_no_sense_is_refused_by_the_name_of_its_field(string field, Func<Rule, Rule> spoil)
    {
        RuleCheck.Check(Rule());

        Assert.Equal(field, Assert.Throws<InvalidInputException>(() => RuleCheck.Check(spoil(Rule()))).Field);
    }

    private static Rule Rule() => new()
    {
        Name = new("더위", "Heat"), Owner = new("안전과", "Safety"), Source = new("결정"), From = new DateOnly(2026, 1, 1), Scope = new() { Measure = "temperature", Unit = "℃" }, Signal = new ReadingSignal(),
        Levels = [new("caution", 33, 0, 31) { Title = new("주의", "Caution") }],
    };
}
