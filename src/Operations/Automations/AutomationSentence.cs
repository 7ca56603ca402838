using System.Globalization;

namespace Madang.Operations.Automations;

/// <summary>An automation in plain words, made from its data alone: what it says is what it does.</summary>
internal static class AutomationSentence
{
    public static RuleText Of(Automation automation) => AutomationWords.Join(
        " ",
        [
            AutomationWords.Say("sentence", When(automation.When), Do(automation.Do)),
            .. automation.Data == CityData.Simulated ? [AutomationWords.Say("only.simulated")] : (RuleText[])[],
            AutomationWords.Say("often", automation.MostPerHour),
            .. automation.IsDry ? [AutomationWords.Say("dry")] : (RuleText[])[],
        ]);

    private static RuleText When(AutomationTrigger trigger) => trigger switch
    {
        ClockTrigger clock => AutomationWords.Say(clock.Days.Count == 0 ? "when.daily" : "when.days", clock.Time.ToString("HH:mm", CultureInfo.InvariantCulture), AutomationWords.Join("·", clock.Days.Order().Select(day => AutomationWords.Say("day." + day.ToString().ToLowerInvariant())))),
        EveryTrigger every => AutomationWords.Say("when.every", every.Minutes),
        AlertTrigger alert => AutomationWords.Say(
            (alert.Level is null ? "when.alert" : "when.alert.level") + (alert.District is null ? "" : ".district"), alert.Rule,
            AutomationWords.Join(", ", alert.On.Order().Select(on => AutomationWords.Say("on." + on.ToString().ToLowerInvariant()))), alert.Level, alert.District),
        IncidentTrigger incident => Incident(incident),
        _ => throw new InvalidOperationException($"{trigger.GetType().Name} has no words."),
    };

    private static RuleText Incident(IncidentTrigger incident)
    {
        var kind = IncidentKind.Find(incident.Incident);
        var name = kind?.Name ?? AutomationWords.Say("incident.any");
        return incident.Stage is null ? AutomationWords.Say("when.incident", name) : AutomationWords.Say("when.incident.stage", name, kind?.FindStage(incident.Stage)?.Name ?? new RuleText(incident.Stage, incident.Stage));
    }

    private static RuleText Do(AutomationAction action) => action switch
    {
        SendAction send => AutomationWords.Say(send.IsUrgent ? "do.send.urgent" : "do.send", send.Contacts.Count, send.Rosters.Count == 0 ? "–" : string.Join(", ", send.Rosters), Quoted(send.Text)),
        TaskAction task => AutomationWords.Say("do.task", task.Department, Length(task.DueMinutes), Quoted(task.Text)),
        ReportAction report => AutomationWords.Say("do.report." + report.Of.ToString().ToLowerInvariant()),
        LampAction lamp => AutomationWords.Say(lamp.Street is null ? "do.lamps" : "do.street", lamp.Street ?? (object)lamp.Lamps.Count, lamp.Level, Length(lamp.Minutes)),
        PublishAction publish => AutomationWords.Say(publish.District switch { null => "do.publish", "city" => "do.publish.city", _ => "do.publish.district" }, Quoted(publish.Text), publish.Hours, publish.District),
        _ => throw new InvalidOperationException($"{action.GetType().Name} has no words."),
    };

    /// <summary>A text as it will be said, with a word for the place that nobody knows yet.</summary>
    private static RuleText Quoted(RuleText text) => new Occasion("", AutomationWords.Say("where")).Fill(text);

    private static RuleText Length(int minutes) => minutes % 60 == 0 ? AutomationWords.Say("hours", minutes / 60) : AutomationWords.Say("minutes", minutes);
}
