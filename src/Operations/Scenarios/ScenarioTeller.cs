using Madang.Operations.Duty;
using Madang.Operations.Messages;
using Madang.Storage;

namespace Madang.Operations.Scenarios;

/// <summary>
/// Sends the messages of a stage that is started: to contacts that want to know of the scenario, and to whoever is on duty for it. Words that are
/// meant for citizens go to those who pass them on.
/// </summary>
internal static class ScenarioTeller
{
    /// <summary>Writes them in the transaction of the start; each goes to each of them once.</summary>
    public static async Task Tell(WriteScope scope, Scenario scenario, ScenarioStage stage, long start, ScenarioCause cause, DateTimeOffset now)
    {
        if (stage.Messages.Count == 0)
        {
            return;
        }

        var people = (await RosterRows.At(scope.AsReader(), now)).Where(roster => roster.Plan.AnswersFor(scenario.Id)).Select(roster => RosterRows.First(roster.Plan, cause.Able)).OfType<string>().Distinct().ToList();
        foreach (var message in stage.Messages)
        {
            var facts = new MessageFacts
            {
                Title = scenario.Name, About = message.To, Words = message.Text, Data = cause.Data, Path = cause.Incident is { } incident ? FormattableString.Invariant($"/incidents/{incident}") : "/scenarios/" + scenario.Id,
            };
            // What a person starts does not wait for the morning, nor does what reaches the second level.
            var letter = new MessageBox.Letter(FormattableString.Invariant($"scenario:{start}:{message.Id}"), MessageKind.Notice, cause.Alert, facts, cause.By is not null || cause.Level > 1);
            await MessageBox.ToContacts(scope, letter, scenario.Id, now);
            foreach (var person in people)
            {
                await MessageBox.ToPerson(scope, letter, person, now);
            }
        }
    }
}
