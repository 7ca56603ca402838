using Madang.Kernel;

namespace Madang.Operations.Incidents;

/// <summary>An incident as it is stored.</summary>
internal sealed record IncidentRow
{
    public const string Columns =
        """
        i.id AS Id, i.kind AS KindCode, i.title AS Title, i.place AS Place, i.longitude AS Longitude, i.latitude AS Latitude, i.district AS District, i.department AS Department, i.severity AS Severity,
        i.simulated AS Simulated, i.system AS System, i.external_id AS ExternalId, i.said_at AS SaidAt, i.opened_at AS OpenedAt, i.closed_at AS ClosedAt, i.merged_into AS MergedInto, i.split_from AS SplitFrom
        """;

    public long Id { get; init; }

    public string KindCode { get; init; } = "";

    public string Title { get; init; } = "";

    public string? Place { get; init; }

    public double? Longitude { get; init; }

    public double? Latitude { get; init; }

    public string? District { get; init; }

    public string? Department { get; init; }

    public long? Severity { get; init; }

    public long Simulated { get; init; }

    public string? System { get; init; }

    public string? ExternalId { get; init; }

    public long? SaidAt { get; init; }

    public long OpenedAt { get; init; }

    public long? ClosedAt { get; init; }

    public long? MergedInto { get; init; }

    public long? SplitFrom { get; init; }

    public IncidentKind Kind => IncidentKind.Find(KindCode) ?? IncidentKind.Find("other")!;

    public Incident Told(IReadOnlyCollection<SaidStage> said, DateTimeOffset now)
    {
        var line = StageLine.Of(Kind, said);
        return new Incident
        {
            Id = Id, Kind = KindCode, KindName = Kind.Name, Title = Title, Place = Place, Longitude = Longitude, Latitude = Latitude, District = District, Department = Department,
            Severity = (IncidentSeverity?)Severity, Data = Simulated == 1 ? CityData.Simulated : CityData.Real, System = System, ExternalId = ExternalId,
            OpenedAt = IsoTime.FromMicros(OpenedAt), ClosedAt = Time(ClosedAt), MergedInto = MergedInto, SplitFrom = SplitFrom,
            Stage = StageLine.Last(line)?.Stage, Stages = line, Targets = StageLine.Targets(Kind, line, ClosedAt is null, now),
        };
    }

    public static DateTimeOffset? Time(long? micros) => micros is { } at ? IsoTime.FromMicros(at) : null;
}

/// <summary>A stage as it is stored.</summary>
internal sealed record StageRow
{
    public const string Columns = "s.incident_id AS Incident, s.stage AS Stage, s.at AS At, s.told_at AS ToldAt, s.told_by AS ToldBy";

    public long Incident { get; init; }

    public string Stage { get; init; } = "";

    public long? At { get; init; }

    public long ToldAt { get; init; }

    public string? ToldBy { get; init; }

    public SaidStage Said => new(Stage, IncidentRow.Time(At), IsoTime.FromMicros(ToldAt), ToldBy);
}

/// <summary>An entry as it is stored.</summary>
internal sealed record EntryRow
{
    public const string Columns =
        """
        e.id AS Id, e.incident_id AS Incident, e.at AS At, e.act AS Act, e.who AS Who, e.note AS Note, e.stage AS Stage, e.moment AS Moment, e.before AS Before,
        e.order_number AS OrderNumber, e.recipient AS Recipient, e.due_at AS DueAt, e.other AS Other, i.kind AS Kind
        """;

    public long Id { get; init; }

    public long Incident { get; init; }

    public long At { get; init; }

    public long Act { get; init; }

    public string? Who { get; init; }

    public string? Note { get; init; }

    public string? Stage { get; init; }

    public long? Moment { get; init; }

    public long? Before { get; init; }

    public long? OrderNumber { get; init; }

    public string? Recipient { get; init; }

    public long? DueAt { get; init; }

    public long? Other { get; init; }

    public string Kind { get; init; } = "";

    public IncidentEntry Told => new()
    {
        Id = Id, Incident = Incident, At = IsoTime.FromMicros(At), Act = (IncidentAct)Act, Who = Who, Note = Note, Stage = IncidentKind.Find(Kind)?.FindStage(Stage), Moment = IncidentRow.Time(Moment), Before = IncidentRow.Time(Before),
        Order = (int?)OrderNumber, Recipient = Recipient, DueAt = IncidentRow.Time(DueAt), Other = Other,
    };
}
