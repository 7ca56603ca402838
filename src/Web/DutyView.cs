using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the page of duty is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Rosters">Every roster with its shifts.</param>
/// <param name="Windows">Maintenance that lasts or is planned.</param>
/// <param name="Rules">The rules that there are.</param>
/// <param name="Failed">How many messages were not taken.</param>
/// <param name="Filled">The form as it was sent.</param>
public sealed record DutyView(
    Visit Visit, IReadOnlyList<DutyRoster> Rosters, IReadOnlyList<MaintenanceWindow> Windows, IReadOnlyList<(string Id, RuleText Name)> Rules, long Failed, Filled Filled)
{
    /// <summary>So many days are shown.</summary>
    public const int Days = 7;

    /// <summary>What was done now, in words.</summary>
    public string? Done { get; init; }

    /// <summary>What somebody on duty is called.</summary>
    public string Say(string person) => Visit.Say("person:" + person)!;

    /// <summary>Who holds each step from now on for a week, without a hole: where nobody does, that is a stretch too.</summary>
    public IReadOnlyList<DutyStretch> Stretches(DutyPlan plan)
    {
        var (now, end) = (Visit.At, Visit.At.AddDays(Days));
        var stretches = new List<DutyStretch>();
        for (var step = 1; step <= plan.Steps.Count; step++)
        {
            var at = now;
            foreach (var shift in plan.Shifts.Where(shift => shift.Step == step && shift.Until > now && shift.From < end).OrderBy(shift => shift.From))
            {
                if (shift.From > at)
                {
                    stretches.Add(new DutyStretch(step, at, shift.From, null));
                }

                stretches.Add(new DutyStretch(step, shift.From, shift.Until, shift.Person));
                at = shift.Until;
            }

            if (at < end)
            {
                stretches.Add(new DutyStretch(step, at, end, null));
            }
        }

        return stretches;
    }
}

/// <summary>A time in which one person holds a step, or nobody.</summary>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="From">From when.</param>
/// <param name="Until">Until when.</param>
/// <param name="Person">The id of an account; null for nobody.</param>
public sealed record DutyStretch(int Step, DateTimeOffset From, DateTimeOffset Until, string? Person);
