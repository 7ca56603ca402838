using Madang.Operations.Rules;

namespace Madang.Operations.Air;

/// <summary>Makes the sheet of a day: the figures as the 17 o'clock of that day knew them.</summary>
internal sealed class SheetMaker(AirSource source, AirLedger ledger, RuleBook book)
{
    /// <summary>When it is decided, and from when to when measures hold, by the city's clock.</summary>
    private const int Decided = 17, From = 6, Until = 21;

    /// <summary>An advisory that was issued longer ago than this and never lifted since is not known.</summary>
    private const int LadderDays = 31;

    private const string Measure = "pm25";

    /// <summary>Until when measures hold that are decided on a day.</summary>
    public DateTimeOffset EndOf(DateOnly day) => source.Calendar.Start(day.AddDays(1)).AddHours(Until);

    /// <summary>The sheet of a day; null when no station says anything.</summary>
    public async Task<ReductionSheet?> Make(CityData data, DateOnly? asked, bool mayRead, CancellationToken cancel)
    {
        if (await source.Day(data, asked, cancel) is not { } day)
        {
            return null;
        }

        var forecasts = await Standing(data, day, cancel);
        var (mean, hours) = day.Hours.Mean(AirReader.City, Measure, day.Day, ForecastMaker.Afternoon);
        var warned = WasWarned(await RuleOf(data, cancel), day, hours);
        var (tomorrow, after) = (Find(forecasts, day.Day.AddDays(1)), Find(forecasts, day.Day.AddDays(2)));
        var decision = ReductionDecision.Of(new ReductionFigures(day.Day, mean is { } known ? Math.Round(known, 1) : null, warned, Known(tomorrow), Known(after)));
        var (steps, done) = await ledger.Read(data, day.Day, cancel);
        var isIssued = steps.Count > 0 && steps[^1].Act == ReductionAct.Issue;
        return new ReductionSheet(
            data, day.Day, decision.For, source.Calendar.Start(decision.For).AddHours(From), EndOf(day.Day), source.Calendar.Start(day.Day).AddHours(Decided), day.IsAfternoon, hours, tomorrow, after,
            decision.IsDue, [.. decision.Conditions.Select(condition => Told(condition, warned, tomorrow, after))], Told(decision.Preliminary, warned, tomorrow, after),
            [.. steps.Select(step => mayRead ? step : step with { Who = null, Note = null })], isIssued,
            isIssued ? [.. AirBooks.Measures.Select(item => Told(item, done, mayRead))] : [], AirBooks.ReductionLaw);
    }

    /// <summary>The forecasts that count on a day: the official ones issued by its end, for a district those of the city where it has none, else the city's own.</summary>
    public async Task<IReadOnlyList<AirForecast>> Standing(CityData data, AirDay day, CancellationToken cancel)
    {
        var own = await source.Own(data, day, cancel);
        var end = source.Calendar.Start(day.Day.AddDays(1));
        var official = (await ledger.ListStanding(data, day.Day.AddDays(1), day.Day.AddDays(2), end > day.Clock ? DateTimeOffset.MaxValue : end, cancel)).ToDictionary(each => (each.Place, each.Measure, each.Day));
        var places = own.Skills.Select(skill => skill.Place).Distinct();
        return
        [
            .. from place in places
               from measure in ForecastMaker.Measured
               from target in (DateOnly[])[day.Day.AddDays(1), day.Day.AddDays(2)]
               let said = official.GetValueOrDefault((place, measure, target)) ?? official.GetValueOrDefault((AirReader.City, measure, target))
               let forecast = said is null
                   ? own.Forecasts.FirstOrDefault(each => each.Place == place && each.Measure == measure && each.Day == target)
                   : new AirForecast(place, measure, target, said.Value, said.Grade, ForecastBy.Official, said.Source, said.IssuedAt)
               where forecast is not null
               select forecast,
        ];
    }

    private static AirForecast? Find(IReadOnlyList<AirForecast> forecasts, DateOnly day) => forecasts.FirstOrDefault(each => each.Place == AirReader.City && each.Measure == Measure && each.Day == day);

    /// <summary>The levels of the city's rule, spoken for the whole city.</summary>
    private async Task<Rule> RuleOf(CityData data, CancellationToken cancel) => ((await book.Find(Measure, cancel))?.InForce?.Rule ?? ShippedRules.All[Measure]) with { Data = data, Each = RuleSubject.City };

    /// <summary>Whether an advisory or warning was in force between 0 and 16 o'clock, judged by the rule's own ladder on the hours; null when too few are known to say no.</summary>
    private bool? WasWarned(Rule rule, AirDay day, int known)
    {
        if (rule.Scope.Measure != Measure || rule.Signal is not MeanSignal { StepMinutes: 60 })
        {
            return null;
        }

        var start = source.Calendar.Start(day.Day);
        var steps = Enumerable.Range((-24 * LadderDays) + 1, (24 * LadderDays) + ForecastMaker.Afternoon).Select(hour => start.AddHours(hour)).Where(end => end <= day.Clock)
            .Select(end => new Step(end.AddHours(-1), end, day.Hours.At(AirReader.City, Measure, end) ?? day.Past.CityAt(Measure, end)));
        var level = 0;
        var warned = false;
        foreach (var move in RuleHistory.LadderOf(rule).Try(steps))
        {
            // What is lifted as the day begins was not in force on it.
            warned |= (move.At > start && level > 0) || (move.At >= start && move.To > 0);
            level = move.To;
        }

        return warned || level > 0 ? true : known >= AirHours.Complete * ForecastMaker.Afternoon ? false : null;
    }

    /// <summary>What a grade alone says: very bad lies above every limit, good and moderate below; bad decides nothing.</summary>
    private static double? Known(AirForecast? forecast) => forecast switch
    {
        null => null,
        { Value: { } value } => value,
        { Grade: AirGrade.VeryBad } => double.PositiveInfinity,
        { Grade: AirGrade.Bad } => null,
        _ => 0,
    };

    private static ReductionCheck Told(ReductionCondition condition, bool? warned, AirForecast? tomorrow, AirForecast? after) => new(
        condition.Word, condition.IsMet, condition.Word == "warning-and-forecast" ? warned : null,
        [.. condition.Figures.Select(figure => figure.Figure switch
        {
            "tomorrow" => new ReductionFigure(figure.Figure, tomorrow?.Value, tomorrow?.Grade, figure.Above),
            "day-after" => new ReductionFigure(figure.Figure, after?.Value, after?.Grade, figure.Above),
            _ => new ReductionFigure(figure.Figure, figure.Value, null, figure.Above),
        })]);

    private static ReductionMeasure Told(AirBooks.Measure item, IReadOnlyDictionary<string, (DateTimeOffset At, string? Who)> done, bool mayRead)
    {
        var tick = done.TryGetValue(item.Id, out var found) ? found : ((DateTimeOffset At, string? Who)?)null;
        return new ReductionMeasure(item.Id, item.Department, item.Text, item.Source, tick?.At, mayRead ? tick?.Who : null);
    }
}
