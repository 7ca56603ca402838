using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Alerts;
using Madang.Operations.Messages;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>Writes who is told of an alert: each in one transaction with the row that says that it was told.</summary>
internal sealed class DutyTeller(IDatabase database, DutyHolders holders)
{
    /// <summary>Tells what happened to an alert, unless it is worked on. What was never told to be raised is told no further.</summary>
    public async Task Tell(Cause cause, Rule rule, IReadOnlyList<DutyRoster> rosters, bool isCovered, DateTimeOffset now, CancellationToken cancel)
    {
        // Who was called out and may not act on alerts any more hears no more of this one.
        var called = cause.Act == (long)AlertAct.Raised ? new HashSet<string>() : await holders.List(await Called(cause.Id, cancel), cancel);
        await database.Write(scope => Tell(scope, cause, rule, rosters, called, isCovered, now), cancel);
    }

    private static async Task Tell(WriteScope scope, Cause cause, Rule rule, IReadOnlyList<DutyRoster> rosters, IReadOnlySet<string> called, bool isCovered, DateTimeOffset now)
    {
        var isOpen = await scope.Connection.ExecuteScalarAsync<long?>("SELECT id FROM alerts WHERE id = @Id AND lifted_at IS NULL", new { cause.Id }, scope.Transaction) is not null;
        if (isCovered && isOpen && cause.Act == (long)AlertAct.Upgraded)
        {
            // Told when the work is over, if it still stands then.
            return;
        }

        if (await scope.Connection.ExecuteAsync("DELETE FROM message_causes WHERE entry_id = @Entry", new { cause.Entry }, scope.Transaction) == 0)
        {
            // Another node told it.
            return;
        }

        switch ((AlertAct)cause.Act)
        {
            case AlertAct.Raised:
                // What late data showed to have been, and to be over, calls nobody out.
                if (!isCovered && isOpen)
                {
                    await Announce(scope, cause.Id, cause.RuleId, rule, cause.Level, cause.Value, rosters, now);
                }

                break;
            case AlertAct.Upgraded:
                if (isOpen)
                {
                    await Follow(scope, cause, rule, MessageKind.Upgraded, FormattableString.Invariant($"alert:{cause.Id}:upgraded:{cause.Entry}"), called, now);
                }

                break;
            default:
                // Who was called out learns that it is over, whatever is worked on meanwhile.
                await MessageBox.Supersede(scope, "alert_id = @id", cause.Id);
                await Follow(scope, cause, rule, cause.Act == (long)AlertAct.Withdrawn ? MessageKind.Withdrawn : MessageKind.Lifted, FormattableString.Invariant($"alert:{cause.Id}:lifted"), called, now);
                break;
        }
    }

    /// <summary>Tells that an alert is raised, when nobody was told so far and it still waits.</summary>
    public Task Announce(long alert, string ruleId, Rule rule, IReadOnlyList<DutyRoster> rosters, DateTimeOffset now, CancellationToken cancel) => database.Write(
        async scope =>
        {
            if (await AlertRows.StillWaits(scope, alert))
            {
                await Announce(scope, alert, ruleId, rule, null, null, rosters, now);
            }
        },
        cancel);

    /// <summary>Tells a step of a roster; null when it was told before, or the alert does not wait any more.</summary>
    public Task<StepTold?> Step(long alert, Rule rule, DutyRoster roster, int step, DateTimeOffset now, CancellationToken cancel) => database.Write(
        async scope => await AlertRows.StillWaits(scope, alert) ? await Step(scope, alert, rule, roster, step, null, null, now) : null, cancel);

    /// <summary>Tells whoever holds now the first of the steps behind one that was told, where nobody held it when it was its turn.</summary>
    public Task Fill(long alert, Rule rule, DutyRoster roster, long after, DateTimeOffset now, CancellationToken cancel)
    {
        var holder = Enumerable.Range(1, roster.Plan.Steps.Count).Where(step => step > after).Select(step => RosterRows.Holder(roster.Plan, step)).FirstOrDefault(each => each.Person is not null);
        return holder is null ? Task.CompletedTask : database.Write(
            async scope =>
            {
                if (await AlertRows.StillWaits(scope, alert)
                    && await scope.Connection.ExecuteAsync(
                        "UPDATE alert_steps SET person = @Person, at = @now WHERE alert_id = @alert AND roster_id = @Id AND step = @Step AND person IS NULL",
                        new { holder.Person, now = now.ToMicros(), alert, roster.Id, holder.Step }, scope.Transaction) == 1)
                {
                    await Send(scope, alert, rule, roster, holder.Step, holder.Person!, null, null, now);
                }
            },
            cancel);
    }

