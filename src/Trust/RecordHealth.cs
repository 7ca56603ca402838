using Madang.Trust.Record.Log;

namespace Madang.Trust;

/// <summary>How the record's log fares, for pages and checks.</summary>
public sealed class RecordHealth
{
    private readonly RecordLog log;

    internal RecordHealth(RecordLog log) => this.log = log;

    /// <summary>Why nothing is signed now: the log is behind (a full disk, no OpenSSL) or does not continue what was signed; null while all is well.</summary>
    public string? Problem => log.Problem;

    /// <summary>The last checkpoint with its signatures, as anybody may have it; null before the first entry.</summary>
    public string? FindCheckpoint() => log.FindCheckpoint()?.ToString();
}
