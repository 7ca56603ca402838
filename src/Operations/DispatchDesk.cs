using System.Globalization;
using System.Text.Json;
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
/// the incident, the report counts that the system itself said last. Of two that were said at the same moment the later time of a stage counts,
/// and of the words those that come last in order of their letters; a report that does not say when it was said counts as said at the last
/// time of a stage in it, and before all others when it names none. So what stands in the end hangs on no order.
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
                var renamed = await Rename(scope, known, row, now);
                var moved = await Say(scope, incident, report, IsoTime.FromMicros(row.SaidAt!.Value), now);
                changed = isNew || renamed || moved.Count > 0;
                await IncidentLedger.Settle(scope, incident, now, moved.Contains(row.Kind.Last.Code));
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

        var said = report.SaidAt is { } told ? IncidentText.Cut(told, "saidAt") : report.Stages.Select(stage => IncidentText.Cut(stage.At, "at")).DefaultIfEmpty(IsoTime.Earliest).Max();
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

        if (said.SaidAt < known.SaidAt || (said.SaidAt == known.SaidAt && string.CompareOrdinal(Order(said), Order(known)) <= 0))
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

    /// <summary>All words of a report, so that of two that differ one comes last.</summary>
    private static string Order(IncidentRow row) => JsonSerializer.Serialize(new object?[] { row.KindCode, row.Title, row.Place, row.Longitude, row.Latitude, row.Department, row.Severity });

    private static string Words(IncidentRow row) =>
        string.Join(" · ", new[] { row.KindCode, row.Title, row.Place, row.Department, row.Severity?.ToString(CultureInfo.InvariantCulture), row.Longitude is null ? null : string.Create(CultureInfo.InvariantCulture, $"{row.Longitude}, {row.Latitude}") }.OfType<string>());

    /// <summary>Answers the stages whose time is another since.</summary>
    private static async Task<IReadOnlyCollection<string>> Say(WriteScope scope, long id, DispatchReport report, DateTimeOffset said, DateTimeOffset now)
    {
        var (known, moved) = ((await IncidentLedger.Stages(scope, id)).ToDictionary(stage => stage.Stage), new HashSet<string>());
        var kind = IncidentText.Kind(report.Kind);
        foreach (var (stage, at) in report.Stages.OrderBy(stage => kind.Order(stage.Stage)))
        {
            var (has, when) = (known.TryGetValue(stage, out var before), IncidentText.Cut(at, "at"));
            if (has && (said < before.ToldAt || (said == before.ToldAt && !(when > before.At))))
            {
                // What a person took back at that very moment stays taken back.
                continue;
            }

            await IncidentLedger.Say(scope, id, new SaidStage(stage, when, said, Caller.Current.Id));
            if (before.At != when)
            {
                moved.Add(stage);
                await IncidentLedger.Enter(scope, id, now, new NewEntry(has ? IncidentAct.Corrected : IncidentAct.Stage) { Who = Caller.Current.Id, Stage = stage, Moment = when, Before = before.At });
            }
        }

        return moved;
    }
}
