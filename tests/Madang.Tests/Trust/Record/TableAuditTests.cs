using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;

namespace Madang.Tests.Trust.Record;

/// <summary>What was done to the table is found by the log, on both engines, while the store may be open.</summary>
public sealed class TableAuditTests
{
    public static TheoryData<Engine, string, string, string> Damages
    {
        get
        {
            var damages = new TheoryData<Engine, string, string, string>();
            foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
            {
                damages.Add(engine, "UPDATE trust_record SET leaf = (SELECT leaf FROM trust_record WHERE seq = 9) WHERE seq = 300", "row-changed", "row 300 was changed");
                damages.Add(engine, "UPDATE trust_record SET who = 'local' WHERE seq = 7", "row-changed", "the columns of row 7 do not say what its leaf says");
                damages.Add(engine, "UPDATE trust_subjects SET subject = 'person:other' WHERE subject = (SELECT min(subject) FROM trust_subjects WHERE subject LIKE 'person:%')", "subject-changed", "is not that of person:other");
                damages.Add(engine, "DELETE FROM trust_record WHERE seq = 12", "row-deleted", "the table has no row for entry 12");
                damages.Add(engine, "DELETE FROM trust_record WHERE seq BETWEEN 5 AND 6", "row-deleted", "the table has no row for entries 5 to 6");
                damages.Add(engine, "DELETE FROM trust_record WHERE seq >= 590", "table-truncated", "the table ends at 590 entries; 600 were signed");
                damages.Add(engine, "UPDATE trust_record_head SET size = 601", "log-rolled-back", "the checkpoint speaks for 600 entries; the store knows of 601 that were signed");
                damages.Add(engine, "UPDATE trust_record_head SET size = 599", "log-forked", "two trees were signed: the first 599 entries that the store knows of");
            }

            return damages;
        }
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task What_was_done_to_the_table_is_named(Engine engine, string damage, string code, string says)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Signed(store);
        Assert.Empty((await Audit(store)).Findings);

        await keeping.Change(damage);
        var findings = (await Audit(store)).Findings;
        Assert.Contains(findings, finding => finding.Code == code && finding.Text.Contains(says, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.Equal(code, finding.Code));
    }

    [Theory, BothEngines]
    public async Task Rows_that_changed_places_are_named(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Signed(store);
        await keeping.Change("UPDATE trust_record SET seq = 1000000 WHERE seq = 3");
        await keeping.Change("UPDATE trust_record SET seq = 3 WHERE seq = 500");
        await keeping.Change("UPDATE trust_record SET seq = 500 WHERE seq = 1000000");

        Assert.Equal(["row 3 has what belongs at 500", "row 500 has what belongs at 3"], (await Audit(store)).Findings.Select(finding => finding.Text));
    }

    [Theory, BothEngines]
    public async Task When_the_log_was_made_anew_the_table_tells_which_entry_is_wrong(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Signed(store);
        var leaves = await keeping.Rows();
        var checkpoint = await File.ReadAllBytesAsync(Path.Combine(store.RecordFolder, "checkpoint"), TestContext.Current.CancellationToken);
        using var copy = new AuditTests.LogCopy(store.RecordFolder, keep: true);
        copy.SignAnew(new Madang.Trust.Record.Keys.NoteSigner("x", Madang.Trust.Record.Keys.NoteKeyKind.Note, new byte[32]), number => number == 77 ? [1] : leaves[number].Leaf, 600);
        await File.WriteAllBytesAsync(Path.Combine(store.RecordFolder, "checkpoint"), checkpoint, TestContext.Current.CancellationToken);

        Assert.Equal([("tree-differs", true), ("entry-changed", true)], (await Audit(store)).Findings.Select(finding => (finding.Code, finding.Code == "tree-differs" || finding.Text == "entry 77 was changed: the table has what was signed")));
    }

    [Theory, BothEngines]
    public async Task Entries_that_are_not_logged_yet_are_no_fault(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Signed(store);
        await keeping.Write(5, from: 600);
        var report = await Audit(store);
        Assert.Empty(report.Findings);
        Assert.Contains("5 entries of the table are not in the log yet.", report.Notes);
    }

    [Fact]
    public async Task A_log_that_is_gone_is_named_by_the_store()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Signed(store);
        File.Delete(Path.Combine(store.RecordFolder, "checkpoint"));
        Assert.Equal(["checkpoint-absent", "log-truncated"], (await Audit(store)).Findings.Select(finding => finding.Code));
    }

    private static async Task<Keeping> Signed(TestStore store)
    {
        var keeping = await Keeping.Start(store);
        await keeping.Write(600);
        await keeping.Sign();
        return keeping;
    }

    private static Task<AuditReport> Audit(TestStore store) => RecordAudit.Verify(
        new AuditRequest { Tiles = store.RecordFolder, Data = store.Postgres is null ? store.Folder : null, Postgres = store.Postgres }, null, TestContext.Current.CancellationToken);
}
