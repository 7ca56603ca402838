using System.Diagnostics.CodeAnalysis;
using Madang.Kernel;

namespace Madang.Operations.Rules;

/// <summary>Whether a rule makes sense, field by field. What passes can be tried and switched on.</summary>
internal static class RuleCheck
{
    private const int MostLevels = 6, MostRegions = 100, MostListed = 1_000, MostCorners = 1_000, LongestText = 200, LongestSource = 500, LongestWord = 40, LongestHold = 31 * 1440, LongestBack = 366 * 1440, LongestChange = 7 * 1440, MostDays = 60, MostNeighbours = 20, FarthestNeighbour = 50_000;

    private static readonly int[] Widths = [10, 60, 1440];

    /// <exception cref="InvalidInputException">A field is wrong, by its name.</exception>
    public static void Check(Rule rule)
    {
        CheckText("name", rule.Name);
        CheckText("owner", rule.Owner);
        Need(rule.Source.Title is { Length: > 0 and <= LongestSource }, "source.title", $"names the law, notice or decision that sets the numbers, in at most {LongestSource} characters");
        Need(rule.Source.Url is null || (rule.Source.Url.Length <= LongestSource && Uri.TryCreate(rule.Source.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"), "source.url", "is an address that begins with http:// or https://, or is left out");
        Need(rule.Until is null || rule.Until >= rule.From, "until", "is the last day on which the rule holds; not before 'from'");
        CheckScope(rule);
        CheckSignal(rule);
        CheckLevels(rule);
        FollowCheck.Check(rule);
    }

    private static void CheckText(string field, RuleText? text)
    {
        Need(IsText(text?.Ko), field + ".ko", $"is the Korean text, at most {LongestText} characters");
        Need(IsText(text?.En), field + ".en", $"is the English text, at most {LongestText} characters");
    }

    private static void CheckScope(Rule rule)
    {
        var scope = rule.Scope;
        Need(scope.Measure is null || IsWord(scope.Measure), "scope.measure", "is the code of a measure, such as pm25");
        Need(scope.Unit is null or { Length: > 0 and <= LongestWord }, "scope.unit", $"is the unit's symbol, such as ㎍/㎥, at most {LongestWord} characters");
        Need(scope.Unit is not null || rule.Signal is UnchangedSignal or SilenceSignal or ScheduleSignal || rule.Follows(), "scope.unit", "is needed: the values of the levels are in some unit");
        Need(scope.Tag is null || IsText(scope.Tag), "scope.tag", $"is a word of at most {LongestText} characters");
        Need(scope.Kind is null || IsText(scope.Kind), "scope.kind", $"is a word of at most {LongestText} characters");
        Need(scope.Districts.Count <= MostListed && scope.Districts.All(IsWord), "scope.districts", $"are at most {MostListed} codes of districts, such as 11110");
        Need(scope.Datastreams.Count <= MostListed, "scope.datastreams", $"are at most {MostListed} ids");
        CheckPolygon(scope.Polygon);
        CheckRegions(rule);
    }

    private static void CheckPolygon(IReadOnlyList<double[]> corners)
    {
        Need(corners.Count is 0 or (>= 3 and <= MostCorners), "scope.polygon", $"has 3 to {MostCorners} corners");
        for (var index = 0; index < corners.Count; index++)
        {
            Need(corners[index] is [>= -180 and <= 180, >= -90 and <= 90], $"scope.polygon[{index}]", "is a longitude and a latitude in degrees");
        }

        Need(corners.Count == 0 || WatchFinder.AreaOf(corners).IsValid, "scope.polygon", "crosses itself");
    }

    private static void CheckRegions(Rule rule)
    {
        var regions = rule.Scope.Regions;
        Need(regions.Count == 0 || rule.Each == RuleSubject.Region, "scope.regions", "are for a rule that speaks for each region");
        Need(regions.Count > 0 || rule.Each != RuleSubject.Region, "scope.regions", "are needed by a rule that speaks for each region");
        Need(regions.Count <= MostRegions, "scope.regions", $"are at most {MostRegions}");
        var taken = new HashSet<string>();
        for (var index = 0; index < regions.Count; index++)
        {
            var field = $"scope.regions[{index}]";
            Need(regions[index] is not null, field, "is a region");
            Need(IsWord(regions[index].Code) && taken.Add("code " + regions[index].Code), field + ".code", "is a word of its own of letters, digits and hyphens");
            CheckText(field + ".name", regions[index].Name);
            Need(regions[index].Districts is { Count: > 0 and <= MostRegions } districts && districts.All(IsWord), field + ".districts", "are codes of districts, at least one");
            Need(regions[index].Districts.All(taken.Add), field + ".districts", "holds a district that is given twice; a district belongs to one region");
        }
    }

    private static void CheckSignal(Rule rule)
    {
        Need(rule.Each == RuleSubject.Datastream || rule.Signal is MeanSignal or ScheduleSignal || rule.Follows(), "each", "is datastream for this kind of signal; only means, counts, combinations and facts speak for an area");
        Need(rule.Each != RuleSubject.Datastream || rule.Signal is not (CountSignal or FactsSignal), "each", "is district, region or city for what is counted");
        Need(rule.Each == RuleSubject.City || rule.Signal is not ScheduleSignal, "each", "is city for a schedule");
        Need(rule.Scope.Measure is not null || rule.Signal is ScheduleSignal or SilenceSignal || rule.Follows(), "scope.measure", "is needed by this kind of signal");
        switch (rule.Signal)
        {
            case ReadingSignal reading:
                Need(reading.PauseMinutes is >= 1 and <= LongestHold, "signal.pauseMinutes", $"is a number of minutes from 1 to {LongestHold}");
                break;
            case MeanSignal mean:
                Need(Widths.Contains(mean.StepMinutes), "signal.stepMinutes", "is 10, 60 or 1440");
                Need(mean.Complete is >= 0 and <= 1, "signal.complete", "is a share from 0 to 1");
                break;
            case ChangeSignal change:
                Need(change.OverMinutes is >= 1 and <= LongestChange, "signal.overMinutes", $"is a number of minutes from 1 to {LongestChange}");
                break;
            case UsualSignal usual:
                Need(usual.Days is >= 1 and <= MostDays, "signal.days", $"is a number of days from 1 to {MostDays}");
                break;
            case NeighboursSignal near:
                Need(Widths.Contains(near.StepMinutes), "signal.stepMinutes", "is 10, 60 or 1440");
                Need(near.Count is >= Neighbours.Fewest and <= MostNeighbours, "signal.count", $"is a number from {Neighbours.Fewest} to {MostNeighbours}");
                Need(near.WithinMetres is >= 1 and <= FarthestNeighbour, "signal.withinMetres", $"is a number of metres from 1 to {FarthestNeighbour}");
                break;
            case ScheduleSignal schedule:
                Need(schedule.Months.Count <= 12 && schedule.Months.All(month => month is >= 1 and <= 12), "signal.months", "are at most 12 numbers from 1 to 12");
                Need(schedule.Days.Count <= 7, "signal.days", "are at most seven");
                Need(schedule.FromTime.Ticks % TimeSpan.TicksPerMinute == 0 && schedule.UntilTime.Ticks % TimeSpan.TicksPerMinute == 0, "signal.fromTime", "and 'untilTime' are whole minutes, such as 06:00");
                break;
        }
    }

    private static void CheckLevels(Rule rule)
    {
        var (levels, up) = (rule.Levels, rule.Side == RuleSide.Above);
        Need(levels.Count is >= 1 and <= MostLevels && levels.All(level => level is not null), "levels", $"are 1 to {MostLevels}, from the lowest to the highest");
        for (var index = 0; index < levels.Count; index++)
        {
            var (level, field) = (levels[index], $"levels[{index}]");
            Need(IsWord(level.Name) && levels.Take(index).All(before => before.Name != level.Name), field + ".name", "is a word of its own of letters, digits and hyphens, such as advisory");
            if (level.Title is not null)
            {
                CheckText(field + ".title", level.Title);
            }

            Need(double.IsFinite(level.From), field + ".from", "is a number");
            Need(double.IsFinite(level.Lift) && (up ? level.Lift <= level.From : level.Lift >= level.From), field + ".lift", up ? "is a number, at most 'from'" : "is a number, at least 'from'");
            Need(level.HoldMinutes is >= 0 and <= LongestHold, field + ".holdMinutes", $"is a number of minutes from 0 to {LongestHold}");
            Need(index == 0 || (up ? level.From > levels[index - 1].From : level.From < levels[index - 1].From), field + ".from", up ? "lies above that of the level before" : "lies below that of the level before");
            Need(index == 0 || (up ? level.Lift >= levels[index - 1].Lift : level.Lift <= levels[index - 1].Lift), field + ".lift", "lies no nearer to rest than that of the level before");
            Need(rule.Signal is not (SilenceSignal or UnchangedSignal) || (level.HoldMinutes == 0 && IsMinutes(level.From) && IsMinutes(level.Lift) && up), field, $"counts minutes: 'from' and 'lift' are whole numbers from 1 to {LongestBack}, 'holdMinutes' is 0 and 'side' is above");
            Need(rule.Signal is not UnchangedSignal || level.From <= LongestHold, field + ".from", $"is at most {LongestHold} minutes");
            Need(rule.Signal is not ScheduleSignal || (level is { From: 1, Lift: 1, HoldMinutes: 0 } && levels.Count == 1 && up), field, "of a schedule is one, with 'from' 1, 'lift' 1 and 'holdMinutes' 0");
        }
    }

    private static bool IsMinutes(double value) => value is >= 1 and <= LongestBack && value == Math.Floor(value);

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= LongestText && !text.Any(char.IsControl);

    /// <summary>A code: letters, digits, hyphens and underscores.</summary>
    internal static bool IsWord(string? word) => word is { Length: > 0 and <= LongestWord } && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    internal static void Need([DoesNotReturnIf(false)] bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }
}
