using System.Diagnostics.CodeAnalysis;
using Madang.Kernel;
using Madang.Operations.Rules;

namespace Madang.Operations.Duty;

/// <summary>Whether a plan of duty makes sense, field by field.</summary>
internal static class PlanCheck
{
    private const int MostRules = 1_000, MostSteps = 5, LongestText = 200, LongestPerson = 64, LongestWait = 1_440, LongestShiftDays = 366;

    /// <exception cref="InvalidInputException">A field is wrong, by its name.</exception>
    public static void Check(DutyPlan plan)
    {
        Need(IsText(plan.Name.Ko), "name.ko", $"is the Korean text, at most {LongestText} characters");
        Need(IsText(plan.Name.En), "name.en", $"is the English text, at most {LongestText} characters");
        Need(plan.Rules.Count <= MostRules && plan.Rules.All(rule => rule == "*" || RuleCheck.IsWord(rule)), "rules", $"are at most {MostRules} ids of rules, or *");
        Need(plan.Steps.Count is >= 1 and <= MostSteps, "steps", $"are 1 to {MostSteps}");
        for (var index = 0; index < plan.Steps.Count; index++)
        {
            Need(plan.Steps[index] is { WaitMinutes: >= 1 and <= LongestWait }, $"steps[{index}].waitMinutes", $"is a number of minutes from 1 to {LongestWait}");
        }

        Need(plan.Shifts.Count <= DutyDesk.MostShifts, "shifts", $"are at most {DutyDesk.MostShifts}");
        for (var index = 0; index < plan.Shifts.Count; index++)
        {
            var (shift, field) = (plan.Shifts[index], $"shifts[{index}]");
            Need(shift is not null, field, "is a shift");
            Need(shift.Step >= 1 && shift.Step <= plan.Steps.Count, field + ".step", "is the number of a step, counted from 1");
            Need(shift.Person is { Length: > 0 and <= LongestPerson }, field + ".person", "is the id of an account");
            Need(shift.Until > shift.From && shift.Until - shift.From <= TimeSpan.FromDays(LongestShiftDays), field + ".until", $"is a moment after 'from', at most {LongestShiftDays} days later");
        }
    }

    /// <summary>Two people at once on one step, also beside what is over already.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="over">Shifts that are over and stay.</param>
    /// <exception cref="InvalidInputException">With the shift that overlaps one before it.</exception>
    public static void CheckOverlaps(DutyPlan plan, IEnumerable<DutyShift> over)
    {
        foreach (var step in plan.Shifts.Select((shift, index) => (Shift: shift, Index: index)).Concat(over.Select(shift => (Shift: shift, Index: -1))).GroupBy(each => each.Shift.Step))
        {
            var inOrder = step.OrderBy(each => each.Shift.From).ThenBy(each => each.Index).ToList();
            for (var place = 1; place < inOrder.Count; place++)
            {
                var index = Math.Max(inOrder[place].Index, inOrder[place - 1].Index);
                Need(inOrder[place].Shift.From >= inOrder[place - 1].Shift.Until || index < 0, $"shifts[{index}].from", $"lies in another shift of step {step.Key}: one person holds a step at a time");
            }
        }
    }

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= LongestText && !text.Any(char.IsControl);

    private static void Need([DoesNotReturnIf(false)] bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }
}
