using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Incidents;
using Madang.Operations.Rules;
using Madang.Places;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>
/// Takes what a dispatch system says of its incidents, in whatever order it comes, as often as it comes: of each stage, and of the words about
/// the incident, the report counts that the system itself said last.
/// </summary>
public sealed class DispatchDesk
{
    private const int LongestId = 100;

    private readonly IncidentPen pen;
    private readonly PlaceBook places;

    internal DispatchDesk(IncidentPen pen, PlaceBook places) => (this.pen, this.places) = (pen, places);

    /// <summary>Takes a report. The same again, or an older one that holds nothing new, changes nothing.</summary>
    public async Task<DispatchReceipt> Take(string system, string externalId, DispatchReport report, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Write, Kinds.Dispatch);
        var now = pen.Now;
        var row = await Read(system, externalId, report, now, cancel);
        var (isNew, changed, incident) = (false, false, 0L);
        await pen.Write(
            "incident.dispatch",
            Kinds.Dispatch,
            async (scope, _) =>
            {
                var id = await IncidentLedger.Add(scope, row, Caller.Current.Id);
                isNew = id is not null;
                incident = id ?? await scope.Connection.ExecuteScalarAsync<long>("SELECT id FROM incidents WHERE system = @system AND external_id = @externalId", new { system, externalId }, scope.Transaction);
                if (isNew)
                {
                    await IncidentLedger.Enter(scope, incident, now, new NewEntry(IncidentAct.Opened) { Who = Caller.Current.Id });
                }

                var known = isNew ? row with { Id = incident } : await IncidentLedger.Hold(scope, incident);
                changed = isNew | await Rename(scope, known, row, now) | await Say(scope, incident, report, IsoTime.FromMicros(row.SaidAt!.Value), now);
                await Settle(scope, incident);
                return changed ? incident : null;
            },
            cancel);
        return new DispatchReceipt(incident, isNew, changed);
    }

    private async Task<IncidentRow> Read(string system, string externalId, DispatchReport report, DateTimeOffset now, CancellationToken cancel)
    {
        if (!RuleCheck.IsWord(system))
        {
            throw new InvalidInputException("system", "is a word of letters, digits, hyphens and underscores, at most 40");
        }

        var kind = IncidentText.Kind(report.Kind);
        var ahead = now + CityNow.ClockSlack;
        for (var i = 0; i < report.Stages.Count; i++)
        {
            var (stage, at) = report.Stages[i];
            var field = string.Create(CultureInfo.InvariantCulture, $"stages[{i}]");
            IncidentText.Stage(kind, stage, field + ".stage");
            if (report.Stages.Take(i).Any(before => before.Stage == stage))
            {
                throw new InvalidInputException(field + ".stage", "is given twice");
            }

            if (IncidentText.Cut(at, field + ".at") > ahead)
            {
                throw new InvalidInputException(field + ".at", "is in the future");
            }
        }

        var said = report.SaidAt is { } told ? IncidentText.Cut(told, "saidAt") : now;
        if (said > ahead)
        {
            throw new InvalidInputException("saidAt", "is in the future");
        }

        var (longitude, latitude) = IncidentText.Point(report.Longitude, report.Latitude);
        return new IncidentRow
        {
            KindCode = kind.Code, Title = IncidentText.Line(report.Title, "title", IncidentDesk.LongestLine), Place = IncidentText.Optional(report.Place, "place", IncidentDesk.LongestLine), Longitude = longitude, Latitude = latitude,
            District = await IncidentDesk.DistrictOf(places, longitude, latitude, cancel), Department = IncidentText.Optional(report.Department, "department", IncidentDesk.LongestLine), Severity = (long?)report.Severity,
            Simulated = report.Data == CityData.Simulated ? 1 : 0, System = system, ExternalId = IncidentText.Line(externalId, "externalId", LongestId), SaidAt = said.ToMicros(), OpenedAt = now.ToMicros(),
        };
    }

    /// <summary>The words of a newer report take the place of those before; what they were stays in the log.</summary>
    private static async Task<bool> Rename(WriteScope scope, IncidentRow known, IncidentRow said, DateTimeOffset now)
    {
        if (known.Simulated != said.Simulated)
        {
            throw new CityRuleException("other-world", "Real and simulated data are never mixed.");
        }

        if (said.SaidAt <= known.SaidAt)
        {
            return false;
        }

        await scope.Connection.ExecuteAsync(
            """
            UPDATE incidents SET kind = @KindCode, title = @Title, place = @Place, longitude = @Longitude, latitude = @Latitude, district = @District, department = @Department, severity = @Severity, said_at = @SaidAt WHERE id = @Id
            """,
            new { said.KindCode, said.Title, said.Place, said.Longitude, said.Latitude, said.District, said.Department, said.Severity, said.SaidAt, known.Id },
            scope.Transaction);
        if ((known.KindCode, known.District) != (said.KindCode, said.District))
        {
            await FollowLedger.Tell(scope, Following.Incidents, known.OpenedAt);
        }

        if (Words(known) == Words(said))
        {
            return false;
        }

        await IncidentLedger.Enter(scope, known.Id, now, new NewEntry(IncidentAct.Changed) { Who = Caller.Current.Id, Note = Words(known) });
        return true;
    }

    private static string Words(IncidentRow row) =>
        string.Join(" · ", new[] { row.KindCode, row.Title, row.Place, row.Department, row.Severity?.ToString(CultureInfo.InvariantCulture), row.Longitude is null ? null : string.Create(CultureInfo.InvariantCulture, $"{row.Longitude}, {row.Latitude}") }.OfType<string>());

    private static async Task<bool> Say(WriteScope scope, long id, DispatchReport report, DateTimeOffset said, DateTimeOffset now)
    {
        var (known, changed) = ((await IncidentLedger.Stages(scope, id)).ToDictionary(stage => stage.Stage), false);
        var kind = IncidentText.Kind(report.Kind);
        foreach (var (stage, at) in report.Stages.OrderBy(stage => kind.Order(stage.Stage)))
        {
            var (has, when) = (known.TryGetValue(stage, out var before), IncidentText.Cut(at, "at"));
            if (has && said <= before.ToldAt)
            {
                continue;
            }

            await IncidentLedger.Say(scope, id, new SaidStage(stage, when, said, Caller.Current.Id));
            if (before.At != when)
            {
                changed = true;
                await IncidentLedger.Enter(scope, id, now, new NewEntry(has ? IncidentAct.Corrected : IncidentAct.Stage) { Who = Caller.Current.Id, Stage = stage, Moment = when, Before = before.At });
            }
        }

        return changed;
    }

    /// <summary>It is closed when its last stage counts, and open when that does not.</summary>
    private static async Task Settle(WriteScope scope, long id)
    {
        var row = await IncidentLedger.Hold(scope, id);
        var closed = StageLine.Of(row.Kind, await IncidentLedger.Stages(scope, id)).FirstOrDefault(stage => stage.Stage == row.Kind.Last && !stage.IsDoubtful)?.At;
        if (row.MergedInto is null && IncidentRow.Time(row.ClosedAt) != closed)
        {
            await IncidentLedger.Close(scope, id, closed);
        }
    }
}
