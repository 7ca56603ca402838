using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Operations;
using Madang.Web.Pages.Alerts;
using Madang.Web.Text;

namespace Madang.Web.Pages.Incidents;

/// <summary>How incidents are said.</summary>
internal static class IncidentWords
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd' 'HH:mm"];

    /// <summary>A moment of the city's clocks as forms send it; null when none is said.</summary>
    public static DateTimeOffset? Moment(string field, string? text, TimeZoneInfo zone) =>
        string.IsNullOrWhiteSpace(text) ? null
        : DateTime.TryParseExact(text.Trim(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1900 and < 2199 ? new DateTimeOffset(local, zone.GetUtcOffset(local))
        : throw new InvalidInputException(field, "is a time, written as 2026-12-31T09:00");

    /// <summary>A degree; null when none is said.</summary>
    public static double? Degrees(string field, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var degrees) ? degrees : throw new InvalidInputException(field, "is a number");

    /// <summary>What people call an incident: its title, or its kind and number when the title is no longer kept.</summary>
    public static string Title(Language language, Incident incident) => incident.Title.Length > 0 ? incident.Title : $"{language.Of(incident.KindName)} {incident.Id.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reported → arrived within 7 minutes.</summary>
    public static string Target(Language language, IncidentTarget target) => language.Say("incident.target", language.Of(target.From.Name), language.Of(target.To.Name), Length(language, target.Minutes));

    /// <summary>What became of a golden time.</summary>
    public static string State(Language language, IncidentTarget target) => language.Say("incident.target." + target.State.ToString().ToLowerInvariant(), target.ElapsedMinutes is { } minutes ? Length(language, minutes) : "");

    /// <summary>7 minutes, 24 hours, 7 days.</summary>
    public static string Length(Language language, double minutes) => minutes switch
    {
        >= 2 * 1440 when minutes % 1440 == 0 => language.Say("incident.days", Number(minutes / 1440)),
        >= 120 when minutes % 60 == 0 => language.Say("incident.hours", Number(minutes / 60)),
        _ => language.Say("incident.minutes", Number(minutes)),
    };

    /// <summary>True when a golden time was missed, or is about to be for good.</summary>
    public static bool IsPast(Incident incident) => incident.Targets.Any(target => target.State is TargetState.Late or TargetState.Missed);

    /// <summary>The badge of a golden time.</summary>
    public static string Badge(TargetState state) => state switch
    {
        TargetState.Met => "bg-light-success",
        TargetState.Late or TargetState.Missed => "bg-light-danger",
        TargetState.Running => "bg-light-warning",
        _ => "bg-light-gray",
    };

    /// <summary>An act as keys of words spell it.</summary>
    public static string Word(IncidentAct act) => JsonNamingPolicy.KebabCaseLower.ConvertName(act.ToString());

    /// <summary>What an entry of the log says, but for its act and its note: stage, times, order, to whom, what else it is about.</summary>
    public static string Said(Visit visit, IncidentEntry entry)
    {
        var words = visit.Language;
        return string.Join(" · ", new[]
        {
            entry.Stage is { } stage ? words.Of(stage.Name) : null,
            entry.Moment is { } moment ? At(visit, moment) : entry.Act == IncidentAct.Corrected ? words["incident.taken-back"] : null,
            entry.Before is { } before ? words.Say("incident.before", At(visit, before)) : null,
            entry.Order is { } order ? words.Say("incident.order-no", order) : null, entry.Recipient, entry.DueAt is { } due ? words.Say("incident.due", At(visit, due)) : null,
            entry.Act == IncidentAct.ScenarioStarted ? Scenario.Find(entry.Note?.Split('/')[0]) is { } scenario ? words.Of(scenario.Name) : entry.Note : entry.Other is { } other ? words.Say(entry.Act == IncidentAct.Linked ? "incident.alert-number" : "incident.of", other) : null,
        }.OfType<string>());
    }

    /// <summary>Everybody who did something in the story of an incident.</summary>
    public static IEnumerable<string?> People(IncidentStory story) =>
        story.Entries.Select(entry => entry.Who).Concat(story.Incident.Stages.Select(stage => stage.ToldBy)).Concat(story.Tasks.Select(task => task.AnsweredBy));

    /// <summary>A moment of these days or of another year.</summary>
    public static string At(Visit visit, DateTimeOffset at) => Since.Moment(visit.Language, visit.Zone, visit.At, at);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
