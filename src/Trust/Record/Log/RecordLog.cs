using System.Text;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Keys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Trust.Record.Log;

/// <summary>
/// Follows the table and keeps its entries in a signed Merkle log on the disk. The table is first: after a crash, or when
/// tiles are lost, the log catches up from it, and signs only what continues everything it signed before.
/// </summary>
internal sealed partial class RecordLog(LogTable table, LogKey key, RecordPlace place, RecordBell bell, ILogger<RecordLog> log) : BackgroundService
{
    /// <summary>At most one checkpoint in this time; under load it covers thousands of entries.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5), Rest = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly TileFolder folder = new(place.Folder);
    private NoteSigner? signer;
    private TileWriter? tiles;
    private long published = -1;

    /// <summary>Why nothing more is signed; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when what is there is not what was signed.</summary>
    public bool IsBroken { get; private set; }

    public TileFolder Folder => folder;

    /// <summary>The last checkpoint with its signatures; null before the first.</summary>
    public SignedNote? FindCheckpoint() => folder.Reader.Find(TilePath.Checkpoint) is { } bytes ? SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pace;
            try
            {
                await Advance(stoppingToken);
                (Problem, IsBroken) = (null, false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (RecordBrokenException broken)
            {
                (Problem, IsBroken) = (broken.Message, true);
                Broken(log, broken.Message);
                tiles = null;
                pause = Rest;
            }
            catch (Exception exception)
            {
                // A full disk, a lost database, no OpenSSL: the table goes on, and the log catches up.
                (Problem, IsBroken) = (exception.Message, false);
                Behind(log, exception);
                tiles = null;
                pause = Rest;
            }

            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await bell.Wait(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What the recorder stored before its end is signed too.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Advance(cancellationToken);
        }
        catch (Exception exception) when (exception is not RecordBrokenException)
        {
            Behind(log, exception);
        }
        catch (RecordBrokenException broken)
        {
            Broken(log, broken.Message);
        }
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    /// <summary>Appends what the table has and the log has not, and signs it. Before the first entry nothing is made.</summary>
    public async Task Advance(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            tiles ??= await Open(cancel);
            if (tiles is null)
            {
                return;
            }

            await Follow(tiles, await table.Count(cancel), cancel);
            if (tiles.Size != published)
            {
                await Publish(tiles, cancel);
            }
        }
        catch
        {
            tiles = null;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Adds a witness's signatures to the checkpoint they are for, if it is still the last.</summary>
    public async Task Add(string text, IReadOnlyList<NoteSignature> cosignatures, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (FindCheckpoint() is { } note && note.Text == text)
            {
                var kept = note.Signatures.Where(old => !cosignatures.Any(cosignature => cosignature.Name == old.Name && cosignature.KeyId == old.KeyId));
                folder.Replace(TilePath.Checkpoint, Encoding.UTF8.GetBytes((note with { Signatures = [.. kept, .. cosignatures] }).ToString()));
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes up the log where it was signed last; null when there is no log yet and nothing to log.</summary>
    private async Task<TileWriter?> Open(CancellationToken cancel)
    {
        var head = await table.FindHead(cancel);
        var note = FindCheckpoint();
        if (note is null && head is null && await table.Count(cancel) == 0)
        {
            return null;
        }

        signer ??= key.ReadOrMake(head);
        var signed = note is null ? null : ReadOwn(note);
        if (head is not null && head.Origin != signer.Verifier.Name)
        {
            throw new RecordBrokenException($"the table was logged as {head.Origin}, and the key in {place.SigningKey} is that of {signer.Verifier.Name}: one log keeps a record.");
        }

        var least = Math.Max(signed?.Size ?? 0, head?.Size ?? 0);
        var rows = await table.Count(cancel);
        if (rows < least)
        {
            throw new RecordBrokenException($"the table has {rows} entries and {least} were signed: entries were deleted, or the table is an older one.");
        }

        var writer = signed is null ? null : TileWriter.TryOpen(folder, signed.Size);
        if (writer is null)
        {
            if (least > 0)
            {
                Rebuilding(log, least);
            }

            writer = new TileWriter(folder);
        }

        await Continue(writer, signed is null ? null : new Head(signed.Origin, signed.Size, signed.Root), head, cancel);
        published = signed?.Size ?? -1;
        return writer;
    }

    /// <summary>Comes up to each head that was signed and sees that the tree is the same there.</summary>
    private async Task Continue(TileWriter writer, Head? signed, Head? head, CancellationToken cancel)
    {
        foreach (var known in new[] { signed, head }.OfType<Head>().OrderBy(known => known.Size))
        {
            if (known.Size >= writer.Size)
            {
                await Follow(writer, known.Size, cancel);
                Expect(writer.Root(), known);
            }
            else
            {
                // Saved before the checkpoint that is on the disk: the younger tree must contain the older.
                Expect(Tree.MerkleTree.Root(known.Size, folder.Reader.Hashes(writer.Size)), known);
            }
        }
    }

    private static void Expect(byte[] root, Head known)
    {
        if (!root.AsSpan().SequenceEqual(known.Root))
        {
            throw new RecordBrokenException($"the first {known.Size} entries are not the ones that were signed: an entry or a tile was changed.");
        }
    }

    /// <summary>Appends rows in order up to <paramref name="end"/> and sees that none is missing between them.</summary>
    private async Task Follow(TileWriter writer, long end, CancellationToken cancel)
    {
        while (writer.Size < end)
        {
            var rows = await table.Read(writer.Size, end, cancel);
            foreach (var (seq, leaf) in rows)
            {
                if (seq != writer.Size)
                {
                    throw await Missing(writer.Size, $"the next is {seq}", cancel);
                }

                writer.Append(leaf);
            }

            if (rows.Count == 0)
            {
                throw await Missing(writer.Size, "later ones are there", cancel);
            }
        }
    }

    /// <summary>After a destruction the table has holes where the log has been, and cannot give it back.</summary>
    private async Task<RecordBrokenException> Missing(long entry, string others, CancellationToken cancel) => new(
        $"entry {entry} is missing in the table: {others}." + (await table.WasDestroyed(cancel)
            ? $" Entries whose time was over were destroyed, so that tiles that are lost cannot be made again: put {place.Folder} back from a backup." : ""));

    /// <summary>Tiles first, then the checkpoint that names them, then the note of it in the store.</summary>
    private async Task Publish(TileWriter writer, CancellationToken cancel)
    {
        writer.WriteEdge();
        var checkpoint = new Checkpoint(signer!.Verifier.Name, writer.Size, writer.Root());
        folder.Replace(TilePath.Checkpoint, Encoding.UTF8.GetBytes(SignedNote.Sign(checkpoint.Text, signer).ToString()));
        published = writer.Size;
        await table.Save(new Head(checkpoint.Origin, checkpoint.Size, checkpoint.Root), cancel);
    }

    private Checkpoint ReadOwn(SignedNote note) =>
        note.IsSignedBy(signer!.Verifier) && Checkpoint.TryParse(note.Text) is { } checkpoint && checkpoint.Origin == signer.Verifier.Name
            ? checkpoint
            : throw new RecordBrokenException($"the checkpoint in {place.Folder} is not signed by the key of this log.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tiles of the record's log are absent; they are made again from the table and compared with what was signed ({Size} entries).")]
    private static partial void Rebuilding(ILogger log, long size);

    [LoggerMessage(Level = LogLevel.Error, Message = "The record's log is behind its table and tries again.")]
    private static partial void Behind(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "THE RECORD IS BROKEN, nothing more is signed: {Reason} Look with ./madang audit verify.")]
    private static partial void Broken(ILogger log, string reason);
}
