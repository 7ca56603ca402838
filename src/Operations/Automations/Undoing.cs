using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Automations;

/// <summary>
/// Takes back what runs did: lamps become what they were, notices come down, reports go, tasks that nobody answered are declined,
/// messages that were not sent yet are not sent. What people have read or done already cannot be taken back.
/// </summary>
internal sealed class Undoing(IDatabase database, LampHold lamps, Recorder recorder, TimeProvider clock)
{
    public Task Undo(string id, long run, CancellationToken cancel) => database.Write(scope => Undo(scope, id, run), cancel);

    /// <summary>Lamps whose time is over become what they were.</summary>
    public async Task GiveBackDue(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using (var read = await database.Read(cancel))
        {
            if (await read.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM automation_lamps WHERE back_at IS NULL AND until_at <= @now", new { now = now.ToMicros() }, read.Transaction) == 0)
            {
                return;
            }
        }

        await database.Write(scope => lamps.GiveBack(scope, null, now), cancel);
    }

    private async Task Undo(WriteScope scope, string id, long run)
    {
        var known = await RunRow.Find(scope.AsReader(), id, run) ?? throw AutomationDesk.Missing($"Run {run} of '{id}' is not here.");
        var now = clock.GetUtcNow();
        if (known.UndoneAt is not null
            || await scope.Connection.ExecuteAsync("UPDATE automation_runs SET undone_at = @now, undone_by = @by WHERE id = @run AND undone_at IS NULL", new { run, now = now.ToMicros(), by = Caller.Current.Id }, scope.Transaction) == 0)
        {
            throw new CityRuleException("already-undone", "This run is taken back already.");
        }

        if (!known.CanBeUndone || await TakeBack(scope, run, now) == 0)
        {
            throw new CityRuleException("nothing-to-undo", "There is nothing left of this run that could be taken back.");
        }

        await recorder.Record(scope, Caller.Current.Entry("automation.undo", Act.Write, Kinds.Automation) with { Kind = "automation", Thing = FormattableString.Invariant($"{id}/runs/{run}") });
    }

    private async Task<int> TakeBack(WriteScope scope, long run, DateTimeOffset now)
    {
        var values = new { run, cause = Doing.Cause(run), now = now.ToMicros(), by = Caller.Current.Id, open = (int)TaskState.Open, declined = (int)TaskState.Declined };
        Task<int> Change(string change) => scope.Connection.ExecuteAsync(change, values, scope.Transaction);
        return await lamps.GiveBack(scope, run, now)
            + await Change("UPDATE city_notices SET ended_at = @now WHERE run_id = @run AND ended_at IS NULL AND until_at > @now")
            + await Change("DELETE FROM city_reports WHERE run_id = @run")
            + await Change("UPDATE scenario_tasks SET state = @declined, answered_at = @now, answered_by = @by WHERE state = @open AND start_id IN (SELECT id FROM scenario_starts WHERE run_id = @run)")
            + await Change("UPDATE messages SET state = 4, outcome = 'taken-back' WHERE cause = @cause AND state = 1");
    }
}
