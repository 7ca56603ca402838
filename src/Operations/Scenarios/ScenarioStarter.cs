using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Operations.Duty;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Scenarios;

/// <summary>Starts what waits for the levels of an alert: once for each level, however often it is asked.</summary>
internal sealed class ScenarioStarter(IDatabase database, DutyHolders holders, Recorder recorder, TimeProvider clock)
{
    /// <summary>What the word of a shipped rule ends with when it judges simulated data.</summary>
    private const string Simulated = "-simulated";

    /// <param name="id">The alert.</param>
    /// <param name="level">The number of the level that it reached; null for the one it has.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task Start(long id, int? level, CancellationToken cancel)
    {
        var able = await holders.Now(clock.GetUtcNow(), cancel);
        await database.Write(scope => Start(scope, id, level, able), cancel);
    }

    private async Task Start(WriteScope scope, long id, int? level, IReadOnlySet<string> able)
    {
        var alert = await scope.Connection.QuerySingleOrDefaultAsync<(string Rule, string Body, long Simulated, int Level)?>(
            "SELECT a.rule_id, r.body, a.simulated, a.level FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision WHERE a.id = @id AND a.lifted_at IS NULL", new { id }, scope.Transaction);
        if (alert is not { } known)
        {
            // What late data showed to have been, and to be over, starts nothing any more.
            return;
        }

        var (rule, data) = (known.Rule.EndsWith(Simulated, StringComparison.Ordinal) ? known.Rule[..^Simulated.Length] : known.Rule, known.Simulated == 1 ? CityData.Simulated : CityData.Real);
        // An alert that leaps over a level, because late data raised it, starts what waits for that one too.
        var levels = JsonSerializer.Deserialize<Rule>(known.Body, RuleForm.Options)!.Levels.Take(level ?? known.Level).Select((each, index) => (each.Name, Step: index + 1));
        foreach (var (scenario, stage, step) in
            from scenario in Scenario.All
            from stage in scenario.Stages
            from reached in levels
            where stage.StartsWith is { } trigger && trigger.Rule == rule && trigger.Level == reached.Name
            select (scenario, stage, reached.Step))
        {
            if (await ScenarioLedger.Start(scope, scenario, stage, new ScenarioCause(data, able) { Alert = id, Level = step }, clock.GetUtcNow()) is { } start)
            {
                await recorder.Record(scope, new RecordEntry("scenario.start") { Who = RecordEntry.Local, Kind = "scenario", Thing = start.Id.ToString(CultureInfo.InvariantCulture) });
            }
        }
    }
}
