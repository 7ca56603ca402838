using System.Data.Common;
using Dapper;
using Madang.Kernel;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Retention;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Audit;

/// <summary>Holds the table's rows against the log's entries, byte by byte, and each row's columns against its leaf.</summary>
internal sealed class TableAudit(DbConnection store, DbTransaction? transaction, TileReader log, Destructions destructions, Findings findings)
{
    private const int MostDifferences = 10_000;

    private readonly List<byte[]?> nodes = [];
    private readonly List<byte> tile = [];
    private readonly List<Difference> differences = [];
    private List<byte[]> bundle = [];
    private long bundleIndex = -1;
    private long missing;
    private bool isMissingTold;

    public async Task<Head?> FindHead(CancellationToken cancel)
    {
        try
        {
            return await store.QuerySingleOrDefaultAsync<Head>(new CommandDefinition("SELECT origin, size, root FROM trust_record_head", transaction: transaction, cancellationToken: cancel));
        }
        catch (DbException exception)
        {
            throw new InvalidInputException("--data", $"the store has no record: {exception.Message}");
        }
    }

    /// <summary>Takes what the table says was destroyed and the log has not yet: the log follows within seconds.</summary>
    public async Task ReadDestructions(long size, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await store.QueryAsync<(long Seq, byte[] Leaf)>(new CommandDefinition(
            "SELECT seq, leaf FROM trust_record WHERE action = @Destroy AND seq >= @size ORDER BY seq", new { RetentionRule.Destroy, size }, transaction, cancellationToken: cancel));
        foreach (var (seq, leaf) in rows)
        {
            destructions.Add(seq, leaf, now, findings);
        }
    }

