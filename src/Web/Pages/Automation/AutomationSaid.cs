using Madang.Operations;

namespace Madang.Web.Pages.Automation;

/// <summary>How automations and their runs are said.</summary>
internal static class AutomationSaid
{
    /// <summary>The word of the state an automation is in: waiting, off, paused, dry or live.</summary>
    public static string State(KnownAutomation known) =>
        known.InForce is not { } force ? "waiting" : !force.IsOn ? "off" : known.PausedAt is not null ? "paused" : force.Automation.IsDry ? "dry" : "live";

    /// <summary>The badge of that state.</summary>
    public static string Badge(KnownAutomation known) => State(known) switch { "live" => "bg-light-success", "dry" => "bg-light-primary", "paused" => "bg-light-danger", _ => "bg-light-gray" };

    /// <summary>What came of a run.</summary>
    public static string Outcome(Language language, AutomationRun run) =>
        run.State == RunState.Done && language.Find($"auto.outcome.{run.Outcome}{(run.IsDry ? ".dry" : "")}") is { } words ? string.Format(System.Globalization.CultureInfo.InvariantCulture, words, run.Count)
        : language.Find("auto.outcome." + run.Outcome) ?? language.Say("auto.outcome.failed", run.Outcome);
}
