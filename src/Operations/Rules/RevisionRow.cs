using System.Text.Json;
using Madang.Kernel;

namespace Madang.Operations.Rules;

/// <summary>A revision of a rule or an automation as it is stored.</summary>
internal sealed record RevisionRow
{
    /// <summary>What both tables have, of a table called <c>r</c>; the id's column comes before it.</summary>
    public const string Columns =
        """
        r.revision AS Number, r.body AS Body, r.is_on AS IsOn, r.state AS State, r.made_by AS MadeBy, r.made_at AS MadeAt,
        r.reviewed_by AS ReviewedBy, r.reviewed_at AS ReviewedAt, r.note AS Note, r.in_force_at AS InForceAt
        """;

    public string Id { get; init; } = "";

    public long Number { get; init; }

    public string Body { get; init; } = "";

    public long IsOn { get; init; }

    public long State { get; init; }

    public string? MadeBy { get; init; }

    public long MadeAt { get; init; }

    public string? ReviewedBy { get; init; }

    public long? ReviewedAt { get; init; }

    public string? Note { get; init; }

    public long? InForceAt { get; init; }

    public RuleRevision Rule => new(Id, (int)Number, Read<Rule>(), IsOn == 1, (RuleReview)State, MadeBy, IsoTime.FromMicros(MadeAt)) { ReviewedBy = ReviewedBy, ReviewedAt = At(ReviewedAt), Note = Note, InForceAt = At(InForceAt) };

    public AutomationRevision Automation => new(Id, (int)Number, Read<Automation>(), IsOn == 1, (RuleReview)State, MadeBy, IsoTime.FromMicros(MadeAt)) { ReviewedBy = ReviewedBy, ReviewedAt = At(ReviewedAt), Note = Note, InForceAt = At(InForceAt) };

    private T Read<T>() => JsonSerializer.Deserialize<T>(Body, RuleForm.Options)!;

    private static DateTimeOffset? At(long? micros) => micros is { } at ? IsoTime.FromMicros(at) : null;
}