    private static async Task Announce(WriteScope scope, long alert, string ruleId, Rule rule, long? level, double? value, IReadOnlyList<DutyRoster> rosters, DateTimeOffset now)
    {
        if (await scope.Connection.ExecuteAsync("INSERT INTO alert_tellings (alert_id, at) VALUES (@alert, @now) ON CONFLICT (alert_id) DO NOTHING", new { alert, now = now.ToMicros() }, scope.Transaction) == 0)
        {
            return;
        }

        var facts = await MessageFacts.OfAlert(scope, alert, rule, level, value);
        await MessageBox.ToContacts(scope, new(Raised(alert), MessageKind.Raised, alert, facts, facts.IsUrgent(rule)), ruleId, now);
        foreach (var roster in rosters.Where(roster => roster.Plan.AnswersFor(ruleId)))
        {
            await Step(scope, alert, rule, roster, 1, level, value, now);
        }
    }

    private static async Task<StepTold?> Step(WriteScope scope, long alert, Rule rule, DutyRoster roster, int step, long? level, double? value, DateTimeOffset now)
    {
        var holder = RosterRows.Holder(roster.Plan, step).Person;
        var told = new StepTold { Alert = alert, Roster = roster.Id, Step = step, Person = holder, At = now.ToMicros() };
        if (await scope.Connection.ExecuteAsync("INSERT INTO alert_steps (alert_id, roster_id, step, person, at) VALUES (@Alert, @Roster, @Step, @Person, @At) ON CONFLICT (alert_id, roster_id, step) DO NOTHING", told, scope.Transaction) == 0)
        {
            return null;
        }

        if (holder is not null)
        {
            await Send(scope, alert, rule, roster, step, holder, level, value, now);
        }

        return told;
    }

    private static async Task Send(WriteScope scope, long alert, Rule rule, DutyRoster roster, int step, string holder, long? level, double? value, DateTimeOffset now)
    {
        if (step > 1)
        {
            var current = await scope.Connection.ExecuteScalarAsync<int>("SELECT level FROM alerts WHERE id = @alert", new { alert }, scope.Transaction);
            await AlertLedger.Enter(scope, alert, AlertAct.Escalated, current, null, null, now, note: step.ToString(CultureInfo.InvariantCulture));
        }

        var facts = await MessageFacts.OfAlert(scope, alert, rule, level, value) with { Step = step > 1 ? step : null };
        var cause = step == 1 ? Raised(alert) : FormattableString.Invariant($"alert:{alert}:step:{roster.Id}:{step}");
        await MessageBox.ToPerson(scope, new(cause, step == 1 ? MessageKind.Raised : MessageKind.Escalated, alert, facts, facts.IsUrgent(rule)), holder, now);
    }

    /// <summary>Tells what came of an alert to all who were told that it is raised.</summary>
    private static async Task Follow(WriteScope scope, Cause cause, Rule rule, MessageKind kind, string word, IReadOnlySet<string> called, DateTimeOffset now)
    {
        if (await scope.Connection.ExecuteScalarAsync<long?>("SELECT alert_id FROM alert_tellings WHERE alert_id = @Id", new { cause.Id }, scope.Transaction) is null)
        {
            return;
        }

        var facts = await MessageFacts.OfAlert(scope, cause.Id, rule, cause.Level, cause.Value);
        var letter = new MessageBox.Letter(word, kind, cause.Id, facts, facts.IsUrgent(rule));
        await MessageBox.ToContacts(scope, letter, cause.RuleId, now);
        foreach (var person in called.Order(StringComparer.Ordinal))
        {
            await MessageBox.ToPerson(scope, letter, person, now);
        }
    }

    /// <summary>Everybody who was told that an alert is raised, because it was his turn.</summary>
    private async Task<IReadOnlyList<string>> Called(long alert, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<string>("SELECT DISTINCT person FROM alert_steps WHERE alert_id = @alert AND person IS NOT NULL ORDER BY person", new { alert }, read.Transaction)).AsList();
    }

    private static string Raised(long alert) => FormattableString.Invariant($"alert:{alert}:raised");
}
