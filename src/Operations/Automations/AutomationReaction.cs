using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Operations.Alerts;
using Madang.Operations.Rules;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>What happens to alerts and incidents starts the automations that wait for it.</summary>
internal sealed class AutomationReaction(IDatabase database, AutomationBook book, AutomationRunner runner, SensingQueries sensing, PlaceBook places) : IReaction<AlertChanged>, IReaction<IncidentChanged>
{
    public async Task React(AlertChanged fact, CancellationToken cancel)
    {
        AlertMoment? moment = fact.Act switch { AlertAct.Raised => AlertMoment.Raised, AlertAct.Upgraded => AlertMoment.Upgraded, AlertAct.Lifted => AlertMoment.Lifted, _ => null };
        if (moment is null || await Waiting<AlertTrigger>(cancel) is not { Count: > 0 } waiting || await Read(fact, cancel) is not { } alert || (moment != AlertMoment.Lifted && alert.LiftedAt is not null))
        {
            // What late data showed to have been, and to be over, starts nothing any more.
            return;
        }

        var rule = JsonSerializer.Deserialize<Rule>(alert.Body, RuleForm.Options)!;
        var data = alert.Simulated == 1 ? CityData.Simulated : CityData.Real;
        foreach (var (revision, trigger) in waiting.Where(each => each.Trigger.Rule == alert.RuleId && each.Trigger.On.Contains(moment.Value) && each.Revision.Automation.Data == data))
        {
            var step = moment == AlertMoment.Lifted ? alert.TopLevel : fact.Level;
            if (trigger.Level is { } level && !(Step(rule, level) is > 0 and var asked && asked <= step))
            {
                continue;
            }

            var districts = await Districts(rule, alert.Subject, cancel);
            if (trigger.District is null || districts is null || districts.Contains(trigger.District))
            {
                var what = moment == AlertMoment.Lifted ? "lifted" : trigger.Level ?? FormattableString.Invariant($"step-{fact.Level}");
                await runner.Run(revision, new Occasion(FormattableString.Invariant($"alert:{fact.Alert}:{what}"), new(alert.Ko, alert.En)) { Alert = fact.Alert, Districts = districts }, cancel);
            }
        }
    }

    public async Task React(IncidentChanged fact, CancellationToken cancel)
    {
        if (fact.Act is not (IncidentAct.Opened or IncidentAct.Stage or IncidentAct.Closed) || await Waiting<IncidentTrigger>(cancel) is not { Count: > 0 } waiting)
        {
            return;
        }

        (string Kind, string? District, long Simulated)? known;
        await using (var read = await database.Read(cancel))
        {
            known = await read.Connection.QuerySingleOrDefaultAsync<(string, string?, long)?>("SELECT kind, district, simulated FROM incidents WHERE id = @Incident AND merged_into IS NULL", new { fact.Incident }, read.Transaction);
        }

        if (known is not { } incident)
        {
            return;
        }

        // Nothing of what people wrote in it: the kind and the number.
        var name = IncidentKind.Find(incident.Kind)?.Name ?? new(incident.Kind, incident.Kind);
        var where = new RuleText(string.Create(CultureInfo.InvariantCulture, $"{name.Ko} {fact.Incident}번"), string.Create(CultureInfo.InvariantCulture, $"{name.En} no. {fact.Incident}"));
        foreach (var (revision, _) in waiting.Where(each => IsMeant(each.Trigger, fact, incident.Kind) && each.Revision.Automation.Data == (incident.Simulated == 1 ? CityData.Simulated : CityData.Real)))
        {
            var what = fact.Act == IncidentAct.Opened ? "opened" : "stage-" + fact.Stage;
            await runner.Run(revision, new Occasion(FormattableString.Invariant($"incident:{fact.Incident}:{what}"), where) { Incident = fact.Incident, Districts = incident.District is { } district ? [district] : null }, cancel);
        }
    }

    private static bool IsMeant(IncidentTrigger trigger, IncidentChanged fact, string kind) =>
        (trigger.Incident is null || trigger.Incident == kind) && (trigger.Stage is null ? fact.Act == IncidentAct.Opened : trigger.Stage == fact.Stage);

    private static int Step(Rule rule, string level) => 1 + rule.Levels.Select(each => each.Name).ToList().IndexOf(level);

    private async Task<IReadOnlyList<(AutomationRevision Revision, T Trigger)>> Waiting<T>(CancellationToken cancel)
        where T : AutomationTrigger =>
        [.. (await book.ListAll(cancel)).Where(known => known.Runs).Select(known => known.InForce!).Where(revision => revision.Automation.When is T).Select(revision => (revision, (T)revision.Automation.When))];

    private async Task<AlertRow?> Read(AlertChanged fact, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<AlertRow>(
            """
            SELECT a.rule_id AS RuleId, r.body AS Body, a.subject AS Subject, a.subject_name_ko AS Ko, a.subject_name_en AS En, a.simulated AS Simulated, a.top_level AS TopLevel, a.lifted_at AS LiftedAt
            FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision WHERE a.id = @Alert
            """,
            new { fact.Alert }, read.Transaction);
    }

    /// <summary>The districts of what an alert speaks for; null for the whole city, none where nobody knows.</summary>
    private async Task<IReadOnlyList<string>?> Districts(Rule rule, string subject, CancellationToken cancel) => rule.Each switch
    {
        RuleSubject.City => null,
        RuleSubject.District => [subject],
        RuleSubject.Region => rule.Scope.Regions.FirstOrDefault(region => region.Code == subject)?.Districts ?? [],
        _ when subject == AlertLedger.Many || !long.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out _) => [],
        _ => await sensing.ListLatest([long.Parse(subject, CultureInfo.InvariantCulture)], cancel) is [{ Longitude: { } longitude, Latitude: { } latitude }, ..]
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

        public long TopLevel { get; init; }

        public long? LiftedAt { get; init; }
    }
}
