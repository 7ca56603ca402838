using Madang.Trust.Record.Log;

namespace Madang.Trust;

/// <summary>How the record's log fares, for pages and checks.</summary>
public sealed class RecordHealth
{
    private readonly RecordLog log;

    internal RecordHealth(RecordLog log) => this.log = log;

    /// <summary>Why nothing is signed now: the log is behind (a full disk, no OpenSSL) or does not continue what was signed; null while all is well.</summary>
    public string? Problem => log.Problem;

    /// <summary>
    /// The same in words that anybody may read, since <see cref="Problem"/> may name files of this machine: <c>behind: …</c> when
    /// nothing can be signed now, <c>broken: …</c> when what is there is not what was signed; null while all is well.
    /// </summary>
    public string? Word => Problem is null ? null
        : log.IsBroken ? "broken: it does not continue what was signed, and nothing more is signed until somebody looks with ./madang audit verify"
        : "behind: entries are kept in the table and not signed yet; the server's own log says why";

    /// <summary>The last checkpoint with its signatures, as anybody may have it; null before the first entry.</summary>
    public string? FindCheckpoint() => log.FindCheckpoint()?.ToString();
}
