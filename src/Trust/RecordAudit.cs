using Madang.Trust.Record.Audit;

namespace Madang.Trust;

/// <summary>What to verify a record's log against. Without <see cref="Data"/> and <see cref="Postgres"/> the tiles alone are judged.</summary>
public sealed record AuditRequest
{
    /// <summary>The log: a folder with <c>checkpoint</c> and <c>tile/</c>, or an address such as <c>https://city.example/audit</c>; null for the one of the data.</summary>
    public string? Tiles { get; init; }

    /// <summary>A data folder whose table must say the same; it is only read, and a server may run on it.</summary>
    public string? Data { get; init; }

    /// <summary>Or a PostgreSQL connection string.</summary>
    public string? Postgres { get; init; }

    /// <summary>The log's public key; null to believe the one that lies with the log, which proves less.</summary>
    public string? Key { get; init; }

    /// <summary>Files with checkpoints that were seen before: the log must continue them.</summary>
    public IReadOnlyList<string> Since { get; init; } = [];

    /// <summary>Keys of witnesses whose cosignatures the checkpoint must carry.</summary>
    public IReadOnlyList<string> Witnesses { get; init; } = [];
}

/// <summary>One thing that is not as it was signed.</summary>
/// <param name="Code">A stable word, such as <c>entry-changed</c>, <c>tile-absent</c>, <c>log-forked</c>.</param>
/// <param name="Text">What, where and by what it was known.</param>
public sealed record AuditFinding(string Code, string Text);

/// <summary>What the audit saw.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">How many entries its checkpoint speaks for.</param>
/// <param name="Root">The root that was signed, in base64.</param>
/// <param name="Key">The key by which it was judged.</param>
/// <param name="Findings">What is not as it was signed; none when all is well.</param>
/// <param name="Notes">What whoever reads this should know.</param>
public sealed record AuditReport(string Origin, long Size, string Root, string Key, IReadOnlyList<AuditFinding> Findings, IReadOnlyList<string> Notes);

/// <summary>Verifies a record's log: every entry, every tile, the signatures, what was seen before, and the table.</summary>
public static class RecordAudit
{
    /// <summary>Recomputes everything and says what was found. <paramref name="progress"/> hears how many entries are done.</summary>
    public static Task<AuditReport> Verify(AuditRequest request, IProgress<long>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Auditor.Verify(request, progress, cancel);
    }

    /// <summary>The public key that lies with the log of a folder of data or tiles.</summary>
    public static string ReadKey(AuditRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LogExport.ReadKey(request);
    }

    /// <summary>Copies a log as of its last checkpoint into a folder; what is there already is left. Answers how many entries it has.</summary>
    public static Task<long> Export(AuditRequest request, string folder, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run(() => LogExport.Run(request, folder, cancel), cancel);
    }
}
