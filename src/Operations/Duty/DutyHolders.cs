using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Duty;

/// <summary>Who may hold duty: whoever may come in and acts on alerts. Who lost that may stay in a roster, and holds nothing there.</summary>
internal sealed class DutyHolders(IDatabase database, Colleagues colleagues)
{
    /// <summary>Longer than the transaction waits that tells somebody.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    /// <summary>Those of these people who may.</summary>
    public Task<IReadOnlySet<string>> List(IEnumerable<string> people, CancellationToken cancel) => colleagues.ListWhoMay(people.ToHashSet(), Act.Write, Kinds.Alert, cancel);

    /// <summary>Who is on duty at a moment or takes over soon after it, in any roster, and may be. Asked before the transaction that tells them: it holds the store up for nobody.</summary>
    public async Task<IReadOnlySet<string>> Now(DateTimeOffset now, CancellationToken cancel)
    {
        List<DutyRoster> rosters = [];
        await using (var read = await database.Read(cancel))
        {
            rosters.AddRange(await RosterRows.At(read, now));
            rosters.AddRange(await RosterRows.At(read, now + Soon));
        }

        return await List(rosters.SelectMany(roster => roster.Plan.Shifts).Select(shift => shift.Person), cancel);
    }

    /// <summary>The rosters, with the shifts alone of those who may hold them.</summary>
    public async Task<IReadOnlyList<DutyRoster>> Held(IReadOnlyList<DutyRoster> rosters, CancellationToken cancel)
    {
        var able = await List(rosters.SelectMany(roster => roster.Plan.Shifts).Select(shift => shift.Person), cancel);
        return [.. rosters.Select(roster => roster with { Plan = roster.Plan with { Shifts = [.. roster.Plan.Shifts.Where(shift => able.Contains(shift.Person))] } })];
    }

    /// <summary>The rosters, each with who of its people may hold nothing.</summary>
    /// <param name="rosters">The rosters.</param>
    /// <param name="now">Of shifts that are over by then nothing is said.</param>
    /// <param name="cancel">Ends the query.</param>
    public async Task<IReadOnlyList<DutyRoster>> WithIdle(IReadOnlyList<DutyRoster> rosters, DateTimeOffset now, CancellationToken cancel)
    {
        IEnumerable<string> People(DutyRoster roster) => roster.Plan.Shifts.Where(shift => shift.Until > now).Select(shift => shift.Person).Distinct();
        var able = await List(rosters.SelectMany(People), cancel);
        return [.. rosters.Select(roster => roster with { Idle = [.. People(roster).Where(person => !able.Contains(person)).Order(StringComparer.Ordinal)] })];
    }
}
