using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Scenarios;

/// <summary>An alert that reaches a level starts the scenarios that wait for it: once for each level of an alert, however often the fact comes.</summary>
internal sealed class ScenarioReaction(IDatabase database, Recorder recorder, TimeProvider clock) : IReaction<AlertChanged>
{
    /// <summary>What the word of a shipped rule ends with when it judges simulated data.</summary>
    private const string Simulated = "-simulated";

    public async Task React(AlertChanged fact, CancellationToken cancel)
    {
        if (fact.Level < 1 || fact.Act is not (AlertAct.Raised or AlertAct.Upgraded))
        {
            return;
        }

        await database.Write(
            async scope =>
            {
                var alert = await scope.Connection.QuerySingleOrDefaultAsync<(string Rule, string Body, long Simulated)?>(
                    "SELECT a.rule_id, r.body, a.simulated FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision WHERE a.id = @Alert AND a.lifted_at IS NULL", new { fact.Alert }, scope.Transaction);
                if (alert is not { } known)
                {
                    // What late data showed to have been, and to be over, starts nothing any more.
                    return;
                }

                var (rule, data) = (known.Rule.EndsWith(Simulated, StringComparison.Ordinal) ? known.Rule[..^Simulated.Length] : known.Rule, known.Simulated == 1 ? CityData.Simulated : CityData.Real);
                // An alert that leaps over a level, because late data raised it, starts what waits for that one too.
                var levels = JsonSerializer.Deserialize<Rule>(known.Body, RuleForm.Options)!.Levels.Take(fact.Level).Select((level, index) => (level.Name, Step: index + 1));
                foreach (var (scenario, stage, step) in
                    from scenario in Scenario.All
                    from stage in scenario.Stages
                    from level in levels
                    where stage.StartsWith is { } trigger && trigger.Rule == rule && trigger.Level == level.Name
                    select (scenario, stage, level.Step))
                {
                    if (await ScenarioLedger.Start(scope, scenario, stage, new ScenarioCause(data) { Alert = fact.Alert, Level = step }, clock.GetUtcNow()) is { } start)
                    {
                        await recorder.Record(scope, new RecordEntry("scenario.start") { Who = RecordEntry.Local, Kind = "scenario", Thing = start.Id.ToString(CultureInfo.InvariantCulture) });
                    }
                }
            },
            cancel);
    }
}
