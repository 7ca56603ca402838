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
    private readonly DutyHolders holders;
    private readonly Departments departments;
    private readonly TimeProvider clock;

    internal DutyDesk(IDatabase database, Recorder recorder, DutyHolders holders, Departments departments, TimeProvider clock) =>
        (this.database, this.recorder, this.holders, this.departments, this.clock) = (database, recorder, holders, departments, clock);

    /// <summary>Every roster, in order of id.</summary>
    public Task<IReadOnlyList<DutyRoster>> List(CancellationToken cancel) => Read(null, cancel);

    /// <summary>One roster; null when there is none of this id.</summary>
    public async Task<DutyRoster?> Find(string id, CancellationToken cancel) => (await Read(id, cancel)).SingleOrDefault();

    /// <summary>Who is on duty at a moment, of every roster; as who may hold duty stands now.</summary>
    /// <param name="at">The moment; null for now.</param>
    /// <param name="cancel">Ends the query.</param>
    public async Task<IReadOnlyList<DutyNow>> At(DateTimeOffset? at, CancellationToken cancel)
    {
        DutyRights.Demand();
        var now = clock.GetUtcNow();
        IReadOnlyList<DutyRoster> rosters;
        await using (var read = await database.Read(cancel))
        {
            rosters = await RosterRows.At(read, at ?? now);
        }

        // Who was on duty then was, whatever he may do today.
        rosters = at < now ? rosters : await holders.Held(rosters, cancel);
        return [.. rosters.Select(roster => new DutyNow(roster.Id, roster.Plan.Name, roster.Plan.Rules, [.. Enumerable.Range(1, roster.Plan.Steps.Count).Select(step => RosterRows.Holder(roster.Plan, step))]))];
    }

    /// <summary>Writes a roster, or a new one. Shifts that are over stay as they were, whatever is said of them; so may those of people who lost their account or role.</summary>
    /// <param name="id">Its word.</param>
    /// <param name="plan">What it says.</param>
    /// <param name="version">The version that the writer has read, 0 for none: whoever wrote meanwhile is not written over. Null to write over any.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="InvalidInputException">Something of it makes no sense: by the name of the field.</exception>
    /// <exception cref="CityRuleException">The caller may not (403), somebody changed it meanwhile (412), or there are as many rosters as a city may have (409).</exception>
    public async Task<DutyRoster> Write(string id, DutyPlan plan, long? version, CancellationToken cancel)
    {
        DutyRights.Demand();
        if (!RuleCheck.IsWord(id))
        {
            throw new InvalidInputException("id", "is a word of letters, digits, hyphens and underscores, at most 40");
        }

        PlanCheck.Check(plan);
        if (plan.Department is { } department && departments.Find(department) is not { ClosedAt: null })
        {
            throw new InvalidInputException("department", "is no department that works");
        }

        var now = clock.GetUtcNow();
        plan = plan with { Shifts = [.. plan.Shifts.Where(shift => shift.Until > now)] };
        var able = await holders.List(plan.Shifts.Select(shift => shift.Person), cancel);
        var written = await database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, ["duty/" + id]);
                var before = await RowImage.Read(scope, Image, new { id });
                var standing = (await RosterRows.List(scope.AsReader(), id, now, DateTimeOffset.MaxValue)).SingleOrDefault();
                CheckVersion(id, standing, version);
                if (before is null && await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM duty_rosters", null, scope.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-rosters", $"A city has at most {Most} duty rosters.");
                }

                CheckPeople(plan, able, standing?.Plan.Shifts ?? []);
                var over = (await RosterRows.List(scope.AsReader(), id, plan.Shifts.Select(shift => shift.From).Append(now).Min(), now)).SelectMany(roster => roster.Plan.Shifts).Where(shift => shift.Until <= now);
                PlanCheck.CheckOverlaps(plan, over);
                await RosterRows.Write(scope, id, plan, now);
                await recorder.Record(scope, Entry("duty.write", id, plan) with { Before = before, After = await RowImage.Read(scope, Image, new { id }) });
                return await RosterRows.List(scope.AsReader(), id, now.AddDays(-DaysTold), DateTimeOffset.MaxValue);
            },
            cancel);
        return (await holders.WithIdle(written, now, cancel)).Single();
    }

    /// <summary>Deletes a roster with all its shifts. Alerts that went to it stay with whom they went to.</summary>
    /// <param name="id">Its word.</param>
    /// <param name="version">As with <see cref="Write"/>.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="CityRuleException">The caller may not (403), there is none of this word (404), or somebody changed it meanwhile (412).</exception>
    public Task Delete(string id, long? version, CancellationToken cancel)
    {
        DutyRights.Demand();
        return database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, ["duty/" + id]);
                var before = await RowImage.Read(scope, Image, new { id });
                var standing = (await RosterRows.List(scope.AsReader(), id, clock.GetUtcNow(), DateTimeOffset.MaxValue)).SingleOrDefault() ?? throw new CityRuleException("not-found", $"There is no duty roster '{id}'.", 404);
                CheckVersion(id, standing, version);
                await scope.Connection.ExecuteAsync("DELETE FROM duty_rosters WHERE id = @id", new { id }, scope.Transaction);
                await recorder.Record(scope, Entry("duty.delete", id, standing.Plan) with { Before = before });
            },
            cancel);
    }

    private static RecordEntry Entry(string action, string id, DutyPlan plan) => Caller.Current.Entry(action, Act.Write, Kinds.Alert, department: plan.Department) with { Kind = "duty-roster", Thing = id };

    private static void CheckVersion(string id, DutyRoster? standing, long? version)
    {
        if (version is { } read && read != (standing?.Version ?? 0))
        {
            throw new CityRuleException("roster-changed", $"Somebody changed the duty roster '{id}' meanwhile. Read it again, and send the change with the version it has now.", 412);
        }
    }

    /// <summary>A new shift is for who may hold it; one that stands may stay as it is, or end earlier.</summary>
    private static void CheckPeople(DutyPlan plan, IReadOnlySet<string> able, IReadOnlyList<DutyShift> standing)
    {
        for (var index = 0; index < plan.Shifts.Count; index++)
        {
            var shift = plan.Shifts[index];
            if (!able.Contains(shift.Person) && !standing.Any(each => each.Step == shift.Step && each.Person == shift.Person && each.From.ToMicros() == shift.From.ToMicros() && each.Until.ToMicros() >= shift.Until.ToMicros()))
            {
                throw new InvalidInputException($"shifts[{index}].person", "has no account here that may come in and acts on alerts");
            }
        }
    }

    private async Task<IReadOnlyList<DutyRoster>> Read(string? id, CancellationToken cancel)
    {
        DutyRights.Demand();
        var now = clock.GetUtcNow();
        IReadOnlyList<DutyRoster> rosters;
        await using (var read = await database.Read(cancel))
        {
            rosters = await RosterRows.List(read, id, now.AddDays(-DaysTold), DateTimeOffset.MaxValue);
        }

        return await holders.WithIdle(rosters, now, cancel);
    }
}
