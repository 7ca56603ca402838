using Madang.Storage.Backup;

namespace Madang.Storage;

/// <summary>An empty place into which a store is put back.</summary>
public abstract class StoreTarget
{
    /// <summary>Which engine it has.</summary>
    public abstract Engine Engine { get; }

    /// <summary>A folder that is being filled; its store will be <c>madang.db</c>.</summary>
    public static StoreTarget OfFolder(string folder) => new SqliteTarget(folder);

    /// <summary>A database of PostgreSQL; refused when it is not empty.</summary>
    public static async Task<StoreTarget> OfPostgres(string postgres, CancellationToken cancel) => await PostgresTarget.Open(postgres, cancel);

    /// <summary>Puts back what <see cref="StoreSnapshot.CopyTo"/> wrote; <paramref name="read"/> writes it into the stream it is given.</summary>
    public abstract Task Fill(Func<Stream, Task> read, CancellationToken cancel);

    /// <summary>Says what is in each table now.</summary>
    public abstract Task<IReadOnlyList<TableDigest>> Digest(CancellationToken cancel);

    /// <summary>One change to what was put back.</summary>
    public abstract Task Write(Func<WriteScope, Task> change, CancellationToken cancel);

    /// <summary>Takes everything away again.</summary>
    public abstract Task Discard();
}
