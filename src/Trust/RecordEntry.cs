namespace Madang.Trust;

/// <summary>
/// One line of the record: who did what to what, when, from where and why. What is personal in it (<see cref="Who"/>,
/// <see cref="From"/>, a <see cref="Thing"/> that is a person) and what stood there <see cref="Before"/> and
/// <see cref="After"/> is kept as keyed digests only. Texts over 200 characters are cut.
/// </summary>
/// <param name="Action">A short word such as <c>thing.create</c>, <c>observations.write</c>, <c>login</c>, <c>record.read</c>.</param>
public sealed record RecordEntry(string Action)
{
    /// <summary>Who is not known; kept as it is.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Who sits on this machine; kept as it is.</summary>
    public const string Local = "local";

    /// <summary>The role in which a person does what concerns his own account.</summary>
    public const string Self = "self";

    /// <summary>What was asked was done.</summary>
    public const string Done = "done";

    /// <summary>What was asked was not allowed.</summary>
    public const string Refused = "refused";

    /// <summary>When, cut to whole microseconds; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The opaque id of a person or key, such as <c>person:7</c>, or <see cref="Anonymous"/> or <see cref="Local"/>.</summary>
    public string Who { get; init; } = Anonymous;

    /// <summary>The role in which; of what was refused, the roles there were.</summary>
    public string? Role { get; init; }

    /// <summary>What for.</summary>
    public string? Purpose { get; init; }

    /// <summary>The kind of thing, such as <c>datastream</c> or <c>person</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Which thing: its id.</summary>
    public string? Thing { get; init; }

    /// <summary>True when the thing is a person or tells of one: its id is then a subject like <see cref="Who"/>, and kept as a digest.</summary>
    public bool IsPersonal { get; init; }

    /// <summary>What stood there before, to be kept as a digest; null when nothing did.</summary>
    public ReadOnlyMemory<byte>? Before { get; init; }

    /// <summary>What stands there since, to be kept as a digest; null when nothing does.</summary>
    public ReadOnlyMemory<byte>? After { get; init; }

    /// <summary>The remote address as text (<see cref="CallerAddress"/>); null for this machine.</summary>
    public string? From { get; init; }

    /// <summary>The id of the trace, to be found in logs and traces.</summary>
    public string? Trace { get; init; }

    /// <summary>What became of it: <see cref="Done"/>, <see cref="Refused"/> or a short word of the caller's.</summary>
    public string Result { get; init; } = Done;
}
