using Madang.Kernel;
using Madang.Operations.Incidents;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>The course of incidents: from stage to stage until they are closed, or go into another.</summary>
public sealed class IncidentCourse
{
    private readonly IncidentPen pen;

    internal IncidentCourse(IncidentPen pen) => this.pen = pen;

    /// <summary>
    /// Enters a stage. A later one than the last is reached (now, when no time is said); stages between may be skipped. An earlier one with a
    /// time is a correction; one that was reached, without a time, is gone back to, and the times of those after it are taken back. Both need a reason.
    /// </summary>
    public Task Enter(long id, string? stage, DateTimeOffset? at, string? reason, CancellationToken cancel)
    {
        var note = IncidentText.OptionalText(reason, "reason");
        return pen.Write(
            "incident.stage", id, false,
            async (scope, row, now) =>
            {
                var asked = IncidentText.Stage(row.Kind, stage);
                var line = StageLine.Of(row.Kind, await IncidentLedger.Stages(scope, id));
                var (known, last) = (line.FirstOrDefault(each => each.Stage == asked), StageLine.Last(line));
                if (known is null && row.Kind.Order(asked.Code) > row.Kind.Order(last?.Stage.Code))
                {
                    await Reach(scope, row, asked, at, note, now);
                }
                else if (note is null)
                {
                    throw new InvalidInputException("reason", "is required to go back or to correct a time");
                }
                else if (at is null && known is not null)
                {
                    await GoBack(scope, row, asked, line, note, now);
                }
                else
                {
                    await Correct(scope, row, asked, known, line, at ?? throw new InvalidInputException("at", "is required: this stage was skipped"), note, now);
                }
            },
            cancel);
    }

    /// <summary>Closes an incident.</summary>
    public Task Close(long id, DateTimeOffset? at, string? note, CancellationToken cancel)
    {
        var text = IncidentText.OptionalText(note, "note");
        return pen.Write("incident.close", id, true, (scope, row, now) => Reach(scope, row, row.Kind.Last, at, text, now), cancel);
    }

    /// <summary>Opens an incident again that was closed.</summary>
    public Task Reopen(long id, string? reason, CancellationToken cancel)
    {
        var note = IncidentText.Text(reason, "reason");
        return pen.Write(
            "incident.reopen", id, false,
            async (scope, row, now) =>
            {
                if (row.ClosedAt is null)
                {
                    throw new CityRuleException("incident-open", "This incident is open.");
                }

                await TakeBackClosing(scope, row, note, now);
            },
            cancel);
    }

    /// <summary>An incident goes into another: it is closed, and all of it is read there.</summary>
    public Task Merge(long id, long into, CancellationToken cancel) => pen.Write(
        "incident.merge",
        async (scope, now) =>
        {
            if (id == into)
            {
                throw new InvalidInputException("into", "is this incident itself");
            }

            // Two that go into each other at once hold them in the same order.
            await IncidentLedger.Hold(scope, Math.Min(id, into));
            var (row, other) = (await IncidentLedger.HoldOpen(scope, id), await IncidentLedger.HoldOpen(scope, into));
            if (row.Simulated != other.Simulated)
            {
                throw new CityRuleException("other-world", "Real and simulated data are never mixed.");
            }

            await IncidentLedger.Close(scope, id, now, into);
            await FollowLedger.Tell(scope, Following.Incidents, row.OpenedAt);
            await IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Merged) { Who = Caller.Current.Id, Other = into });
            await IncidentLedger.Enter(scope, into, now, new NewEntry(IncidentAct.Merged) { Who = Caller.Current.Id, Other = id });
            return id;
        },
        cancel);

    private static async Task Reach(WriteScope scope, IncidentRow row, IncidentStage stage, DateTimeOffset? asked, string? note, DateTimeOffset now)
    {
        if (row.ClosedAt is not null)
        {
            throw IncidentLedger.Closed(row.Id);
        }

        var line = StageLine.Of(row.Kind, await IncidentLedger.Stages(scope, row.Id));
        // A dispatch system's clock may be a little ahead of ours.
        var latest = StageLine.Last(line)?.At is { } last && last > now ? last : now;
        var at = asked is { } said ? IncidentText.Cut(said, "at") : latest;
        StageLine.Check(row.Kind, line, stage.Code, at, latest);
        await IncidentLedger.SayLast(scope, row.Id, new SaidStage(stage.Code, at, now, Caller.Current.Id));
        var isLast = stage == row.Kind.Last;
        if (isLast)
        {
            await IncidentLedger.Close(scope, row.Id, at);
        }

        await IncidentLedger.Enter(scope, row.Id, now, new NewEntry(isLast ? IncidentAct.Closed : IncidentAct.Stage) { Who = Caller.Current.Id, Note = note, Stage = stage.Code, Moment = at });
    }

    private static async Task GoBack(WriteScope scope, IncidentRow row, IncidentStage stage, IReadOnlyList<IncidentStageTime> line, string reason, DateTimeOffset now)
    {
        var after = line.Where(each => row.Kind.Order(each.Stage.Code) > row.Kind.Order(stage.Code)).ToList();
        if (after.Count == 0)
        {
            throw new InvalidInputException("at", "is required: this stage is reached already");
        }

        foreach (var each in after)
        {
            if (each.Stage == row.Kind.Last && row.ClosedAt is not null)
            {
                await TakeBackClosing(scope, row, reason, now);
                continue;
            }

            await IncidentLedger.SayLast(scope, row.Id, new SaidStage(each.Stage.Code, null, now, Caller.Current.Id));
            await IncidentLedger.Enter(scope, row.Id, now, new NewEntry(IncidentAct.Corrected) { Who = Caller.Current.Id, Note = reason, Stage = each.Stage.Code, Before = each.At });
        }
    }

    private static async Task Correct(WriteScope scope, IncidentRow row, IncidentStage stage, IncidentStageTime? known, IReadOnlyList<IncidentStageTime> line, DateTimeOffset asked, string reason, DateTimeOffset now)
    {
        var at = IncidentText.Cut(asked, "at");
        StageLine.Check(row.Kind, [.. line.Where(each => each != known)], stage.Code, at, now);
        await IncidentLedger.SayLast(scope, row.Id, new SaidStage(stage.Code, at, now, Caller.Current.Id));
        await IncidentLedger.Enter(scope, row.Id, now, new NewEntry(IncidentAct.Corrected) { Who = Caller.Current.Id, Note = reason, Stage = stage.Code, Moment = at, Before = known?.At });
        await IncidentLedger.Settle(scope, row.Id, now, stage == row.Kind.Last);
    }

    private static async Task TakeBackClosing(WriteScope scope, IncidentRow row, string reason, DateTimeOffset now)
    {
        await IncidentLedger.SayLast(scope, row.Id, new SaidStage(row.Kind.Last.Code, null, now, Caller.Current.Id));
        await IncidentLedger.Close(scope, row.Id, null);
        await IncidentLedger.Enter(scope, row.Id, now, new NewEntry(IncidentAct.Reopened) { Who = Caller.Current.Id, Note = reason, Stage = row.Kind.Last.Code, Before = IncidentRow.Time(row.ClosedAt) });
    }
}
