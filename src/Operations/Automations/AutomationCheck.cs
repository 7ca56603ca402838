using Madang.Kernel;
using Madang.Operations.Rules;

namespace Madang.Operations.Automations;

/// <summary>Refuses an automation that makes no sense, by the name of the field.</summary>
internal static class AutomationCheck
{
    private const int LongestName = 200, LongestText = 500, MostTargets = 50, MostLamps = 500, MostEvery = 7 * 1440, MostDue = 31 * 1440, MostHours = 24, MostLampMinutes = 12 * 60, MostPerHour = 60;

    public static void Check(Automation automation)
    {
        Said(automation.Name, "name", LongestName);
        Said(automation.Owner, "owner", LongestName);
        Need(automation.MostPerHour is >= 1 and <= MostPerHour, "mostPerHour", $"is a number from 1 to {MostPerHour}");
        Check(automation.When);
        Check(automation.Do, automation.When);
    }

    private static void Check(AutomationTrigger trigger)
    {
        switch (trigger)
        {
            case ClockTrigger clock:
                Need(clock.Time.Ticks % TimeSpan.TicksPerMinute == 0, "when.time", "is a whole minute, such as 08:30");
                Need(clock.Days.Distinct().Count() == clock.Days.Count, "when.days", "names a day twice");
                break;
            case EveryTrigger every:
                Need(every.Minutes is >= 5 and <= MostEvery, "when.minutes", $"is a number from 5 to {MostEvery}");
                break;
            case AlertTrigger alert:
                Need(RuleCheck.IsWord(alert.Rule), "when.rule", "is the word of a rule, such as pm25");
                Need(alert.On.Count > 0 && alert.On.Distinct().Count() == alert.On.Count, "when.on", "is raised, upgraded or lifted, each once");
                Need(alert.Level is null || RuleCheck.IsWord(alert.Level), "when.level", "is the name of a level, such as warning");
                Need(alert.District is null || RuleCheck.IsWord(alert.District), "when.district", "is the code of a district");
                break;
            case IncidentTrigger incident:
                var kind = incident.Incident is null ? null : IncidentKind.Find(incident.Incident) ?? throw new InvalidInputException("when.incident", "is one of " + string.Join(", ", IncidentKind.All.Select(each => each.Code)));
                Need(incident.Stage is null || (kind is null ? RuleCheck.IsWord(incident.Stage) : kind.FindStage(incident.Stage) is not null), "when.stage", "is a stage of this kind of incident");
                break;
        }
    }

    private static void Check(AutomationAction action, AutomationTrigger trigger)
    {
        switch (action)
        {
            case SendAction send:
                Said(send.Text, "do.text", LongestText);
                Need(send.Contacts.Count + send.Rosters.Count is > 0 and <= MostTargets, "do.contacts", $"and 'do.rosters' are together 1 to {MostTargets}");
                break;
            case TaskAction task:
                Said(task.Text, "do.text", LongestText);
                Said(task.Department, "do.department", LongestName);
                Need(task.DueMinutes is >= 1 and <= MostDue, "do.dueMinutes", $"is a number from 1 to {MostDue}");
                break;
            case ReportAction { Of: ReportSubject.Incident }:
                Need(trigger is IncidentTrigger, "do.of", "is an incident only where an incident starts it");
                break;
            case LampAction lamp:
                Need(lamp.Level is >= 0 and <= 100, "do.level", "must be 0 to 100 per cent");
                Need(lamp.Minutes is >= 1 and <= MostLampMinutes, "do.minutes", $"is a number from 1 to {MostLampMinutes}");
                Need(lamp.Street is null ? lamp.Lamps.Count is > 0 and <= MostLamps : lamp.Lamps.Count == 0 && lamp.Street.Length is > 0 and <= LongestName, "do.street", $"or 1 to {MostLamps} 'do.lamps' are needed, not both");
                break;
            case PublishAction publish:
                Said(publish.Text, "do.text", LongestText);
                Need(publish.Hours is >= 1 and <= MostHours, "do.hours", $"is a number from 1 to {MostHours}");
                Need(publish.District is null || RuleCheck.IsWord(publish.District), "do.district", "is the code of a district, or city");
                break;
        }
    }

    private static void Said(RuleText text, string field, int longest)
    {
        foreach (var (words, language) in new[] { (text.Ko, "ko"), (text.En, "en") })
        {
            Need(!string.IsNullOrWhiteSpace(words) && words.Length <= longest && !words.Any(char.IsControl), $"{field}.{language}", $"is required: one line of at most {longest} characters");
        }
    }

    private static void Need(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }
}
