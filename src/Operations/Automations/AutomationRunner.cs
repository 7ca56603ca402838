using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Automations;

/// <summary>
/// Runs automations. A run and what it does are one transaction, and its cause is a key of the table: so it happens once or not at
/// all, however often the fact comes, on however many nodes, and when the server dies over it.
/// </summary>
internal sealed partial class AutomationRunner(IDatabase database, Doing doing, DutyHolders holders, Recorder recorder, TimeProvider clock, ILogger<AutomationRunner> log)
{
    /// <summary>So often an automation may be tried by hand in an hour.</summary>
    private const int MostTrials = 60;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Runs what is in force; a trial by hand runs what it is given, dry. Answers the number of the run; null when there was none.</summary>
    public async Task<long?> Run(AutomationRevision revision, Occasion occasion, CancellationToken cancel)
    {
        try
        {
            var able = revision.Automation.Do is SendAction { Rosters.Count: > 0 } ? await holders.Now(clock.GetUtcNow(), cancel) : new HashSet<string>();
            return await database.Write(scope => Run(scope, revision, occasion, able), cancel);
        }
        catch (Exception failure) when (failure is CityRuleException or InvalidInputException)
        {
            // It will not be better the next time: that it failed is what came of it.
            CouldNotRun(log, revision.Id, failure);
            var why = failure is CityRuleException broken ? broken.Code : "not-possible";
            return await database.Write(
                async scope => await Begin(scope, revision, occasion) is null ? null : await RunRow.Add(scope, revision, occasion, IsDry(revision, occasion), RunState.Failed, why, clock.GetUtcNow()), cancel);
        }
    }

    private async Task<long?> Run(WriteScope scope, AutomationRevision revision, Occasion occasion, IReadOnlySet<string> able)
    {
        if (await Begin(scope, revision, occasion) is not { } now)
        {
            return null;
        }

        var isDry = IsDry(revision, occasion);
        if (!occasion.IsTrial && revision.Automation.When is not (ClockTrigger or EveryTrigger) && await Count(scope, revision.Id, 0, now) >= revision.Automation.MostPerHour)
        {
            return await Hold(scope, revision, occasion, isDry, now);
        }

        if (await RunRow.Add(scope, revision, occasion, isDry, RunState.Done, "", now) is not { } run)
        {
            return null;
        }

        var (outcome, amount) = await doing.Do(scope, new Deed(run, revision.Automation, occasion, isDry, now, revision.Id) { Able = able });
        await scope.Connection.ExecuteAsync("UPDATE automation_runs SET outcome = @outcome, amount = @amount WHERE id = @run", new { run, outcome, amount }, scope.Transaction);
        if (!isDry)
        {
            await recorder.Record(scope, Entry("automation.run", revision.Id, run));
        }

        return run;
    }

    /// <summary>It ran too often: this cause is let go by, and it pauses until somebody looks at it.</summary>
    private async Task<long?> Hold(WriteScope scope, AutomationRevision revision, Occasion occasion, bool isDry, DateTimeOffset now)
    {
        var held = await RunRow.Add(scope, revision, occasion, isDry, RunState.Held, "too-often", now);
        await scope.Connection.ExecuteAsync("INSERT INTO automation_pauses (automation_id, at) VALUES (@Id, @now) ON CONFLICT DO NOTHING", new { revision.Id, now = now.ToMicros() }, scope.Transaction);
        await recorder.Record(scope, Entry("automation.pause", revision.Id, held ?? 0));
        return held;
    }

    /// <summary>The time at which it runs; null when it ran for this cause, is not in force any more, or rests.</summary>
    private async Task<DateTimeOffset?> Begin(WriteScope scope, AutomationRevision revision, Occasion occasion)
    {
        await Rules.RuleLock.Take(scope, [AutomationBook.Lock(revision.Id)]);
        var now = clock.GetUtcNow();
        if (occasion.IsTrial)
        {
            return await Count(scope, revision.Id, 1, now) < MostTrials ? now : null;
        }

        var known = (await AutomationRow.Known(scope.AsReader(), revision.Id)).SingleOrDefault();
        return known is { Runs: true } && known.InForce!.Revision == revision.Revision
            && await scope.Connection.ExecuteScalarAsync<long?>("SELECT id FROM automation_runs WHERE automation_id = @Id AND cause = @Cause", new { revision.Id, occasion.Cause }, scope.Transaction) is null ? now : null;
    }

    private static bool IsDry(AutomationRevision revision, Occasion occasion) => revision.Automation.IsDry || occasion.IsTrial;

    private static Task<long> Count(WriteScope scope, string id, int trial, DateTimeOffset now) => scope.Connection.ExecuteScalarAsync<long>(
        "SELECT count(*) FROM automation_runs WHERE automation_id = @id AND at > @since AND is_trial = @trial", new { id, trial, since = (now - Hour).ToMicros() }, scope.Transaction);

    private static RecordEntry Entry(string action, string id, long run) => new(action) { Who = RecordEntry.Local, Kind = "automation", Thing = FormattableString.Invariant($"{id}/runs/{run}") };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The automation {Automation} could not do what it should.")]
    private static partial void CouldNotRun(ILogger log, string automation, Exception failure);
}
