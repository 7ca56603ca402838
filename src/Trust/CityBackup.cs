using Madang.Storage;
using Madang.Trust.Backup;
using Madang.Trust.Record;

namespace Madang.Trust;

/// <summary>Where a city keeps what a backup holds.</summary>
public sealed record CityPlaces
{
    /// <summary>The data folder; with PostgreSQL nothing of the store lies there.</summary>
    public required string Data { get; init; }

    /// <summary>An Npgsql connection string; null for the embedded store.</summary>
    public string? Postgres { get; init; }

    /// <summary>The folder of the record's log; its secrets lie beside it.</summary>
    public required string Record { get; init; }

    /// <summary>The folder of letters that no mail server took.</summary>
    public required string Mail { get; init; }

    /// <summary>Which engine keeps the store.</summary>
    public Engine Engine => string.IsNullOrWhiteSpace(Postgres) ? Engine.Sqlite : Engine.Postgres;

    /// <summary>The places as the settings of a server say them.</summary>
    public static CityPlaces Of(StorageOptions storage, TrustOptions trust, AccountsOptions accounts)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(trust);
        ArgumentNullException.ThrowIfNull(accounts);
        return new CityPlaces
        {
            Data = Path.GetFullPath(storage.Data),
            Postgres = string.IsNullOrWhiteSpace(storage.Postgres) ? null : storage.Postgres,
            Record = RecordPlace.Of(trust, storage).Folder,
            Mail = Path.GetFullPath(accounts.MailFolder ?? Path.Combine(storage.Data, "mail")),
        };
    }
}

/// <summary>What was put into a backup, or taken out of it.</summary>
/// <param name="Sha256">The digest of the backup's file, as it is recorded.</param>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Made">When the state was that it holds.</param>
/// <param name="Madang">The version of Madang that made it.</param>
/// <param name="Tables">What was in each table.</param>
/// <param name="Entries">How many entries of the record are signed in it.</param>
/// <param name="Notes">What whoever reads this should know; none when all is well.</param>
public sealed record BackupReport(string Sha256, long Bytes, DateTimeOffset Made, string Madang, IReadOnlyList<TableDigest> Tables, long Entries, IReadOnlyList<string> Notes);

/// <summary>Puts a whole city into one encrypted file while it runs, and back into an empty place.</summary>
public static class CityBackup
{
    /// <summary>
    /// Writes store, record and letters into <paramref name="file"/>, which must not be there yet; it appears when it is whole.
    /// What is in it is one state: the log in it has signed no entry that the store in it has not.
    /// </summary>
    public static Task<BackupReport> Make(CityPlaces places, string file, BackupKey key, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new BackupMaker(places, Path.GetFullPath(file), key, clock).Run(cancel);
    }

    /// <summary>
    /// Puts a backup into places that are absent or empty, compares every table, verifies the record and writes into it that
    /// this was done. <paramref name="scripts"/> are the schema scripts that this Madang knows. Nothing is left when it throws.
    /// </summary>
    public static Task<BackupReport> Restore(CityPlaces places, string file, BackupKey key, IReadOnlyCollection<string> scripts, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new BackupRestorer(places, Path.GetFullPath(file), key, scripts, clock).Run(cancel);
    }
}
