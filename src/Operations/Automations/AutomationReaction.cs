using System.Globalization;
using Dapper;
using Madang.Operations.Duty;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>What happens to alerts and incidents starts the automations that wait for it; what is worked on waits for the end of the work.</summary>
internal sealed class AutomationReaction(IDatabase database, AutomationBook book, AutomationRunner runner, AutomationStarter starter, AlertCover cover, TimeProvider clock) : IReaction<AlertChanged>, IReaction<IncidentChanged>
{
    public async Task React(AlertChanged fact, CancellationToken cancel)
    {
        if (fact.Act is AlertAct.Lifted or AlertAct.Withdrawn)
        {
            await starter.End(fact.Alert, cancel);
        }

        AlertMoment? moment = fact.Act switch { AlertAct.Raised => AlertMoment.Raised, AlertAct.Upgraded => AlertMoment.Upgraded, AlertAct.Lifted => AlertMoment.Lifted, _ => null };
        var now = clock.GetUtcNow();
        if (moment is { } happened && !(await cover.Find([fact.Alert], now, cancel))[fact.Alert].Any(window => window.LastsAt(now)))
        {
            await starter.Start(fact.Alert, [happened], fact.Level, cancel);
        }
    }

    public async Task React(IncidentChanged fact, CancellationToken cancel)
    {
        if (fact.Act is not (IncidentAct.Opened or IncidentAct.Stage or IncidentAct.Closed) || await Waiting(cancel) is not { Count: > 0 } waiting)
        {
            return;
        }

        (string Kind, string? District, long Simulated, long? ClosedAt)? known;
        await using (var read = await database.Read(cancel))
        {
            known = await read.Connection.QuerySingleOrDefaultAsync<(string, string?, long, long?)?>("SELECT kind, district, simulated, closed_at FROM incidents WHERE id = @Incident AND merged_into IS NULL", new { fact.Incident }, read.Transaction);
        }

        if (known is not { } incident || (incident.ClosedAt is not null && fact.Act != IncidentAct.Closed && fact.Stage != IncidentKind.Find(incident.Kind)?.Stages[^1].Code))
        {
            // A report that comes when all is over starts nothing but what waits for the end.
            return;
        }

        // Nothing of what people wrote in it: the kind and the number.
        var name = IncidentKind.Find(incident.Kind)?.Name ?? new(incident.Kind, incident.Kind);
        var where = new RuleText(string.Create(CultureInfo.InvariantCulture, $"{name.Ko} {fact.Incident}번"), string.Create(CultureInfo.InvariantCulture, $"{name.En} no. {fact.Incident}"));
        foreach (var (revision, _) in waiting.Where(each => IsMeant(each.Trigger, fact, incident.Kind) && each.Revision.Automation.Data == (incident.Simulated == 1 ? CityData.Simulated : CityData.Real)))
        {
            var what = fact.Act == IncidentAct.Opened ? "opened" : "stage-" + fact.Stage;
            await runner.Run(revision, new Occasion(FormattableString.Invariant($"incident:{fact.Incident}:{what}"), where) { Incident = fact.Incident, Districts = incident.District is { } district ? [district] : [] }, cancel);
        }
    }

    private static bool IsMeant(IncidentTrigger trigger, IncidentChanged fact, string kind) =>
        (trigger.Incident is null || trigger.Incident == kind) && (trigger.Stage is null ? fact.Act == IncidentAct.Opened : trigger.Stage == fact.Stage);

    private async Task<IReadOnlyList<(AutomationRevision Revision, IncidentTrigger Trigger)>> Waiting(CancellationToken cancel) =>
        [.. (await book.ListAll(cancel)).Where(known => known.Runs).Select(known => known.InForce!).Where(revision => revision.Automation.When is IncidentTrigger).Select(revision => (revision, (IncidentTrigger)revision.Automation.When))];
}
