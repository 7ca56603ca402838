using Madang.Kernel;
using Madang.Operations.Incidents;

namespace Madang.Operations.Scenarios;

/// <summary>A task as it is stored, with its start.</summary>
internal sealed record TaskRow
{
    public const string Columns =
        """
        t.id AS Id, t.task AS Task, t.text_ko AS TextKo, t.text_en AS TextEn, t.department_ko AS DepartmentKo, t.department_en AS DepartmentEn, t.due_at AS DueAt, t.state AS State,
        t.answer AS Answer, t.answered_at AS AnsweredAt, t.answered_by AS AnsweredBy, s.scenario AS Scenario, s.stage AS Stage, s.incident_id AS Incident, s.alert_id AS Alert, s.simulated AS Simulated, s.started_at AS StartedAt
        """;

    public long Id { get; init; }

    public string Task { get; init; } = "";

    public string TextKo { get; init; } = "";

    public string TextEn { get; init; } = "";

    public string DepartmentKo { get; init; } = "";

    public string DepartmentEn { get; init; } = "";

    public long DueAt { get; init; }

    public long State { get; init; }

    public string? Answer { get; init; }

    public long? AnsweredAt { get; init; }

    public string? AnsweredBy { get; init; }

    public string Scenario { get; init; } = "";

    public string Stage { get; init; } = "";

    public long? Incident { get; init; }

    public long? Alert { get; init; }

    public long Simulated { get; init; }

    public long StartedAt { get; init; }

    public CityTask Told(DateTimeOffset now) => new()
    {
        Id = Id, Scenario = Scenario, Stage = Stage, Incident = Incident, Alert = Alert, Data = Simulated == 1 ? CityData.Simulated : CityData.Real, Task = Task, Text = new(TextKo, TextEn), Department = new(DepartmentKo, DepartmentEn),
        StartedAt = IsoTime.FromMicros(StartedAt), DueAt = IsoTime.FromMicros(DueAt), State = (TaskState)State, IsLate = (AnsweredAt ?? now.ToMicros()) > DueAt, Answer = Answer, AnsweredAt = IncidentRow.Time(AnsweredAt), AnsweredBy = AnsweredBy,
    };
}
