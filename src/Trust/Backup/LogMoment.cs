using System.Text;
using Dapper;
using Madang.Storage;
using Madang.Trust.Record.Audit;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;

namespace Madang.Trust.Backup;

/// <summary>
/// A state of the store and a checkpoint of the log that belong together: the checkpoint speaks for no entry that the store
/// has not, and the store does not know of a later one. Anything else would be taken for a roll-back after it was put back.
/// </summary>
internal sealed class LogMoment : IAsyncDisposable
{
    private const int MostTries = 50;

    /// <summary>A checkpoint comes once a second at most; so the next look falls between two.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly TileReader log;
    private readonly Note? note;

    private LogMoment(StoreSnapshot store, TileReader log, Note? note, string? problem) => (Store, this.log, this.note, Problem) = (store, log, note, problem);

    public StoreSnapshot Store { get; }

    /// <summary>How many entries the checkpoint speaks for.</summary>
    public long Signed => note?.Checkpoint.Size ?? 0;

    /// <summary>Why store and log do not belong together; null when they do.</summary>
    public string? Problem { get; }

    public static async Task<LogMoment> Find(CityPlaces places, CancellationToken cancel)
    {
        var log = new TileFolder(places.Record).Reader;
        for (var tries = 1; ; tries++)
        {
            // The entries of this checkpoint were in the table before it was signed: the store that is held next has them all.
            var before = Read(log);
            var store = await StoreSnapshot.Open(places.Data, places.Postgres, cancel);
            try
            {
                var (head, rows) = await Ask(store);
                var notes = new[] { before, Read(log) };
                var fitting = notes.LastOrDefault(one => Fits(one, head, rows));
                if (fitting is not null || (head is null && notes.All(one => one is null)))
                {
                    return new LogMoment(store, log, fitting, null);
                }

                if (tries == MostTries || notes[1] is null)
                {
                    return new LogMoment(store, log, notes[0], $"The record's log in {places.Record} does not agree with the store, which knows of {head?.Size ?? 0} signed entries and has {rows}: ./madang audit verify tells more.");
                }
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }

            await store.DisposeAsync();
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>The log's files as the checkpoint names them, the checkpoint last; bundles that are absent (old ones may be removed) are left out.</summary>
    public IEnumerable<(string Path, byte[] Bytes)> Files()
    {
        if (log.Find(LogExport.PublicKey) is { } key)
        {
            yield return (LogExport.PublicKey, key);
        }

        if (note is null)
        {
            yield break;
        }

        foreach (var (path, bytes) in LogExport.Files(log, Signed))
        {
            if (bytes() is { } file)
            {
                yield return (path, file);
            }
        }

        yield return (TilePath.Checkpoint, note.Bytes);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static bool Fits(Note? note, Head? head, long rows) => note is not null && note.Checkpoint.Size <= rows && note.Checkpoint.Size >= (head?.Size ?? 0);

    private static Note? Read(TileReader log) =>
        log.Find(TilePath.Checkpoint) is { } bytes && SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) is { } note && Checkpoint.TryParse(note.Text) is { } checkpoint ? new Note(bytes, checkpoint) : null;

    private static async Task<(Head? Head, long Rows)> Ask(StoreSnapshot store)
    {
        // The store of a Madang without a record is backed up by a newer one, before it is brought up to date.
        if (!await store.HasTable("trust_record_head"))
        {
            return (null, 0);
        }

        var head = await store.Connection.QuerySingleOrDefaultAsync<Head>("SELECT origin, size, root FROM trust_record_head", transaction: store.Transaction);
        return (head, await store.Connection.ExecuteScalarAsync<long>("SELECT coalesce(max(seq), -1) + 1 FROM trust_record", transaction: store.Transaction));
    }

    private sealed record Note(byte[] Bytes, Checkpoint Checkpoint);
}
