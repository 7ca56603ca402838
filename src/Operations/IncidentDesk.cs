using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Incidents;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Incidents: who may read them reads all, with what people wrote in them; nobody else sees that there are any.</summary>
public sealed class IncidentDesk
{
    /// <summary>The longest line: a title, a place, a department.</summary>
    public const int LongestLine = 200;

    /// <summary>The longest note, order or answer.</summary>
    public const int LongestText = 2_000;

    /// <summary>The most incidents of one answer.</summary>
    public const int MostAtOnce = 500;

    /// <summary>The most entries of one incident.</summary>
    public const int MostEntries = 2_000;

    /// <summary>How far a sensor or a site may be to be near, in metres.</summary>
    public const double Near = 500;

    private const int MostNear = 30, MostLooked = 1_000;

    /// <summary>A box of so many degrees holds all that is near anywhere between the polar circles.</summary>
    private const double NearDegrees = 0.012;

    private readonly IncidentPen pen;
    private readonly AlertDesk alerts;
    private readonly PlaceBook places;
    private readonly SiteBook sites;
    private readonly CityNow city;
    private readonly StreetLights lights;

    internal IncidentDesk(IncidentPen pen, AlertDesk alerts, PlaceBook places, SiteBook sites, CityNow city, StreetLights lights) => (this.pen, this.alerts, this.places, this.sites, this.city, this.lights) = (pen, alerts, places, sites, city, lights);

    /// <summary>Incidents, those opened last first.</summary>
    public async Task<IReadOnlyList<Incident>> List(IncidentQuery query, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Read);
        if (query.Top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        if (query.Kind is { } kind)
        {
            IncidentText.Kind(kind);
        }

        await using var read = await pen.Database.Read(cancel);
        return await IncidentReader.List(read, pen.Database.Engine, query, pen.Now);
    }

