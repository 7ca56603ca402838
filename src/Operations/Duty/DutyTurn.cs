using Madang.Kernel;
using Madang.Operations.Automations;
using Madang.Operations.Scenarios;
using Madang.Storage;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Duty;

/// <summary>
/// One turn of duty: tells what happened to alerts, and takes those that nobody acknowledged in time to the next step. What was
/// told stands in the store and is told once, however often, and on however many nodes at once, this is done.
/// </summary>
internal sealed partial class DutyTurn(IDatabase database, MaintenanceCover cover, DutyHolders holders, AlertRows rows, DutyTeller teller, ScenarioStarter scenarios, AutomationStarter automations, TimeProvider clock, ILogger<DutyTurn> log)
{
    /// <summary>Does what is due now.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await Look(now, cancel) is not { } view)
        {
            return;
        }

        foreach (var cause in view.Causes)
        {
            await Try(() => Tell(view, cause, now, cancel), cause.Id, cancel);
        }

        foreach (var alert in view.Open.Where(alert => !view.IsCovered(alert.Id, now)))
        {
            await Try(() => Escalate(view, alert, now, cancel), alert.Id, cancel);
        }
    }

    private async Task Tell(View view, Cause cause, DateTimeOffset now, CancellationToken cancel)
    {
        var isCovered = view.IsCovered(cause.Id, now);
        if (!isCovered && cause.Act == (long)AlertAct.Upgraded)
        {
            await Try(() => scenarios.Start(cause.Id, (int)cause.Level, cancel), cause.Id, cancel);
        }

        await teller.Tell(cause, view.Rules[cause.Id], view.Rosters, isCovered, now, cancel);
    }

    /// <summary>An alert of which nobody was told yet is told; one that waits too long at a step goes to the next. A step that nobody holds does not wait.</summary>
    private async Task Escalate(View view, OpenAlert alert, DateTimeOffset now, CancellationToken cancel)
    {
        var rule = view.Rules[alert.Id];
        if (alert.ToldAt is null)
        {
            // What was raised while it was worked on starts now what it would have started then; that keeps nobody from being told.
            await Try(() => scenarios.Start(alert.Id, null, cancel), alert.Id, cancel);
            if (view.Windows?[alert.Id].Any() == true)
            {
                await Try(() => automations.Start(alert.Id, [AlertMoment.Raised, AlertMoment.Upgraded], null, cancel), alert.Id, cancel);
            }

            await teller.Announce(alert.Id, alert.RuleId, rule, view.Rosters, now, cancel);
        }

        foreach (var roster in view.Rosters.Where(roster => roster.Plan.AnswersFor(alert.RuleId)))
        {
            var last = view.Steps[(alert.Id, roster.Id)].LastOrDefault();
            if (last is null && alert.ToldAt is null)
            {
                // Announced just now, with the first step.
                continue;
            }

            while (view.IsDue(alert.Id, roster.Plan, last, now) && (last?.Step ?? 0) < roster.Plan.Steps.Count)
            {
                if (await teller.Step(alert.Id, rule, roster, (int)(last?.Step ?? 0) + 1, now, cancel) is not { } told)
                {
                    break;
                }

                last = told;
            }

            // Steps that nobody held were passed over; when somebody comes on duty while it still waits, he is told.
            var passed = view.Steps[(alert.Id, roster.Id)].ToList();
            var reached = passed.Where(step => step.Person is not null).MaxBy(step => step.Step);
            if (passed.Count >= roster.Plan.Steps.Count && view.IsDue(alert.Id, roster.Plan, reached, now))
            {
                await teller.Fill(alert.Id, rule, roster, reached?.Step ?? 0, now, cancel);
            }
        }
    }

    /// <summary>All that a turn goes by; null when there is nothing to do.</summary>
    private async Task<View?> Look(DateTimeOffset now, CancellationToken cancel)
    {
        if (await Read(now, cancel) is not var (view, covered, windows))
        {
            return null;
        }

        view = view with { Rosters = await holders.Held(view.Rosters, cancel) };
        return windows.Count == 0 ? view : view with { Windows = await cover.Find(covered, windows, cancel) };
    }

    private async Task<(View View, IReadOnlyList<Covered> Alerts, IReadOnlyList<MaintenanceWindow> Windows)?> Read(DateTimeOffset now, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var (causes, open) = (await AlertRows.Causes(read), await AlertRows.Open(read));
        if (causes.Count == 0 && open.Count == 0)
        {
            return null;
        }

        var covered = new Dictionary<long, Covered>();
        foreach (var (id, ruleId, revision, subject, isStorm) in open.Select(alert => (alert.Id, alert.RuleId, alert.Revision, alert.Subject, alert.IsStorm)).Concat(causes.Select(cause => (cause.Id, cause.RuleId, cause.Revision, cause.Subject, cause.IsStorm))))
        {
            covered[id] = new Covered(id, ruleId, subject, await rows.Rule(read, ruleId, revision), isStorm == 1);
        }

        var view = new View(causes, open, await AlertRows.Steps(read), await RosterRows.At(read, now), covered.ToDictionary(each => each.Key, each => each.Value.Rule), null);
        return (view, [.. covered.Values], await WindowRows.Since(read, now - AlertCover.Past, now));
    }

    private async Task Try(Func<Task> work, long alert, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // One alert holds up no other; it is tried again with the next turn.
            CouldNotTell(log, alert, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of duty could not do all for alert {Alert}; who was not told is told with the next.")]
    private static partial void CouldNotTell(ILogger log, long alert, Exception exception);

    /// <summary>What stood in the store at the beginning of a turn.</summary>
    private sealed record View(
        IReadOnlyList<Cause> Causes, IReadOnlyList<OpenAlert> Open, ILookup<(long, string), StepTold> Steps, IReadOnlyList<DutyRoster> Rosters, IReadOnlyDictionary<long, Rule> Rules, ILookup<long, MaintenanceWindow>? Windows)
    {
        public bool IsCovered(long alert, DateTimeOffset now) => Windows is not null && Windows[alert].Any(window => window.LastsAt(now));

        /// <summary>True when the last step that was told had its time: from when it was told, or from the end of work on what the alert speaks for.</summary>
        public bool IsDue(long alert, DutyPlan plan, StepTold? last, DateTimeOffset now)
        {
            if (last?.Person is null)
            {
                return true;
            }

            var since = IsoTime.FromMicros(last.At);
            foreach (var over in Windows is null ? [] : Windows[alert].Select(window => window.OverAt).Where(over => over > since && over <= now))
            {
                since = over;
            }

            return last.Step > plan.Steps.Count || now - since >= TimeSpan.FromMinutes(plan.Steps[(int)last.Step - 1].WaitMinutes);
        }
    }
}
