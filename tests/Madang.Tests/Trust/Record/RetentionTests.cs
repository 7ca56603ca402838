using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Retention;
using Madang.Trust.Record.Tree;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Trust.Record;

/// <summary>What is over goes, and the record says so; whatever else is absent is still tampering.</summary>
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_is_over_goes_and_the_tree_stays_whole(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Filled(store);
        var (old, rows) = (keeping.Checkpoint, await keeping.Rows());
        var seen = Path.Combine(store.Folder, "seen");
        File.Copy(Path.Combine(store.RecordFolder, "checkpoint"), seen);

        Assert.Equal(5_602, await keeping.Destroyer.Run(Cancel));
        Assert.Equal(0, await keeping.Destroyer.Run(Cancel));
        await keeping.Sign();

        var left = (await keeping.Rows()).Select(row => row.Seq).ToList();
        Assert.Equal([.. Enumerable.Range(5_601, 19).Select(seq => (long)seq).Where(seq => seq != 5_610)], left.Where(seq => seq < 5_620));
        Assert.Equal(keeping.Checkpoint.Size - 1, left[^1]);
        string[] said = [.. (await keeping.Leaves()).Where(leaf => leaf.Contains("record.destroy", StringComparison.Ordinal)).Select(leaf => System.Text.Json.JsonDocument.Parse(leaf).RootElement).Select(leaf => $"{leaf.GetProperty("kind")} {leaf.GetProperty("thing").ToString().Split(" before")[0]}")];
        Assert.Equal(["login 5610-5610: 1", "observations.write 0-4999: 5000", "observations.write 5000-5600: 601", "tile/entries 0-20: 21"], said);
        // 21 bundles had nothing else; the 22nd has entries that stay.
        Assert.False(File.Exists(Path.Combine(store.RecordFolder, TilePath.Entries(20))));
        Assert.True(File.Exists(Path.Combine(store.RecordFolder, TilePath.Entries(21))) && File.Exists(Path.Combine(store.RecordFolder, TilePath.Tile(0, 0))));

        var report = await Audit(store, seen);
        Assert.Empty(report.Findings);
        Assert.Contains(report.Notes, note => note.StartsWith("5602 entries were destroyed", StringComparison.Ordinal));
        var (now, hashes) = (keeping.Checkpoint, keeping.Tiles.Hashes(keeping.Checkpoint.Size));
        Assert.True(Proof.VerifyConsistency(old.Size, now.Size, MerkleTree.Consistency(old.Size, now.Size, hashes), old.Root, now.Root));
        // An entry that is gone can still be proved by who kept it.
        Assert.All([0, 4_711, 5_605], index => Assert.True(Proof.VerifyInclusion(index, now.Size, MerkleTree.LeafHash(rows[index].Leaf), MerkleTree.Inclusion(index, now.Size, hashes), now.Root)));
    }

    [Theory, BothEngines]
    public async Task The_log_goes_on_after_a_destruction_and_a_restart(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using (var keeping = await Filled(store))
        {
            await keeping.Destroyer.Run(Cancel);
        }

        await using var again = await Keeping.Start(store);
        await again.Write(300);
        await again.Sign();
        Assert.Equal(5_920 + 4 + 300, again.Checkpoint.Size);
        Assert.Empty((await Audit(store)).Findings);
        Assert.Equal(0, await again.Destroyer.Run(Cancel));
    }

    [Fact]
    public async Task A_copy_of_the_log_lacks_the_same_bundles_and_is_verified_without_the_table()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Filled(store);
        await keeping.Destroyer.Run(Cancel);
        await keeping.Sign();
        var copy = Path.Combine(store.Folder, "copy");
        await RecordAudit.Export(new AuditRequest { Data = store.Folder }, copy, Cancel);
        Assert.Empty((await RecordAudit.Verify(new AuditRequest { Tiles = copy }, null, Cancel)).Findings);

        var tile = Path.Combine(copy, TilePath.Tile(0, 3));
        var bytes = await File.ReadAllBytesAsync(tile, Cancel);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(tile, bytes, Cancel);
        Assert.Equal([("tile-changed", "tile/0/003 was changed; its entries are gone")], await Findings(new AuditRequest { Tiles = copy }));

        File.Delete(Path.Combine(store.RecordFolder, TilePath.Entries(21)));
        Assert.Contains("tile/entries/021 is absent", (await Assert.ThrowsAsync<InvalidInputException>(() => RecordAudit.Export(new AuditRequest { Data = store.Folder }, copy + "2", Cancel))).Message, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task What_goes_beyond_what_was_said_is_named(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Filled(store);
        await keeping.Destroyer.Run(Cancel);
        await keeping.Sign();
        Assert.Empty((await Audit(store)).Findings);

        // Of the same action, in the same places and too young; of another action, and old enough.
        await keeping.Change("DELETE FROM trust_record WHERE seq = 5615");
        await keeping.Change("DELETE FROM trust_record WHERE seq BETWEEN 5602 AND 5603");
        Assert.Equal([("row-deleted", "the table has no row for entries 5602 to 5603"), ("row-deleted", "the table has no row for entry 5615")], await Findings(Of(store)));

        File.Delete(Path.Combine(store.RecordFolder, TilePath.Entries(21)));
        Assert.Contains(await Findings(Of(store)), finding => finding == ("entries-absent", "tile/entries/021 is absent (entries 5376 to 5631)"));
    }

    [Theory, BothEngines]
    public async Task A_forged_bound_is_named(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Filled(store);
        await keeping.Destroyer.Run(Cancel);
        await keeping.Sign();
        var seq = (await keeping.Rows()).First(row => System.Text.Encoding.UTF8.GetString(row.Leaf).Contains("observations.write\",\"thing\":\"5000-", StringComparison.Ordinal)).Seq;

        // In the table alone: the log has what was signed, and only that counts.
        await keeping.Change($"UPDATE trust_record SET thing = '5000-5619: 619 before {IsoTime.Write(Now.AddDays(1))}' WHERE seq = {seq}");
        await keeping.Change("DELETE FROM trust_record WHERE seq = 5615");
        var findings = await Findings(Of(store));
        Assert.Contains(("row-changed", $"the columns of row {seq} do not say what its leaf says"), findings);
        Assert.Contains(("row-deleted", "the table has no row for entry 5615"), findings);
    }

    [Theory, BothEngines]
    public async Task A_destruction_that_the_law_forbids_is_named_though_the_city_signed_it(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Filled(store);
        var today = IsoTime.Write(Now);
        await keeping.Recorder.Record(new RecordEntry("record.destroy") { Who = RecordEntry.Local, Kind = "role.give", Thing = $"5611-5611: 1 before {today}" });
        await keeping.Recorder.Record(new RecordEntry("record.destroy") { Who = RecordEntry.Local, Kind = "record.destroy", Thing = $"0-9999: 1 before {today}" });
        await keeping.Recorder.Record(new RecordEntry("record.destroy") { Who = RecordEntry.Local, Kind = "role.give", Thing = "all of them" });
        await keeping.Recorder.Record(new RecordEntry("record.destroy") { Who = RecordEntry.Local, At = Now.AddYears(20), Kind = "role.give", Thing = $"5611-5611: 1 before {IsoTime.Write(Now.AddYears(10))}" });
        await keeping.Sign();
        await keeping.Change("DELETE FROM trust_record WHERE seq = 5611");

        var findings = await Findings(Of(store));
        Assert.Equal(4, findings.Count(finding => finding.Code == "destruction-wrong"));
        Assert.Contains(findings, finding => finding.Text.EndsWith("they must be kept for 1095 days", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Text.EndsWith("they are never", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Text == "entry 5922 says that something was destroyed, and not what");
        Assert.Contains(findings, finding => finding.Text.EndsWith("which is not yet", StringComparison.Ordinal));
        Assert.Contains(("row-deleted", "the table has no row for entry 5611"), findings);
    }

    [Fact]
    public async Task A_forged_word_of_removed_bundles_does_not_hide_entries_that_nobody_destroyed()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Filled(store);
        await keeping.Recorder.Record(new RecordEntry("record.destroy") { Who = RecordEntry.Local, Kind = "tile/entries", Thing = "21-21: 1" });
        await keeping.Sign();
        File.Delete(Path.Combine(store.RecordFolder, TilePath.Entries(21)));
        await keeping.Change("DELETE FROM trust_record WHERE seq BETWEEN 5376 AND 5631");

        var findings = await Findings(Of(store));
        Assert.Contains(("entries-absent", "bundles of 256 entries are said to be removed because all were destroyed, and 0 were"), findings);
        Assert.Contains(("row-deleted", "the table has no row for 256 entries, and 0 were destroyed"), findings);
    }

    [Theory, BothEngines]
    public async Task A_destruction_that_is_not_signed_yet_is_no_fault(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);
        await keeping.Recorder.Record([.. Enumerable.Range(0, 100).Select(_ => Old("observations.write", 100)), new RecordEntry("thing.create")]);
        await keeping.Sign();
        Assert.Equal(100, await keeping.Destroyer.Run(Cancel));
        Assert.Equal(101, keeping.Checkpoint.Size);
        Assert.Empty((await Audit(store)).Findings);
    }

    [Theory, BothEngines]
    public async Task Nothing_that_is_not_signed_is_destroyed_and_no_place_is_given_twice(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);
        await keeping.Recorder.Record([.. Enumerable.Range(0, 50).Select(_ => Old("observations.write", 100))]);
        Assert.Equal(0, await keeping.Destroyer.Run(Cancel));
        await keeping.Sign();
        Assert.Equal(50, await keeping.Destroyer.Run(Cancel));
        await keeping.Recorder.Record(new RecordEntry("thing.create"));
        await keeping.Sign();
        Assert.Equal([50L, 51L], (await keeping.Rows()).Select(row => row.Seq));
    }

    [Fact]
    public async Task Lost_tiles_cannot_be_made_again_once_something_was_destroyed_and_that_is_said()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Filled(store))
        {
            await keeping.Destroyer.Run(Cancel);
            await keeping.Sign();
        }

        Directory.Delete(store.RecordFolder, recursive: true);
        await using var again = await Keeping.Start(store);
        Assert.Contains("back from a backup", (await Assert.ThrowsAsync<RecordBrokenException>(again.Sign)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_come_back_are_held_against_their_tiles()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Filled(store);
        await keeping.Change("CREATE TABLE kept AS SELECT * FROM trust_record WHERE seq < 2");
        await keeping.Destroyer.Run(Cancel);
        await keeping.Sign();
        await keeping.Change("INSERT INTO trust_record SELECT * FROM kept");
        Assert.Empty(await Findings(Of(store)));

        await keeping.Change("UPDATE trust_record SET leaf = (SELECT leaf FROM trust_record WHERE seq = 5601) WHERE seq = 1");
        Assert.Contains(("row-changed", "row 1 was changed: it is not the entry that was signed"), await Findings(Of(store)));
    }

    [Theory]
    [InlineData("Trust:KeepPersonalDays", "364", "365 days")]
    [InlineData("Trust:KeepOtherDays", "90", "365 days")]
    [InlineData("Trust:KeepGrantDays", "1094", "1095 days")]
    [InlineData("Trust:KeepIngestDays", "0", "between 1")]
    public async Task Less_than_the_law_asks_for_is_refused_by_name(string setting, string days, string says)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => TestCity.Start(store, settings => settings[setting] = days));
        Assert.Contains($"'{setting["Trust:".Length..]}'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("login.password", "personal")]
    [InlineData("account.totp.offer", "personal")]
    [InlineData("person.read", "personal")]
    [InlineData("person.lock", "grants")]
    [InlineData("role.give", "grants")]
    [InlineData("observations.write", "ingest")]
    [InlineData("observations.create", "ingest")]
    [InlineData("observations.delete", "other")]
    [InlineData("record.read", "personal")]
    [InlineData("record.destroy", "destruction")]
    [InlineData("anything", "other")]
    public void Every_action_has_its_rule(string action, string word) => Assert.Equal(word, RetentionRule.Of(action).Word);

    /// <summary>5,601 Observations of long ago, 19 entries that stay but for one login (old and young ones of several actions), and 300 of today.</summary>
    private static async Task<Keeping> Filled(TestStore store)
    {
        var keeping = await Keeping.Start(store);
        await keeping.Recorder.Record([.. Enumerable.Range(0, 5_601).Select(_ => Old("observations.write", 100))]);
        await keeping.Recorder.Record(
        [
            .. Enumerable.Range(0, 9).Select(_ => Old("thing.create", 500)), Old("login", 800), Old("role.give", 900), Old("login", 500), Old("record.read", 30),
            .. Enumerable.Range(0, 6).Select(_ => Old("observations.write", 80)),
            .. Enumerable.Range(0, 300).Select(_ => new RecordEntry("thing.create")),
        ]);
        await keeping.Sign();
        Assert.Equal(5_920, keeping.Checkpoint.Size);
        return keeping;
    }

    private static RecordEntry Old(string action, int days) => new(action) { Who = "key:1", At = Now.AddDays(-days) };

    private static AuditRequest Of(TestStore store) => new() { Tiles = store.RecordFolder, Data = store.Postgres is null ? store.Folder : null, Postgres = store.Postgres };

    private static Task<AuditReport> Audit(TestStore store, params string[] since) => RecordAudit.Verify(Of(store) with { Since = since }, null, Cancel);

    private static async Task<List<(string Code, string Text)>> Findings(AuditRequest request) => [.. (await RecordAudit.Verify(request, null, Cancel)).Findings.Select(finding => (finding.Code, finding.Text))];
}
