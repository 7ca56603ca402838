using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Messages;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>What one run is to do.</summary>
internal sealed record Deed(long Run, Automation Automation, Occasion Occasion, bool IsDry, DateTimeOffset Now, string Id)
{
    /// <summary>Who is on duty now and may be told; nobody, where nothing is sent.</summary>
    public IReadOnlySet<string> Able { get; init; } = new HashSet<string>();

    public int Simulated => Automation.Data == CityData.Simulated ? 1 : 0;
}

/// <summary>Does what an automation does, in the transaction of its run; when it is dry, only counts. Answers what came of it in a word, and how many.</summary>
internal sealed class Doing(LampHold lamps, ReportMaker reports)
{
    public Task<(string Outcome, int Amount)> Do(WriteScope scope, Deed deed) => deed.Automation.Do switch
    {
        SendAction send => Send(scope, deed, send),
        TaskAction task => Task(scope, deed, task),
        ReportAction report => Report(scope, deed, report),
        LampAction lamp => Lamp(scope, deed, lamp),
        PublishAction publish => Publish(scope, deed, publish),
        _ => throw new InvalidInputException("do", "is nothing that is known"),
    };

    private static async Task<(string, int)> Send(WriteScope scope, Deed deed, SendAction send)
    {
        var facts = new MessageFacts { Title = deed.Automation.Name, About = deed.Occasion.Where, Words = deed.Occasion.Fill(send.Text), Path = deed.Occasion.Alert is { } alert ? FormattableString.Invariant($"/alerts/{alert}") : deed.Occasion.Incident is { } incident ? FormattableString.Invariant($"/incidents/{incident}") : null, Data = deed.Automation.Data };
        var letter = new MessageBox.Letter(Cause(deed.Run), MessageKind.Notice, deed.Occasion.Alert, facts, send.IsUrgent);
        var rosters = send.Rosters.Count == 0 ? [] : (await RosterRows.At(scope.AsReader(), deed.Now)).Where(roster => send.Rosters.Contains(roster.Id));
        var people = rosters.Select(roster => RosterRows.First(roster.Plan, deed.Able)).OfType<string>().Distinct().ToList();
        var contacts = send.Contacts.Count;
        if (!deed.IsDry)
        {
            contacts = 0;
            foreach (var contact in send.Contacts)
            {
                contacts += await MessageBox.ToContact(scope, letter, contact, deed.Now) ? 1 : 0;
            }

            foreach (var person in people)
            {
                await MessageBox.ToPerson(scope, letter, person, deed.Now);
            }
        }

        return (contacts + people.Count > 0 ? "sent" : "no-recipient", contacts + people.Count);
    }

    private static async Task<(string, int)> Task(WriteScope scope, Deed deed, TaskAction task)
    {
        if (!deed.IsDry)
        {
            var start = await scope.Connection.ExecuteScalarAsync<long>(
                "INSERT INTO scenario_starts (scenario, stage, incident_id, alert_id, simulated, started_at, run_id) VALUES (@scenario, @Id, @Incident, @Alert, @Simulated, @now, @Run) RETURNING id",
                new { scenario = CityTask.ByAutomation, deed.Id, deed.Occasion.Incident, deed.Occasion.Alert, deed.Simulated, now = deed.Now.ToMicros(), deed.Run }, scope.Transaction);
            var text = deed.Occasion.Fill(task.Text);
            await scope.Connection.ExecuteAsync(
                "INSERT INTO scenario_tasks (start_id, task, text_ko, text_en, department_ko, department_en, due_at, state) VALUES (@start, 'task', @Ko, @En, @DepartmentKo, @DepartmentEn, @due, @open)",
                new { start, text.Ko, text.En, DepartmentKo = task.Department.Ko, DepartmentEn = task.Department.En, due = deed.Now.AddMinutes(task.DueMinutes).ToMicros(), open = (int)TaskState.Open }, scope.Transaction);
        }

        return ("task-made", 1);
    }

    private async Task<(string, int)> Report(WriteScope scope, Deed deed, ReportAction report)
    {
        if (!deed.IsDry)
        {
            var (title, parts) = await reports.Make(scope, report.Of, deed);
            await scope.Connection.ExecuteAsync(
                "INSERT INTO city_reports (run_id, simulated, title_ko, title_en, body, made_at) VALUES (@Run, @Simulated, @Ko, @En, @body, @now)",
                new { deed.Run, deed.Simulated, title.Ko, title.En, body = JsonSerializer.Serialize(parts, RuleForm.Options), now = deed.Now.ToMicros() }, scope.Transaction);
        }

        return ("report-made", 1);
    }

    private async Task<(string, int)> Lamp(WriteScope scope, Deed deed, LampAction lamp) =>
        await lamps.Take(scope, deed.Run, lamp, deed.Automation.Data, deed.IsDry, deed.Now) is > 0 and var told ? ("lamps-told", told) : ("no-lamps", 0);

    private static async Task<(string, int)> Publish(WriteScope scope, Deed deed, PublishAction publish)
    {
        IReadOnlyList<string?> districts = publish.District switch { "city" => [null], { } one => [one], null => deed.Occasion.Districts is { } where ? [.. where] : [null] };
        var text = deed.Occasion.Fill(publish.Text);
        if (!deed.IsDry)
        {
            foreach (var district in districts)
            {
                await scope.Connection.ExecuteAsync(
                    "INSERT INTO city_notices (run_id, district, text_ko, text_en, simulated, from_at, until_at) VALUES (@Run, @district, @Ko, @En, @Simulated, @now, @until)",
                    new { deed.Run, district, text.Ko, text.En, deed.Simulated, now = deed.Now.ToMicros(), until = deed.Now.AddHours(publish.Hours).ToMicros() }, scope.Transaction);
            }
        }

        return (districts.Count > 0 ? "published" : "no-district", districts.Count);
    }

    /// <summary>The word by which what a run sends is known.</summary>
    public static string Cause(long run) => FormattableString.Invariant($"automation-run:{run}");
}