    /// <summary>One incident; null when there is none of this number.</summary>
    public async Task<Incident?> Find(long id, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Read);
        await using var read = await pen.Database.Read(cancel);
        return await IncidentReader.Find(read, id, pen.Now);
    }

    /// <summary>An incident with all that happened to it; null when there is none of this number.</summary>
    public async Task<IncidentStory?> FindStory(long id, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Read);
        var now = pen.Now;
        IncidentStory story;
        IReadOnlyList<long> linked;
        await using (var read = await pen.Database.Read(cancel))
        {
            if (await IncidentReader.Find(read, id, now) is not { } incident)
            {
                return null;
            }

            var (entries, leftOut) = await IncidentReader.Entries(read, id);
            linked = await IncidentReader.Alerts(read, id);
            story = new IncidentStory(incident, entries, IncidentReader.Orders(entries, now), [], await IncidentReader.Tasks(read, id, now), await IncidentReader.Merged(read, id), await IncidentReader.Split(read, id), []) { LeftOut = leftOut };
        }

        var known = new List<Alert>();
        foreach (var alert in linked)
        {
            if (await alerts.Find(alert, cancel) is { } told)
            {
                known.Add(told.Alert);
            }
        }

        var (sensors, lamps) = await FindNear(story.Incident, cancel);
        return story with
        {
            Alerts = known, Nearby = sensors, Lights = lamps,
            Sites = await FindSites(story.Incident, SiteKind.Sensitive.Select(kind => kind.Code), cancel), Cameras = await FindSites(story.Incident, [SiteKind.Camera], cancel),
        };
    }

    /// <summary>Opens an incident, and answers its number.</summary>
    public async Task<long> Open(NewIncident asked, CancellationToken cancel)
    {
        var row = await Row(asked, null, cancel);
        return (await pen.Write("incident.open", async (scope, now) => await Begin(scope, row, asked, now), cancel))!.Value;
    }

    /// <summary>Takes a part out of an incident and makes it one of its own; answers its number. What is not said is taken over.</summary>
    public async Task<long> Split(long id, NewIncident asked, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Write);
        await using (var read = await pen.Database.Read(cancel))
        {
            var parent = await IncidentReader.Find(read, id, pen.Now) ?? throw new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"Incident {id} is not here."), 404);
            var hasOwnPoint = asked.Longitude is not null || asked.Latitude is not null;
            asked = asked with
            {
                Kind = asked.Kind ?? parent.Kind, Title = asked.Title ?? parent.Title, Place = asked.Place ?? parent.Place, Department = asked.Department ?? parent.Department, Severity = asked.Severity ?? parent.Severity, Data = parent.Data,
                Longitude = hasOwnPoint ? asked.Longitude : parent.Longitude, Latitude = hasOwnPoint ? asked.Latitude : parent.Latitude,
            };
        }

        var row = await Row(asked, id, cancel);
        long part = 0;
        await pen.Write(
            "incident.split", id, true,
            async (scope, _, now) =>
            {
                part = await Begin(scope, row, asked, now);
                await IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Split) { Who = Caller.Current.Id, Other = part });
                await IncidentLedger.Enter(scope, part, now, new NewEntry(IncidentAct.Split) { Who = Caller.Current.Id, Other = id });
            },
            cancel);
        return part;
    }

    /// <summary>Writes something down; also when the incident is closed.</summary>
    public Task Note(long id, string? note, CancellationToken cancel)
    {
        var text = IncidentText.Text(note, "note");
        return pen.Write("incident.note", id, false, (scope, _, now) => IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Noted) { Who = Caller.Current.Id, Note = text }), cancel);
    }

    /// <summary>Gives an order, and answers its number within the incident.</summary>
    public async Task<int> Order(long id, string? recipient, string? order, DateTimeOffset? due, CancellationToken cancel)
    {
        var (to, text, until) = (IncidentText.Line(recipient, "to", LongestLine), IncidentText.Text(order, "text"), due is { } said ? IncidentText.Cut(said, "dueAt") : (DateTimeOffset?)null);
        var number = 0;
        await pen.Write(
            "incident.order", id, true,
            async (scope, _, now) =>
            {
                if (until <= now)
                {
                    throw new InvalidInputException("dueAt", "is not in the future");
                }

                number = 1 + await scope.Connection.ExecuteScalarAsync<int>("SELECT coalesce(max(order_number), 0) FROM incident_entries WHERE incident_id = @id", new { id }, scope.Transaction);
                await IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Ordered) { Who = Caller.Current.Id, Note = text, Order = number, Recipient = to, DueAt = until });
            },
            cancel);
        return number;
    }

    /// <summary>Answers an order; each answer is kept. Also when the incident is closed, or went into another.</summary>
    public Task Answer(long id, int order, string? answer, CancellationToken cancel)
    {
        var text = IncidentText.Text(answer, "text");
        return pen.Write(
            "incident.answer",
            async (scope, now) =>
            {
                await IncidentLedger.Hold(scope, id);
                if (await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM incident_entries WHERE incident_id = @id AND order_number = @order AND act = @act", new { id, order, act = (int)IncidentAct.Ordered }, scope.Transaction) == 0)
                {
                    throw new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"Incident {id} has no order {order}."), 404);
                }

                await IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Answered) { Who = Caller.Current.Id, Note = text, Order = order });
                return id;
            },
            cancel);
    }

    /// <summary>Links it to an alert of the same world.</summary>
    public Task Link(long id, long alert, CancellationToken cancel) =>
        pen.Write("incident.link", id, true, (scope, row, now) => Link(scope, id, alert, row.Simulated, now), cancel);

    private static async Task Link(WriteScope scope, long id, long alert, long simulated, DateTimeOffset now)
    {
        var world = await scope.Connection.ExecuteScalarAsync<long?>("SELECT simulated FROM alerts WHERE id = @alert", new { alert }, scope.Transaction)
            ?? throw new InvalidInputException("alert", "is no alert that is here");
        if (world != simulated)
        {
            throw new CityRuleException("other-world", "Real and simulated data are never mixed.");
        }

        await IncidentLedger.Link(scope, id, alert);
        await IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Linked) { Who = Caller.Current.Id, Other = alert });
    }

    private static async Task<long> Begin(WriteScope scope, IncidentRow row, NewIncident asked, DateTimeOffset now)
    {
        var at = asked.At is { } said ? IncidentText.Cut(said, "at") : now;
        StageLine.Check(row.Kind, [], row.Kind.First.Code, at, now);
        var id = (await IncidentLedger.Add(scope, row with { OpenedAt = now.ToMicros() }, Caller.Current.Id))!.Value;
        await IncidentLedger.Say(scope, id, new SaidStage(row.Kind.First.Code, at, now, Caller.Current.Id));
        await IncidentLedger.Enter(scope, id, now, new NewEntry(IncidentAct.Opened) { Who = Caller.Current.Id, Stage = row.Kind.First.Code, Moment = at });
        if (asked.Alert is { } alert)
        {
            await Link(scope, id, alert, row.Simulated, now);
        }

        return id;
    }

    private async Task<IncidentRow> Row(NewIncident asked, long? from, CancellationToken cancel)
    {
        var (longitude, latitude) = IncidentText.Point(asked.Longitude, asked.Latitude);
        return new IncidentRow
        {
            KindCode = IncidentText.Kind(asked.Kind).Code, Title = IncidentText.Line(asked.Title, "title", LongestLine), Place = IncidentText.Optional(asked.Place, "place", LongestLine), Longitude = longitude, Latitude = latitude,
            District = await DistrictOf(places, longitude, latitude, cancel), Department = IncidentText.Optional(asked.Department, "department", LongestLine), Severity = (long?)asked.Severity, Simulated = asked.Data == CityData.Simulated ? 1 : 0, SplitFrom = from,
        };
    }

    /// <summary>The code of the district a point lies in; null for none.</summary>
    internal static async Task<string?> DistrictOf(PlaceBook places, double? longitude, double? latitude, CancellationToken cancel) =>
        longitude is { } east && latitude is { } north && await places.FindDistrict(east, north, cancel) is { } found ? found.Place.Code : null;

    private async Task<IReadOnlyList<NearbySite>> FindSites(Incident incident, IEnumerable<string> kinds, CancellationToken cancel) =>
        incident is not { Longitude: { } longitude, Latitude: { } latitude } ? []
        : [.. (await sites.Near(longitude, latitude, Near, kinds, incident.Data == CityData.Simulated, MostNear, cancel))
            .Select(near => new NearbySite(near.Site.Kind, near.Site.Code, near.Site.Name, near.Site.NameEn, Math.Round(near.Metres), near.Site.Longitude, near.Site.Latitude, near.Site.Capacity))];

    /// <summary>The sensors near it, and the street lights: those are lamps first, and would hide the sensors between them.</summary>
    private async Task<(IReadOnlyList<NearbySensor> Sensors, IReadOnlyList<NearbyLight> Lights)> FindNear(Incident incident, CancellationToken cancel)
    {
        if (incident is not { Longitude: { } longitude, Latitude: { } latitude })
        {
            return ([], []);
        }

        List<NearbySensor> all =
        [
            .. (await city.ListNear(incident.Data, longitude, latitude, NearDegrees, cancel)).Where(sensor => sensor is { Longitude: not null, Latitude: not null })
                .Select(sensor => new NearbySensor(sensor.Thing, sensor.Name, sensor.NameEn, Math.Round(Globe.Metres(longitude, latitude, sensor.Longitude!.Value, sensor.Latitude!.Value)), sensor.Longitude.Value, sensor.Latitude.Value, [.. sensor.Readings.Select(reading => reading.Measure)]))
                .Where(near => near.Metres <= Near).OrderBy(near => near.Metres).ThenBy(near => near.Thing).Take(MostLooked),
        ];
        var lamps = (await lights.List([.. all.Select(near => near.Thing)], cancel)).ToDictionary(light => light.Thing);
        return
        (
            [.. all.Where(near => !lamps.ContainsKey(near.Thing)).Take(MostNear)],
            [.. all.Where(near => lamps.ContainsKey(near.Thing)).Take(MostNear).Select(near => (near, light: lamps[near.Thing])).Select(each => new NearbyLight(each.near.Thing, each.near.Name, each.light.Street, each.light.StreetEn, each.near.Metres, each.light.Level, each.light.State))]
        );
    }
}
