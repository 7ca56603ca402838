using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Incidents;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>Makes reports of figures; nothing of what people wrote stands in them, so that they may be kept.</summary>
internal sealed class ReportMaker(TimeZoneInfo zone)
{
    private const int MostLines = 100;

    public Task<(RuleText Title, IReadOnlyList<CityReportPart> Parts)> Make(WriteScope scope, ReportSubject of, Deed deed) =>
        of == ReportSubject.Incident ? Incident(scope, deed) : Day(scope, deed);

    private async Task<(RuleText, IReadOnlyList<CityReportPart>)> Day(WriteScope scope, Deed deed)
    {
        var from = deed.Now.AddDays(-1);
        var values = new { deed.Simulated, from = from.ToMicros(), now = deed.Now.ToMicros(), open = (int)TaskState.Open, MostLines };
        var alerts = await scope.Connection.QueryAsync<(string Rule, long Raised, long Open)>(
            """
            SELECT rule_id, sum(CASE WHEN raised_at > @from THEN 1 ELSE 0 END), sum(CASE WHEN lifted_at IS NULL THEN 1 ELSE 0 END) FROM alerts
            WHERE simulated = @Simulated AND raised_at <= @now AND (raised_at > @from OR lifted_at IS NULL) GROUP BY rule_id ORDER BY rule_id LIMIT @MostLines
            """,
            values, scope.Transaction);
        var incidents = await scope.Connection.QueryAsync<(string Kind, long Opened, long Open)>(
            """
            SELECT kind, sum(CASE WHEN opened_at > @from THEN 1 ELSE 0 END), sum(CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END) FROM incidents
            WHERE simulated = @Simulated AND (opened_at > @from OR closed_at IS NULL) GROUP BY kind ORDER BY kind LIMIT @MostLines
            """,
            values, scope.Transaction);
        Task<long> Count(string where) => scope.Connection.ExecuteScalarAsync<long>(
            $"SELECT count(*) FROM scenario_tasks t JOIN scenario_starts s ON s.id = t.start_id WHERE s.simulated = @Simulated AND {where}", values, scope.Transaction);
        return (
            AutomationWords.Say("report.day", At(deed.Now)),
            [
                Part("report.alerts", alerts.Select(each => AutomationWords.Say("report.alerts.line", each.Rule, each.Raised, each.Open))),
                Part("report.incidents", incidents.Select(each => AutomationWords.Say("report.incidents.line", IncidentKind.Find(each.Kind)?.Name ?? new RuleText(each.Kind, each.Kind), each.Opened, each.Open))),
                Part("report.tasks", [AutomationWords.Say("report.tasks.line", await Count("t.state = @open"), await Count("t.state = @open AND t.due_at < @now"), await Count("t.answered_at > @from"))]),
            ]);
    }

    private async Task<(RuleText, IReadOnlyList<CityReportPart>)> Incident(WriteScope scope, Deed deed)
    {
        var id = deed.Occasion.Incident ?? throw new CityRuleException("no-incident", "No incident started this.");
        var incident = await IncidentReader.Find(scope.AsReader(), id, deed.Now) ?? throw AutomationDesk.Missing($"Incident {id} is not here.");
        var tasks = await IncidentReader.Tasks(scope.AsReader(), id, deed.Now);
        return (
            AutomationWords.Say("report.incident", incident.KindName, id),
            [
                Part("report.stages", incident.Stages.Select(stage => AutomationWords.Say("report.stages.line", At(stage.At), stage.Stage.Name))),
                Part("report.targets", incident.Targets.Select(target => AutomationWords.Say(
                    "report.targets.line", target.From.Name, target.To.Name, target.Minutes, AutomationWords.Say("report.target." + target.State.ToString().ToLowerInvariant()), target.ElapsedMinutes?.ToString("0.#", CultureInfo.InvariantCulture) ?? "–"))),
                Part("report.tasks", [AutomationWords.Say("report.tasks.line", tasks.Count(task => task.State == TaskState.Open), tasks.Count(task => task is { State: TaskState.Open, IsLate: true }), tasks.Count(task => task.State != TaskState.Open))]),
            ]);
    }

    private static CityReportPart Part(string title, IEnumerable<RuleText> lines)
    {
        var all = lines.ToList();
        return new CityReportPart(AutomationWords.Say(title), all.Count == 0 ? [AutomationWords.Say("report.none")] : all);
    }

    private string At(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
