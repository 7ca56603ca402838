using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Alerts;
using Madang.Operations.Rules;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Automations;

/// <summary>Starts the automations that wait for what happens to an alert: once for each level, however often it is asked. What they publish of it comes down with it.</summary>
internal sealed class AutomationStarter(IDatabase database, AutomationBook book, AutomationRunner runner, CityAtWork city, SensingQueries sensing, PlaceBook places, TimeProvider clock)
{
    /// <param name="id">The alert.</param>
    /// <param name="moments">What happened to it.</param>
    /// <param name="level">The number of the level that it reached; null for the one it has.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task Start(long id, IReadOnlyList<AlertMoment> moments, int? level, CancellationToken cancel)
    {
        var isOver = moments.Contains(AlertMoment.Lifted);
        if (await Waiting(cancel) is not { Count: > 0 } waiting || await Read(id, cancel) is not { } alert || (!isOver && alert.LiftedAt is not null))
        {
            // What late data showed to have been, and to be over, starts nothing any more.
            return;
        }

        var rule = JsonSerializer.Deserialize<Rule>(alert.Body, RuleForm.Options)!;
        var (data, step) = (alert.Simulated == 1 ? CityData.Simulated : CityData.Real, isOver ? alert.TopLevel : level ?? alert.Level);
        foreach (var (revision, trigger) in waiting.Where(each => each.Trigger.Rule == alert.RuleId && each.Trigger.On.Any(moments.Contains) && each.Revision.Automation.Data == data))
        {
            if (trigger.Level is { } wanted && !(Step(rule, wanted) is > 0 and var asked && asked <= step))
            {
                continue;
            }

            var districts = await Districts(rule, alert.Subject, cancel);
            if (trigger.District is null || districts is null || districts.Contains(trigger.District))
            {
                var what = isOver ? "lifted" : trigger.Level ?? FormattableString.Invariant($"step-{step}");
                await runner.Run(revision, new Occasion(FormattableString.Invariant($"alert:{id}:{what}"), new(alert.Ko, alert.En)) { Alert = id, Districts = districts }, cancel);
            }
        }
    }

    /// <summary>Takes down what was published because an alert was raised or upgraded: it is over.</summary>
    public Task End(long id, CancellationToken cancel) => database.Write(
        scope => scope.Connection.ExecuteAsync(
            """
            UPDATE city_notices SET ended_at = @now WHERE ended_at IS NULL AND until_at > @now
            AND run_id IN (SELECT r.id FROM automation_runs r WHERE r.alert_id = @id AND r.cause <> @lifted)
            """,
            new { id, now = clock.GetUtcNow().ToMicros(), lifted = FormattableString.Invariant($"alert:{id}:lifted") }, scope.Transaction),
        cancel);

    private static int Step(Rule rule, string level) => 1 + rule.Levels.Select(each => each.Name).ToList().IndexOf(level);

    private async Task<IReadOnlyList<(AutomationRevision Revision, AlertTrigger Trigger)>> Waiting(CancellationToken cancel) =>
        [.. (await book.ListAll(cancel)).Where(known => known.Runs).Select(known => known.InForce!).Where(revision => revision.Automation.When is AlertTrigger).Select(revision => (revision, (AlertTrigger)revision.Automation.When))];

    private async Task<AlertRow?> Read(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<AlertRow>(
            """
            SELECT a.rule_id AS RuleId, r.body AS Body, a.subject AS Subject, a.subject_name_ko AS Ko, a.subject_name_en AS En, a.simulated AS Simulated, a.level AS Level, a.top_level AS TopLevel, a.lifted_at AS LiftedAt
            FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision WHERE a.id = @id
            """,
            new { id }, read.Transaction);
    }

    /// <summary>The districts of what an alert speaks for; null for the whole city, none where nobody knows.</summary>
    private async Task<IReadOnlyList<string>?> Districts(Rule rule, string subject, CancellationToken cancel) => rule.Each switch
    {
        RuleSubject.City => null,
        RuleSubject.District => [subject],
        RuleSubject.Region => rule.Scope.Regions.FirstOrDefault(region => region.Code == subject)?.Districts ?? [],
        _ when subject == AlertLedger.Many || !long.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out _) => [],
        _ => await city.Do(Act.Read, Kinds.Thing, "automation", () => sensing.ListLatest([long.Parse(subject, CultureInfo.InvariantCulture)], cancel)) is [{ Longitude: { } longitude, Latitude: { } latitude }, ..]
            && (await places.FindDistrict(longitude, latitude, cancel))?.Place.Code is { } code ? [code] : [],
    };

    private sealed record AlertRow
    {
        public string RuleId { get; init; } = "";

        public string Body { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Ko { get; init; } = "";

        public string En { get; init; } = "";

        public long Simulated { get; init; }

        public int Level { get; init; }

        public int TopLevel { get; init; }

        public long? LiftedAt { get; init; }
    }
}
