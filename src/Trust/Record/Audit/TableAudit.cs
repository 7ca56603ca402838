using System.Data.Common;
using Dapper;
using Madang.Kernel;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Audit;

/// <summary>Holds the table's rows against the log's entries, byte by byte, and each row's columns against its leaf.</summary>
internal sealed class TableAudit(DbConnection store, TileReader log, Findings findings)
{
    private const int MostDifferences = 10_000;

    private readonly List<byte[]?> nodes = [];
    private readonly List<byte> tile = [];
    private readonly List<Difference> differences = [];
    private List<byte[]> bundle = [];

    public async Task<Head?> FindHead(CancellationToken cancel)
    {
        try
        {
            return await store.QuerySingleOrDefaultAsync<Head>(new CommandDefinition("SELECT origin, size, root FROM trust_record_head", cancellationToken: cancel));
        }
        catch (DbException exception)
        {
            throw new InvalidInputException("--data", $"the store has no record: {exception.Message}");
        }
    }

    /// <summary>Reads every row once; <paramref name="areEntriesSigned"/> says which of two that differ is wrong. Answers how many rows are not logged yet.</summary>
    public async Task<long> Verify(long size, byte[] root, bool areEntriesSigned, CancellationToken cancel)
    {
        var next = 0L;
        var more = 0L;
        var rows = store.QueryUnbufferedAsync<StoredRow>("SELECT seq, moment, action, who, role, purpose, kind, thing, address, trace, result, leaf FROM trust_record ORDER BY seq");
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (row.Seq >= size)
            {
                more++;
            }
            else
            {
                TellMissing(next, row.Seq);
                Compare(row, size);
            }

            next = Math.Max(next, Math.Min(row.Seq + 1, size));
        }

        if (next < size)
        {
            findings.Add("table-truncated", $"the table ends at {next} entries; {size} were signed");
        }

        Tell(size, root, areEntriesSigned);
        return more;
    }

    private void TellMissing(long next, long seq)
    {
        if (seq > next)
        {
            findings.Add("row-deleted", $"the table has no row for {(seq == next + 1 ? FormattableString.Invariant($"entry {next}") : FormattableString.Invariant($"entries {next} to {seq - 1}"))}");
            nodes.Add(null);
        }
    }

    private void Compare(StoredRow stored, long size)
    {
        var row = stored.Row();
        if (!Leaf.Agrees(row))
        {
            findings.Add("row-changed", $"the columns of row {stored.Seq} do not say what its leaf says");
        }

        var hash = MerkleTree.LeafHash(row.Leaf);
        Collect(hash);
        if (EntryOf(stored.Seq, size) is { } entry && !entry.AsSpan().SequenceEqual(row.Leaf) && differences.Count < MostDifferences)
        {
            differences.Add(new Difference(stored.Seq, hash, MerkleTree.LeafHash(entry)));
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
        if (place == 0 || bundle.Count == 0)
        {
            bundle = Read(index, index < TilePath.Full(size, 0) ? TilePath.Width : TilePath.Partial(size, 0));
        }

        return place < bundle.Count ? bundle[place] : null;
    }

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
