namespace Madang.Operations;

/// <summary>What work is done on. What is empty does not narrow it, and something must be said.</summary>
public sealed record MaintenanceScope
{
    /// <summary>True for everything there is; then nothing else is said.</summary>
    public bool All { get; init; }

    /// <summary>Rules, by their ids.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Districts, by their codes. An alert for a region or for many sensors is covered when all that it speaks for is.</summary>
    public IReadOnlyList<string> Districts { get; init; } = [];

    /// <summary>Things, by their <c>@iot.id</c>.</summary>
    public IReadOnlyList<long> Things { get; init; } = [];

    /// <summary>Datastreams, by their <c>@iot.id</c>; what is one of these or of <see cref="Things"/> is covered.</summary>
    public IReadOnlyList<long> Datastreams { get; init; } = [];
}

/// <summary>
/// A time in which work is done on something. Alerts of what it covers are raised and lifted as ever, since they follow from the
/// data; but they message nobody and go to nobody until it is over.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Scope">What it covers.</param>
/// <param name="From">From when.</param>
/// <param name="Until">Until when, as it was planned.</param>
/// <param name="Reason">Why, in words; null when that is not kept any more.</param>
/// <param name="MadeBy">Who made it, an opaque id; null when that is not kept any more.</param>
/// <param name="MadeAt">When.</param>
public sealed record MaintenanceWindow(long Id, MaintenanceScope Scope, DateTimeOffset From, DateTimeOffset Until, string? Reason, string? MadeBy, DateTimeOffset MadeAt)
{
    /// <summary>When somebody ended it before its time; null when nobody did.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who did, an opaque id.</summary>
    public string? EndedBy { get; init; }

    /// <summary>When it is over: as planned, or earlier.</summary>
    public DateTimeOffset OverAt => EndedAt < Until ? EndedAt.Value : Until;

    /// <summary>True while it lasts.</summary>
    public bool LastsAt(DateTimeOffset at) => From <= at && at < OverAt;
}
