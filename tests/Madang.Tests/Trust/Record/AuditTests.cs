using System.Text;
using Madang.Kernel;
using Madang.Trust;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;

namespace Madang.Tests.Trust.Record;

/// <summary>Each way to tamper with the log, on a copy of a real one of 70,000 entries (three levels of tiles); each is found and named.</summary>
public sealed class AuditTests(AuditTests.SignedLogs logs) : IClassFixture<AuditTests.SignedLogs>
{
    private const int Entries = 66_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_as_it_was_signed_is_found_so_by_its_tiles_alone()
    {
        using var copy = logs.Copy();
        var report = await Audit(copy);
        Assert.Empty(report.Findings);
        Assert.Equal((Entries, logs.Key.ToString()), (report.Size, report.Key));
        Assert.Empty(report.Notes);
    }

    [Fact]
    public async Task Without_a_key_the_logs_own_is_believed_and_that_is_said()
    {
        using var copy = logs.Copy();
        var report = await RecordAudit.Verify(new AuditRequest { Tiles = copy.Folder }, null, Cancel);
        Assert.Empty(report.Findings);
        Assert.Contains("--key", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(65_999)]
    public async Task A_changed_entry_is_named(int number)
    {
        using var copy = logs.Copy();
        copy.Edit(number, entries => entries[number % 256] = Encoding.UTF8.GetBytes("""{"at":"2026-01-01T00:00:00.000Z","action":"nothing","who":"anonymous","result":"done"}"""));
        Assert.Equal([("entry-changed", $"entry {number} was changed: it does not have the hash that was signed")], await Findings(copy));
    }

    [Fact]
    public async Task A_changed_entry_is_told_apart_from_a_changed_tile()
    {
        using var copy = logs.Copy();
        copy.Flip("tile/0/007", 40);
        Assert.Equal([("tile-changed", "tile/0/007 was changed; its entries are what was signed")], await Findings(copy));
        copy.Edit(1000, entries => entries[1000 % 256] = [1]);
        Assert.Equal(
            [("tile-changed", "tile/0/007 was changed; its entries are what was signed"), ("entry-changed", "entry 1000 was changed: it does not have the hash that was signed")], await Findings(copy));
    }

    [Theory]
    [InlineData("tile/1/000")]
    [InlineData("tile/1/001.p/1")]
    [InlineData("tile/2/000.p/1")]
    [InlineData("tile/0/257.p/208")]
    public async Task A_changed_tile_of_any_level_is_named(string path)
    {
        using var copy = logs.Copy();
        copy.Flip(path, 3);
        var (code, text) = Assert.Single(await Findings(copy));
        Assert.Equal("tile-changed", code);
        Assert.StartsWith(path, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tile/0/100")]
    [InlineData("tile/1/000")]
    [InlineData("tile/0/257.p/208")]
    public async Task An_absent_tile_is_named(string path)
    {
        using var copy = logs.Copy();
        File.Delete(Path.Combine(copy.Folder, path));
        Assert.Equal([("tile-absent", $"{path} is absent or too short")], await Findings(copy));
    }

    [Fact]
    public async Task Deleted_entries_are_named()
    {
        using var copy = logs.Copy();
        copy.Edit(5000, entries => entries.RemoveAt(5000 % 256));
        var findings = await Findings(copy);
        Assert.Equal(("entry-deleted", "entries 5000 to 5000 were deleted: those after them stand 1 earlier"), findings[0]);

        using var other = logs.Copy();
        File.Delete(Path.Combine(other.Folder, "tile/entries/003"));
        Assert.Equal([("entries-absent", "tile/entries/003 is absent (entries 768 to 1023)")], await Findings(other));
    }

    [Fact]
    public async Task Entries_that_changed_places_are_named()
    {
        using var copy = logs.Copy();
        byte[] taken = [];
        copy.Edit(3, entries => (taken, entries[3]) = (entries[3], copy.Entry(40_000)));
        copy.Edit(40_000, entries => entries[40_000 % 256] = taken);
        Assert.Equal(
            [("entries-reordered", "entry 3 is the one that was signed as entry 40000"), ("entries-reordered", "entry 40000 is the one that was signed as entry 3")], await Findings(copy));
    }

    [Fact]
    public async Task A_log_that_was_cut_off_is_named()
    {
        using var copy = logs.Copy();
        foreach (var path in new[] { "tile/entries/257.p/208", "tile/0/257.p/208", "tile/entries/256", "tile/0/256" })
        {
            File.Delete(Path.Combine(copy.Folder, path));
        }

        Assert.Contains(("log-truncated", "the entries end at 65536; the checkpoint speaks for 66000"), await Findings(copy));
    }

    [Fact]
    public async Task A_log_that_was_rolled_back_is_named_by_who_saw_a_later_one()
    {
        using var copy = logs.Copy();
        var seen = copy.Save();
        File.WriteAllText(Path.Combine(copy.Folder, "checkpoint"), logs.Earlier);
        Assert.Empty(await Findings(copy));
        Assert.Equal([("log-rolled-back", $"the checkpoint speaks for 65000 entries; {seen} knows of 66000 that were signed")], await Findings(copy, seen));
    }

    [Fact]
    public async Task A_log_that_goes_on_from_what_was_seen_is_in_order()
    {
        using var copy = logs.Copy();
        Assert.Empty(await Findings(copy, copy.Save(logs.Earlier)));
    }

    [Fact]
    public async Task A_forked_log_is_named_though_every_signature_is_good()
    {
        using var copy = logs.Copy();
        var seen = copy.Save(logs.Earlier);
        copy.SignAnew(logs.Signer, number => number == 4711 ? "forged"u8.ToArray() : copy.Entry(number), Entries);
        Assert.Empty(await Findings(copy));
        Assert.Equal([("log-forked", $"two trees were signed: the first 65000 entries that {seen} knows of are not the first 65000 of this log")], await Findings(copy, seen));

        // The same size and another root: the shortest fork there is.
        Assert.Equal("log-forked", Assert.Single(await Findings(copy, copy.Save(logs.Latest))).Code);
    }

    [Fact]
    public async Task Tiles_made_anew_without_the_key_are_found()
    {
        using var copy = logs.Copy();
        var checkpoint = File.ReadAllText(Path.Combine(copy.Folder, "checkpoint"));
        copy.SignAnew(logs.Signer, number => number == 4711 ? "forged"u8.ToArray() : copy.Entry(number), Entries);
        File.WriteAllText(Path.Combine(copy.Folder, "checkpoint"), checkpoint);
        Assert.Equal("tree-differs", Assert.Single(await Findings(copy)).Code);

        var stranger = new NoteSigner(logs.Key.Name, NoteKeyKind.Note, Ed25519.NewSeed());
        copy.SignAnew(stranger, copy.Entry, Entries);
        Assert.Equal("signature-wrong", Assert.Single(await Findings(copy)).Code);
    }

    [Fact]
    public async Task A_checkpoint_that_is_absent_or_none_is_named()
    {
        using var copy = logs.Copy();
        var seen = copy.Save();
        File.WriteAllText(Path.Combine(copy.Folder, "checkpoint"), "something else");
        Assert.Equal("checkpoint-malformed", Assert.Single(await Findings(copy)).Code);
        File.Delete(Path.Combine(copy.Folder, "checkpoint"));
        Assert.Equal([("checkpoint-absent", "the log has no checkpoint"), ("log-truncated", $"{seen} knows of 66000 entries that were signed")], await Findings(copy, seen));
    }

    [Fact]
    public async Task Witnesses_that_did_not_sign_are_named()
    {
        using var copy = logs.Copy();
        var witness = new NoteSigner("witness.example/1", NoteKeyKind.Cosignature, Ed25519.NewSeed());
        var request = new AuditRequest { Tiles = copy.Folder, Key = logs.Key.ToString(), Witnesses = [witness.Verifier.ToString()] };
        Assert.Equal("cosignature-absent", Assert.Single((await RecordAudit.Verify(request, null, Cancel)).Findings).Code);

        var path = Path.Combine(copy.Folder, "checkpoint");
        var note = SignedNote.TryParse(File.ReadAllText(path))!;
        File.WriteAllText(path, (note with { Signatures = [.. note.Signatures, SignedNote.Cosign(note.Text, witness, TimeProvider.System.GetUtcNow())] }).ToString());
        Assert.Empty((await RecordAudit.Verify(request, null, Cancel)).Findings);
    }

    [Theory]
    [InlineData("--key", "nonsense", null)]
    [InlineData("--since", null, "/nowhere/checkpoint")]
    public async Task What_cannot_be_verified_names_the_option(string option, string? key, string? since)
    {
        using var copy = logs.Copy();
        var wrong = await Assert.ThrowsAsync<InvalidInputException>(() => RecordAudit.Verify(new AuditRequest { Tiles = copy.Folder, Key = key, Since = since is null ? [] : [since] }, null, Cancel));
        Assert.Equal(option, wrong.Field);
    }

    private Task<AuditReport> Audit(LogCopy copy, params string[] since) =>
        RecordAudit.Verify(new AuditRequest { Tiles = copy.Folder, Key = logs.Key.ToString(), Since = since }, null, Cancel);

    private async Task<List<(string Code, string Text)>> Findings(LogCopy copy, params string[] since) =>
        [.. (await Audit(copy, since)).Findings.Select(finding => (finding.Code, finding.Text))];

    /// <summary>One log for all tests, with the checkpoint it had before its last thousand entries.</summary>
    public sealed class SignedLogs : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("madang-audit-");

        public SignedLogs()
        {
            Signer = new NoteSigner("madang.local/test", NoteKeyKind.Note, Ed25519.NewSeed());
            using var log = new LogCopy(folder.FullName, keep: true);
            log.SignAnew(Signer, number => Encoding.UTF8.GetBytes($"entry {number}"), Entries - 1000);
            Earlier = File.ReadAllText(Path.Combine(log.Folder, "checkpoint"));
            log.SignAnew(Signer, number => Encoding.UTF8.GetBytes($"entry {number}"), Entries);
            Latest = File.ReadAllText(Path.Combine(log.Folder, "checkpoint"));
            File.WriteAllText(Path.Combine(log.Folder, "key.pub"), Key + "\n");
        }

        internal NoteSigner Signer { get; }

        internal NoteVerifier Key => Signer.Verifier;

        internal string Earlier { get; }

        internal string Latest { get; }

        public void Dispose() => folder.Delete(recursive: true);

        internal LogCopy Copy()
        {
            var copy = Directory.CreateTempSubdirectory("madang-audit-").FullName;
            foreach (var file in folder.GetFiles("*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(copy, Path.GetRelativePath(folder.FullName, file.FullName));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                file.CopyTo(target);
            }

            return new LogCopy(copy, keep: false);
        }
    }

    /// <summary>A log that a test tampers with.</summary>
    internal sealed class LogCopy(string folder, bool keep) : IDisposable
    {
        private readonly Dictionary<int, byte[]> original = [];

        public string Folder => folder;

        public void Dispose()
        {
            if (!keep)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        /// <summary>Keeps a checkpoint as a witness of the past would; the present one unless another is given.</summary>
        public string Save(string? checkpoint = null)
        {
            var path = Path.Combine(folder, $"seen-{Guid.NewGuid():N}");
            File.WriteAllText(path, checkpoint ?? File.ReadAllText(Path.Combine(folder, "checkpoint")));
            return path;
        }

        public void Flip(string path, int at)
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, path));
            bytes[at] ^= 0x80;
            File.WriteAllBytes(Path.Combine(folder, path), bytes);
        }

        public byte[] Entry(int number) => original.TryGetValue(number, out var entry) ? entry : original[number] = Read(BundleOf(number))[number % 256];

        /// <summary>Rewrites the bundle of an entry, and nothing else.</summary>
        public void Edit(int number, Action<List<byte[]>> change)
        {
            var entries = Read(BundleOf(number));
            change(entries);
            File.WriteAllBytes(BundleOf(number), [.. entries.SelectMany(entry => (byte[])[(byte)(entry.Length >> 8), (byte)entry.Length, .. entry])]);
        }

        /// <summary>Makes the whole log anew, as whoever holds a key can.</summary>
        public void SignAnew(NoteSigner signer, Func<int, byte[]> entry, int size)
        {
            var entries = Enumerable.Range(0, size).Select(entry).ToList();
            if (Directory.Exists(Path.Combine(folder, "tile")))
            {
                Directory.Delete(Path.Combine(folder, "tile"), recursive: true);
            }

            var tiles = new TileFolder(folder);
            var writer = new TileWriter(tiles);
            entries.ForEach(one => writer.Append(one));
            writer.WriteEdge();
            tiles.Replace("checkpoint", Encoding.UTF8.GetBytes(SignedNote.Sign(new Checkpoint(signer.Verifier.Name, size, writer.Root()).Text, signer).ToString()));
        }

        private string BundleOf(int number)
        {
            var full = Path.Combine(folder, TilePath.Entries(number / 256));
            return File.Exists(full) ? full : Directory.GetFiles(full + ".p").Single();
        }

        private static List<byte[]> Read(string path)
        {
            var entries = new List<byte[]>();
            ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
            while (Bundle.TryTake(ref rest, out var entry))
            {
                entries.Add(entry.ToArray());
            }

            return entries;
        }
    }
}
