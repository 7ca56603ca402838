namespace Madang.Sensing;

/// <summary>By what a server knows whether something changed since it was fetched.</summary>
/// <param name="Tag">Its ETag; null for none.</param>
/// <param name="ModifiedAt">Its Last-Modified; null for none.</param>
public sealed record FetchMark(string? Tag, DateTimeOffset? ModifiedAt);

/// <summary>What came of a fetch.</summary>
/// <param name="Body">What stood there; null when it did not change, and when it could not be had.</param>
/// <param name="Mark">By what to ask the next time.</param>
/// <param name="Words">The status of the answer, or why there was none.</param>
public sealed record Fetched(byte[]? Body, FetchMark? Mark, string Words)
{
    /// <summary>True when nothing changed since the last time.</summary>
    public bool IsUnchanged { get; init; }
}
