using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>Reads and writes duty rosters.</summary>
internal static class RosterRows
{
    /// <summary>The rosters in order of their ids, with the shifts that touch a time.</summary>
    /// <param name="read">The transaction.</param>
    /// <param name="id">One roster; null for all.</param>
    /// <param name="since">Shifts that are over by then are left out.</param>
    /// <param name="until">So are those that begin later than this.</param>
    public static async Task<IReadOnlyList<DutyRoster>> List(ReadScope read, string? id, DateTimeOffset since, DateTimeOffset until)
    {
        string Which(string column) => id is null ? "1 = 1" : column + " = @id";
        var row = new { id, since = since.ToMicros(), until = until.ToMicros() };
        var rosters = (await read.Connection.QueryAsync<(string Id, string Plan, long ChangedAt)>($"SELECT id, plan, changed_at FROM duty_rosters WHERE {Which("id")} ORDER BY id", row, read.Transaction)).AsList();
        var shifts = (await read.Connection.QueryAsync<(string Roster, long Step, string Person, long From, long Until)>(
            $"SELECT roster_id, step, person, from_at, until_at FROM duty_shifts WHERE {Which("roster_id")} AND until_at > @since AND from_at <= @until ORDER BY from_at, step, id", row, read.Transaction))
            .ToLookup(shift => shift.Roster, shift => new DutyShift((int)shift.Step, shift.Person, IsoTime.FromMicros(shift.From), IsoTime.FromMicros(shift.Until)));
        return [.. rosters.Select(each => new DutyRoster(each.Id, JsonSerializer.Deserialize<DutyPlan>(each.Plan, RuleForm.Options)! with { Shifts = [.. shifts[each.Id]] }, IsoTime.FromMicros(each.ChangedAt)))];
    }

    /// <summary>The rosters with the shifts of one moment.</summary>
    public static Task<IReadOnlyList<DutyRoster>> At(ReadScope read, DateTimeOffset at) => List(read, null, at, at);

    /// <summary>Who holds a step of a plan that has the shifts of one moment.</summary>
    public static DutyHolder Holder(DutyPlan plan, int step) =>
        plan.Shifts.FirstOrDefault(shift => shift.Step == step) is { } shift ? new(step, shift.Person, shift.Until) : new(step, null, null);

    /// <summary>Who holds the first step that anybody holds who may, of a plan that has the shifts of one moment; null for nobody.</summary>
    public static string? First(DutyPlan plan, IReadOnlySet<string> able) => plan.Shifts.Where(shift => able.Contains(shift.Person)).MinBy(shift => shift.Step)?.Person;

    /// <summary>Writes a plan. Shifts that are over stay as they were; of one that lasts and is taken out, what was stays; and nobody is put on duty in the past.</summary>
    public static async Task Write(WriteScope scope, string id, DutyPlan plan, DateTimeOffset now)
    {
        await scope.Connection.ExecuteAsync(
            """
            INSERT INTO duty_rosters (id, plan, changed_at) VALUES (@id, @plan, @now)
            ON CONFLICT (id) DO UPDATE SET plan = excluded.plan, changed_at = CASE WHEN excluded.changed_at > duty_rosters.changed_at THEN excluded.changed_at ELSE duty_rosters.changed_at + 1 END
            """,
            new { id, plan = JsonSerializer.Serialize(plan with { Shifts = [] }, RuleForm.Options), now = now.ToMicros() }, scope.Transaction);
        var kept = new HashSet<DutyShift>();
        foreach (var (row, step, person, from) in (await scope.Connection.QueryAsync<(long Id, long Step, string Person, long From)>(
            "SELECT id, step, person, from_at FROM duty_shifts WHERE roster_id = @id AND until_at > @now AND from_at < @now", new { id, now = now.ToMicros() }, scope.Transaction)).AsList())
        {
            var same = plan.Shifts.FirstOrDefault(shift => shift.Step == step && shift.Person == person && shift.From.ToMicros() == from);
            await scope.Connection.ExecuteAsync("UPDATE duty_shifts SET until_at = @until WHERE id = @row", new { row, until = (same is null || same.Until < now ? now : same.Until).ToMicros() }, scope.Transaction);
            if (same is not null)
            {
                kept.Add(same);
            }
        }

        await scope.Connection.ExecuteAsync("DELETE FROM duty_shifts WHERE roster_id = @id AND from_at >= @now", new { id, now = now.ToMicros() }, scope.Transaction);
        foreach (var shift in plan.Shifts.Where(shift => shift.Until > now && !kept.Contains(shift)))
        {
            await scope.Connection.ExecuteAsync(
                "INSERT INTO duty_shifts (roster_id, step, person, from_at, until_at) VALUES (@id, @Step, @Person, @from, @until)",
                new { id, shift.Step, shift.Person, from = (shift.From < now ? now : shift.From).ToMicros(), until = shift.Until.ToMicros() }, scope.Transaction);
        }
    }
}
