using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Who is on duty, for those who act on alerts.</summary>
public sealed class DutyDesk
{
    /// <summary>The most rosters of a city.</summary>
    public const int Most = 100;

    /// <summary>The most shifts of a roster that are not over.</summary>
    public const int MostShifts = 2_000;

    /// <summary>Shifts that are over are told for so many days.</summary>
    public const int DaysTold = 31;

    private const string Image = "SELECT id, plan FROM duty_rosters WHERE id = @id";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly Colleagues colleagues;
    private readonly Departments departments;
    private readonly TimeProvider clock;

    internal DutyDesk(IDatabase database, Recorder recorder, Colleagues colleagues, Departments departments, TimeProvider clock) =>
        (this.database, this.recorder, this.colleagues, this.departments, this.clock) = (database, recorder, colleagues, departments, clock);

    /// <summary>Every roster, in order of id.</summary>
    public async Task<IReadOnlyList<DutyRoster>> List(CancellationToken cancel)
    {
        DutyRights.Demand();
        await using var read = await database.Read(cancel);
        return await RosterRows.List(read, null, clock.GetUtcNow().AddDays(-DaysTold), DateTimeOffset.MaxValue);
    }

    /// <summary>One roster; null when there is none of this id.</summary>
    public async Task<DutyRoster?> Find(string id, CancellationToken cancel)
    {
        DutyRights.Demand();
        await using var read = await database.Read(cancel);
        return (await RosterRows.List(read, id, clock.GetUtcNow().AddDays(-DaysTold), DateTimeOffset.MaxValue)).SingleOrDefault();
    }

    /// <summary>Who is on duty at a moment, of every roster.</summary>
    /// <param name="at">The moment; null for now.</param>
    /// <param name="cancel">Ends the query.</param>
    public async Task<IReadOnlyList<DutyNow>> At(DateTimeOffset? at, CancellationToken cancel)
    {
        DutyRights.Demand();
        await using var read = await database.Read(cancel);
        return
        [
            .. (await RosterRows.At(read, at ?? clock.GetUtcNow())).Select(roster => new DutyNow(
                roster.Id, roster.Plan.Name, roster.Plan.Rules, [.. Enumerable.Range(1, roster.Plan.Steps.Count).Select(step => RosterRows.Holder(roster.Plan, step))])),
        ];
    }

    /// <summary>Writes a roster, or a new one. Shifts that are over stay as they were, whatever is said of them.</summary>
    /// <exception cref="InvalidInputException">Something of it makes no sense: by the name of the field.</exception>
    /// <exception cref="CityRuleException">The caller may not (403), or there are as many rosters as a city may have (409).</exception>
    public async Task<DutyRoster> Write(string id, DutyPlan plan, CancellationToken cancel)
    {
        DutyRights.Demand();
        if (!RuleCheck.IsWord(id))
        {
            throw new InvalidInputException("id", "is a word of letters, digits, hyphens and underscores, at most 40");
        }

        PlanCheck.Check(plan);
        var now = clock.GetUtcNow();
        plan = plan with { Shifts = [.. plan.Shifts.Where(shift => shift.Until > now)] };
        await CheckPeople(plan, cancel);
        return await database.Write(
            async scope =>
            {
                var before = await RowImage.Read(scope, Image, new { id });
                if (before is null && await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM duty_rosters", null, scope.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-rosters", $"A city has at most {Most} duty rosters.");
                }

                var over = (await RosterRows.List(scope.AsReader(), id, plan.Shifts.Select(shift => shift.From).Append(now).Min(), now)).SelectMany(roster => roster.Plan.Shifts).Where(shift => shift.Until <= now);
                PlanCheck.CheckOverlaps(plan, over);
                await RosterRows.Write(scope, id, plan, now);
                await recorder.Record(scope, Caller.Current.Entry("duty.write", Act.Write, Kinds.Alert, department: plan.Department) with { Kind = "duty-roster", Thing = id, Before = before, After = await RowImage.Read(scope, Image, new { id }) });
                return (await RosterRows.List(scope.AsReader(), id, now.AddDays(-DaysTold), DateTimeOffset.MaxValue)).Single();
            },
            cancel);
    }

    private async Task CheckPeople(DutyPlan plan, CancellationToken cancel)
    {
        if (plan.Department is { } department && departments.Find(department) is not { ClosedAt: null })
        {
            throw new InvalidInputException("department", "is no department that works");
        }

        var known = await colleagues.List(plan.Shifts.Select(shift => shift.Person).ToHashSet(), cancel);
        for (var index = 0; index < plan.Shifts.Count; index++)
        {
            if (!known.ContainsKey(plan.Shifts[index].Person))
            {
                throw new InvalidInputException($"shifts[{index}].person", "has no account here that may come in");
            }
        }
    }
}
