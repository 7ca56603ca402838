using System.Text;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Audit;

/// <summary>The audit as a table of contents: signature, tree, what was seen before, table.</summary>
internal sealed class Auditor
{
    private readonly AuditRequest request;
    private readonly TileReader log;
    private readonly NoteVerifier key;
    private readonly Findings findings = new();
    private readonly List<string> notes = [];

    private Auditor(AuditRequest request, TileReader log, NoteVerifier key) => (this.request, this.log, this.key) = (request, log, key);

    public static async Task<AuditReport> Verify(AuditRequest request, IProgress<long>? progress, CancellationToken cancel)
    {
        using var source = LogSource.Open(request);
        var beside = source.Reader.Find("key.pub");
        if (request.Key is null && beside is null)
        {
            throw new InvalidInputException("--key", $"{source.Name} has no key.pub; name the log's public key");
        }

        var auditor = new Auditor(request, source.Reader, NoteVerifier.Parse(request.Key ?? Encoding.UTF8.GetString(beside!), request.Key is null ? "key.pub" : "--key"));
        if (request.Key is null)
        {
            auditor.notes.Add("The key was taken from the log itself: whoever can change the whole log can change that too. Name the key you know with --key.");
        }

        return await auditor.Run(progress, cancel);
    }

    private async Task<AuditReport> Run(IProgress<long>? progress, CancellationToken cancel)
    {
        if (ReadCheckpoint() is not { } checkpoint)
        {
            await JudgeAbsence(cancel);
            return new AuditReport(key.Name, 0, "", key.ToString(), findings.All, notes);
        }

        var scan = await Task.Run(() => TileScan.Run(log, checkpoint.Size, progress, cancel), cancel);
        var judge = new TreeJudge(log, scan, findings);
        judge.Judge(checkpoint.Root);
        foreach (var (name, known) in ReadSince())
        {
            Compare(known, name, checkpoint, judge.IsTreeKnown);
        }

        if (request.Data is not null || request.Postgres is not null)
        {
            await JudgeTable(checkpoint, judge, cancel);
        }

        return new AuditReport(checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root), key.ToString(), findings.All, notes);
    }

    private Checkpoint? ReadCheckpoint()
    {
        if (log.Find(TilePath.Checkpoint) is not { } bytes)
        {
            findings.Add("checkpoint-absent", $"the log has no checkpoint");
            return null;
        }

        if (SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) is not { } note || Checkpoint.TryParse(note.Text) is not { } checkpoint)
        {
            findings.Add("checkpoint-malformed", $"the checkpoint is no signed checkpoint");
            return null;
        }

        if (!note.IsSignedBy(key) || checkpoint.Origin != key.Name)
        {
            findings.Add("signature-wrong", $"the checkpoint of {checkpoint.Origin} with {checkpoint.Size} entries is not signed by {key.Name} ({key.Id:x8})");
        }

        foreach (var witness in request.Witnesses.Select(text => NoteVerifier.Parse(text, "--witness")))
        {
            if (!note.IsSignedBy(witness))
            {
                findings.Add("cosignature-absent", $"the witness {witness.Name} has not signed this checkpoint");
            }
        }

        return checkpoint;
    }

    /// <summary>Without a checkpoint only one thing is left to say: whether there ever was one.</summary>
    private async Task JudgeAbsence(CancellationToken cancel)
    {
        var known = ReadSince().Select(since => (since.Name, since.Checkpoint.Size)).ToList();
        if (request.Data is not null || request.Postgres is not null)
        {
            await using var store = await ReadOnlyStore.Open(request.Data, request.Postgres, cancel);
            if (await new TableAudit(store, null, log, new Destructions(), findings).FindHead(cancel) is { } head)
            {
                known.Add(("the store", head.Size));
            }
        }

        foreach (var (name, size) in known)
        {
            findings.Add("log-truncated", $"{name} knows of {size} entries that were signed");
        }
    }

    private IEnumerable<(string Name, Checkpoint Checkpoint)> ReadSince()
    {
        foreach (var path in request.Since)
        {
            var note = File.Exists(path) ? SignedNote.TryParse(File.ReadAllText(path)) : throw new InvalidInputException("--since", $"there is no file '{path}'");
            if (note is null || Checkpoint.TryParse(note.Text) is not { } checkpoint)
            {
                throw new InvalidInputException("--since", $"'{path}' is no signed checkpoint");
            }

            yield return note.IsSignedBy(key) ? (path, checkpoint) : throw new InvalidInputException("--since", $"'{path}' is not signed by the key {key.Name} ({key.Id:x8})");
        }
    }

    /// <summary>A tree that was signed before must be the beginning of this one.</summary>
    private void Compare(Checkpoint known, string name, Checkpoint now, bool isTreeKnown)
    {
        if (known.Size > now.Size)
        {
            findings.Add("log-rolled-back", $"the checkpoint speaks for {now.Size} entries; {name} knows of {known.Size} that were signed");
        }
        else if (known.Size == now.Size ? !known.Root.AsSpan().SequenceEqual(now.Root) : isTreeKnown && IsOther(known, now))
        {
            findings.Add("log-forked", $"two trees were signed: the first {known.Size} entries that {name} knows of are not the first {known.Size} of this log");
        }
        else if (!isTreeKnown && known.Size < now.Size)
        {
            notes.Add($"Whether the log continues {name} cannot be told: its own tree is broken.");
        }
    }

    private bool IsOther(Checkpoint known, Checkpoint now)
    {
        try
        {
            return !MerkleTree.Root(known.Size, log.Hashes(now.Size)).AsSpan().SequenceEqual(known.Root);
        }
        catch (RecordBrokenException absent)
        {
            notes.Add($"Whether the log continues a checkpoint of {known.Size} entries cannot be told: {absent.Message}");
            return false;
        }
    }

    private async Task JudgeTable(Checkpoint checkpoint, TreeJudge judge, CancellationToken cancel)
    {
        await using var store = await ReadOnlyStore.Open(request.Data, request.Postgres, cancel);
        // One state of the table: what is destroyed meanwhile is still there, or the entry about it is.
        await using var state = await ReadOnlyStore.Snapshot(store, cancel);
        var table = new TableAudit(store, state, log, judge.Destructions, findings);
        if (await table.FindHead(cancel) is { } head)
        {
            Compare(new Checkpoint(head.Origin, head.Size, head.Root), "the store", checkpoint, judge.IsTreeKnown);
        }

        await table.ReadDestructions(checkpoint.Size, TimeProvider.System.GetUtcNow(), cancel);
        if (await table.Verify(checkpoint.Size, checkpoint.Root, judge.AreEntriesSigned, cancel) is > 0 and var more)
        {
            notes.Add(FormattableString.Invariant($"{more} entries of the table are not in the log yet."));
        }

        var place = request.Tiles is { } folder && Directory.Exists(folder) ? new RecordPlace(folder) : RecordPlace.Of(new TrustOptions(), new StorageOptions { Data = request.Data ?? "data", Postgres = request.Postgres });
        if (File.Exists(place.DigestKey))
        {
            await table.VerifySubjects(new Subjects(place), cancel);
        }
        else
        {
            notes.Add($"Whose the digests are was not verified: there is no {Path.GetFileName(place.DigestKey)} beside the log.");
        }

        if (judge.Destructions.Count > 0)
        {
            notes.Add(FormattableString.Invariant($"{judge.Destructions.Count} entries were destroyed because their time was over; the log says so."));
        }
    }
}