    /// <summary>Holds whose the digests are against the key of the digests: a name that was put in another's place does not fit. One that is gone was forgotten, or was taken away.</summary>
    public async Task VerifySubjects(Subjects subjects, CancellationToken cancel)
    {
        var rows = store.QueryUnbufferedAsync<(string Subject, byte[] Salt, string Digest)>("SELECT subject, salt, digest FROM trust_subjects", transaction: transaction);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (!subjects.IsDigest(row.Subject, row.Salt, row.Digest))
            {
                findings.Add("subject-changed", $"the digest {row.Digest} is not that of {row.Subject}");
            }
        }
    }

    /// <summary>Reads every row once; <paramref name="areEntriesSigned"/> says which of two that differ is wrong. Answers how many rows are not logged yet.</summary>
    public async Task<long> Verify(long size, byte[] root, bool areEntriesSigned, CancellationToken cancel)
    {
        var next = 0L;
        var more = 0L;
        var rows = store.QueryUnbufferedAsync<StoredRow>("SELECT seq, moment, action, who, role, purpose, kind, thing, address, trace, result, leaf FROM trust_record ORDER BY seq", transaction: transaction);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (row.Seq >= size)
            {
                more++;
            }
            else
            {
                TellMissing(next, row.Seq, size);
                Compare(row, size);
            }

            next = Math.Max(next, Math.Min(row.Seq + 1, size));
        }

        TellMissing(next, size, size);
        if (missing > destructions.Count && !isMissingTold)
        {
            findings.Add("row-deleted", $"the table has no row for {missing} entries, and {destructions.Count} were destroyed");
        }

        Tell(size, root, areEntriesSigned);
        return more;
    }

    /// <summary>Names the entries that have no row, were it not destroyed because its time was over.</summary>
    private void TellMissing(long from, long end, long size)
    {
        if (from < end)
        {
            nodes.Add(null);
            missing += end - from;
        }

        long? first = null;
        for (var seq = from; seq < end; seq++)
        {
            if (!IsDestroyed(seq, size))
            {
                first ??= seq;
            }
            else if (first is { } begun)
            {
                TellDeleted(begun, seq);
                first = null;
            }
        }

        if (first is { } rest && end == size)
        {
            isMissingTold = true;
            findings.Add("table-truncated", $"the table ends at {rest} entries; {size} were signed");
        }
        else if (first is { } last)
        {
            TellDeleted(last, end);
        }
    }

    private void TellDeleted(long first, long end)
    {
        isMissingTold = true;
        findings.Add("row-deleted", $"the table has no row for {(end == first + 1 ? FormattableString.Invariant($"entry {first}") : FormattableString.Invariant($"entries {first} to {end - 1}"))}");
    }

    private bool IsDestroyed(long seq, long size) =>
        EntryOf(seq, size) is { } entry ? destructions.Covers(seq, entry) : destructions.CoversBundle(seq / TilePath.Width);

    private void Compare(StoredRow stored, long size)
    {
        var row = stored.Row();
        if (!Leaf.Agrees(row))
        {
            findings.Add("row-changed", $"the columns of row {stored.Seq} do not say what its leaf says");
        }

        var hash = MerkleTree.LeafHash(row.Leaf);
        Collect(hash);
        // A row whose bundle was removed (put back from a backup) is held against its tile.
        var expected = EntryOf(stored.Seq, size) is { } entry ? (entry.AsSpan().SequenceEqual(row.Leaf) ? hash : MerkleTree.LeafHash(entry)) : HashOf(stored.Seq, size) ?? hash;
        if (!expected.AsSpan().SequenceEqual(hash) && differences.Count < MostDifferences)
        {
            differences.Add(new Difference(stored.Seq, hash, expected));
        }
    }

    private void Collect(byte[] hash)
    {
        tile.AddRange(hash);
        if (tile.Count == TilePath.Width * MerkleTree.HashLength)
        {
            nodes.Add(MerkleTree.Fold(tile.ToArray()));
            tile.Clear();
        }
    }

    /// <summary>The log's entry at a place; null when it is absent, which the log's own audit tells.</summary>
    private byte[]? EntryOf(long seq, long size)
    {
        var (index, place) = (seq / TilePath.Width, (int)(seq % TilePath.Width));
        if (index != bundleIndex)
        {
            (bundleIndex, bundle) = (index, Read(index, WidthOf(index, size)));
        }

        return place < bundle.Count ? bundle[place] : null;
    }

    private byte[]? HashOf(long seq, long size)
    {
        var (index, place) = (seq / TilePath.Width, (int)(seq % TilePath.Width));
        return log.FindTile(0, index, WidthOf(index, size)) is { } hashes ? hashes[(place * MerkleTree.HashLength)..((place + 1) * MerkleTree.HashLength)] : null;
    }

    private static int WidthOf(long index, long size) => index < TilePath.Full(size, 0) ? TilePath.Width : TilePath.Partial(size, 0);

    private List<byte[]> Read(long index, int width)
    {
        var entries = new List<byte[]>();
        ReadOnlySpan<byte> rest = log.FindEntries(index, width);
        while (entries.Count < width && Bundle.TryTake(ref rest, out var entry))
        {
            entries.Add(entry.ToArray());
        }

        return entries;
    }

    private void Tell(long size, byte[] root, bool areEntriesSigned)
    {
        var isTableSigned = TileTree.Root(size, 1, nodes, _ => tile.ToArray()) is { } computed && computed.AsSpan().SequenceEqual(root);
        var (moved, changed) = Difference.Sort(differences);
        var (code, wrong) = areEntriesSigned || !isTableSigned ? ("row", "row") : ("entry", "entry");
        foreach (var (index, belongs) in moved)
        {
            findings.Add(code == "row" ? "rows-reordered" : "entries-reordered", $"{wrong} {index} has what belongs at {belongs}");
        }

        foreach (var index in changed)
        {
            if (areEntriesSigned)
            {
                findings.Add("row-changed", $"row {index} was changed: it is not the entry that was signed");
            }
            else if (isTableSigned)
            {
                findings.Add("entry-changed", $"entry {index} was changed: the table has what was signed");
            }
            else
            {
                findings.Add("row-changed", $"row {index} and entry {index} of the log differ, and nothing says which was signed");
            }
        }
    }

    /// <summary>Dapper's way to a row.</summary>
    private sealed class StoredRow
    {
        public long Seq { get; set; }

        public long Moment { get; set; }

        public string Action { get; set; } = "";

        public string Who { get; set; } = "";

        public string? Role { get; set; }

        public string? Purpose { get; set; }

        public string? Kind { get; set; }

        public string? Thing { get; set; }

        public string? Address { get; set; }

        public string? Trace { get; set; }

        public string Result { get; set; } = "";

        public byte[] Leaf { get; set; } = [];

        public Row Row() => new(Moment, Action, Who, Role, Purpose, Kind, Thing, Address, Trace, Result, Leaf);
    }
}
