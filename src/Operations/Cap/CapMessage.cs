namespace Madang.Operations.Cap;

/// <summary>What a message is to those that were given out before (CAP 1.2, 3.2.1, msgType).</summary>
internal enum CapKind
{
    /// <summary>The first.</summary>
    Alert = 1,

    /// <summary>It takes the place of those it names.</summary>
    Update = 2,

    /// <summary>Those it names are over.</summary>
    Cancel = 3,
}

/// <summary>How messages name each other (CAP 1.2, 3.2.1, references).</summary>
internal sealed record CapReference(string Sender, string Identifier, DateTimeOffset Sent);

/// <summary>All that a message says.</summary>
internal sealed record CapMessage
{
    public required string Identifier { get; init; }

    public required string Sender { get; init; }

    public required DateTimeOffset Sent { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required CapKind Kind { get; init; }

    /// <summary>True for made-up data: every receiver disregards it.</summary>
    public required bool IsSimulated { get; init; }

    public required IReadOnlyList<CapReference> References { get; init; }

    /// <summary>The alert for many that this one belongs to; null for none.</summary>
    public required string? Incident { get; init; }

    public required CapSaying Saying { get; init; }

    public required CapGrade Grade { get; init; }

    public required RuleText Owner { get; init; }

    /// <summary>Where to ask; null where the city does not say.</summary>
    public required string? Contact { get; init; }

    /// <summary>Where to read more; null where the city's own address is not known.</summary>
    public required string? Web { get; init; }

    public required CapWords Korean { get; init; }

    public required CapWords English { get; init; }

    public required IReadOnlyList<CapPlace> Places { get; init; }
}

/// <summary>What a message says in one language.</summary>
internal sealed record CapWords(string Event, string Audience, string Headline, string Description, string? Instruction);

/// <summary>The words of closed lists that CAP has for what happens.</summary>
internal sealed record CapGrade(IReadOnlyList<string> Categories, string Response, string Urgency, string Severity, string Certainty);
