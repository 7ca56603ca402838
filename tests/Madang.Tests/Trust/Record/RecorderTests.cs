using System.Text;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;

namespace Madang.Tests.Trust.Record;

public sealed class RecorderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Entries_of_many_callers_and_changes_at_once_have_places_without_a_hole(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);

        await Task.WhenAll(
            keeping.Write(300),
            Task.WhenAll(Enumerable.Range(0, 40).Select(number => keeping.Database.Write(scope => keeping.Recorder.Record(scope, new RecordEntry("in.change") { Thing = $"{number}" }), Cancel))));
        await keeping.Sign();

        var rows = await keeping.Rows();
        Assert.Equal(Enumerable.Range(0, 340).Select(number => (long)number), rows.Select(row => row.Seq));
        var leaves = await keeping.Leaves();
        Assert.Equal(340, leaves.Distinct().Count());
        Assert.Equal(40, leaves.Count(leaf => leaf.Contains("in.change", StringComparison.Ordinal)));
        Assert.Equal(340, keeping.Checkpoint.Size);
        Assert.Equal(await keeping.RootOfTable(), keeping.Checkpoint.Root);
    }

    [Theory, BothEngines]
    public async Task A_change_that_is_rolled_back_leaves_no_entry(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);

        await Assert.ThrowsAsync<CityRuleException>(() => keeping.Database.Write(
            async scope =>
            {
                await keeping.Recorder.Record(scope, new RecordEntry("thing.delete") { Who = "person:1" });
                throw new CityRuleException("no", "no");
            },
            Cancel));
        await keeping.Recorder.Record(new RecordEntry("thing.create") { Who = "person:1" });
        await keeping.Sign();

        Assert.Contains("thing.create", Assert.Single(await keeping.Leaves()), StringComparison.Ordinal);
        // The salt that went with the change was made again: the digest can be told.
        var digest = await keeping.Subjects.FindDigest("person:1", Cancel);
        Assert.Contains($"\"who\":\"{digest}\"", (await keeping.Leaves())[0], StringComparison.Ordinal);
        Assert.Equal("person:1", await keeping.Subjects.FindSubject(digest!, Cancel));
    }

    [Theory, BothEngines]
    public async Task Nothing_personal_stands_in_table_or_log_and_a_person_can_be_forgotten(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);
        var entry = new RecordEntry("person.read") { Who = "person:hong", From = "198.51.100.23", Kind = "person", Thing = "person:gildong", IsPersonal = true, Before = Encoding.UTF8.GetBytes("010-1234-5678") };

        await keeping.Recorder.Record(entry);
        await keeping.Recorder.Record(entry);
        await keeping.Database.Write(scope => keeping.Subjects.Forget(scope, "person:hong"), Cancel);
        await keeping.Recorder.Record(entry);
        await keeping.Sign();

        var kept = string.Concat(Directory.GetFiles(store.RecordFolder, "*", SearchOption.AllDirectories).Select(File.ReadAllText)) + string.Concat(await keeping.Leaves());
        Assert.All(new[] { "hong", "gildong", "198.51", "1234" }, personal => Assert.DoesNotContain(personal, kept, StringComparison.Ordinal));
        var leaves = (await keeping.Leaves()).Select(leaf => System.Text.Json.JsonDocument.Parse(leaf).RootElement).ToList();
        string?[] who = [.. leaves.Select(leaf => leaf.GetProperty("who").GetString())], thing = [.. leaves.Select(leaf => leaf.GetProperty("thing").GetString())], from = [.. leaves.Select(leaf => leaf.GetProperty("from").GetString())];
        Assert.True(who[0] == who[1] && who[1] != who[2]);
        Assert.True(thing.Distinct().Count() == 1 && from.Distinct().Count() == 1);
        Assert.Null(await keeping.Subjects.FindSubject(who[0]!, Cancel));
        Assert.Equal("person:hong", await keeping.Subjects.FindSubject(who[2]!, Cancel));
    }

    [Theory, BothEngines]
    public async Task What_a_stranger_sent_is_cut_and_cleaned(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);

        await keeping.Recorder.Record(new RecordEntry("login") { Thing = "a\0b\ud800c\n" + new string('x', 100_000), Result = RecordEntry.Refused, Purpose = "점검" });

        var leaf = Assert.Single(await keeping.Leaves());
        Assert.StartsWith("""{"at":"20""", leaf, StringComparison.Ordinal);
        Assert.Contains(""","action":"login","who":"anonymous","purpose":"점검","thing":"a�b�c�xxx""", leaf, StringComparison.Ordinal);
        Assert.EndsWith("""x…","result":"refused"}""", leaf, StringComparison.Ordinal);
        Assert.True(leaf.Length < 400);
    }

    [Theory, BothEngines]
    public async Task The_log_goes_on_after_a_restart_with_the_same_key(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        string key;
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(300);
            await keeping.Sign();
            key = await File.ReadAllTextAsync(keeping.Place.PublicKey, Cancel);
        }

        await using var again = await Keeping.Start(store);
        await again.Write(300, from: 300);
        await again.Sign();

        Assert.Equal((600, key), (again.Checkpoint.Size, await File.ReadAllTextAsync(again.Place.PublicKey, Cancel)));
        Assert.Equal(await again.RootOfTable(), again.Checkpoint.Root);
        Assert.True(again.Log.FindCheckpoint()!.IsSignedBy(Madang.Trust.Record.Keys.NoteVerifier.Parse(key, "key")));
        // Partial forms go when their tile is full; until then those of every checkpoint are there.
        Assert.Equal(["tile/0/002.p/88", "tile/1/000.p/1", "tile/1/000.p/2", "tile/entries/002.p/88"], Directory.GetFiles(store.RecordFolder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(store.RecordFolder, path)).Where(path => path.Contains(".p/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory, BothEngines]
    public async Task After_a_crash_between_table_and_tiles_the_log_catches_up(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(200);
            await keeping.Sign();
            // Stored, never logged: the process ends here.
            await keeping.Write(900, from: 200);
        }

        await using var again = await Keeping.Start(store);
        await again.Sign();

        Assert.Equal(1100, again.Checkpoint.Size);
        Assert.Equal(await again.RootOfTable(), again.Checkpoint.Root);
    }

    [Theory, BothEngines]
    public async Task After_a_crash_between_tiles_and_checkpoint_the_same_tree_is_signed(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        byte[] root;
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(200);
            await keeping.Sign();
            var checkpoint = await File.ReadAllBytesAsync(Path.Combine(store.RecordFolder, "checkpoint"), Cancel);
            await keeping.Write(900, from: 200);
            await keeping.Sign();
            root = keeping.Checkpoint.Root;
            // As if the process had ended before it put the checkpoint into place, and before the store heard of it.
            await File.WriteAllBytesAsync(Path.Combine(store.RecordFolder, "checkpoint"), checkpoint, Cancel);
            await keeping.Change("UPDATE trust_record_head SET size = 200, root = (SELECT root FROM trust_record_head)");
            await keeping.Change("DELETE FROM trust_record_head");
        }

        await using var again = await Keeping.Start(store);
        await again.Sign();

        Assert.Equal((1100, Convert.ToHexString(root)), (again.Checkpoint.Size, Convert.ToHexString(again.Checkpoint.Root)));
    }

    [Theory, BothEngines]
    public async Task Lost_tiles_are_made_again_from_the_table_and_must_be_what_was_signed(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        byte[] root;
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(700);
            await keeping.Sign();
            root = keeping.Checkpoint.Root;
        }

        Directory.Delete(store.RecordFolder, recursive: true);
        await using (var again = await Keeping.Start(store))
        {
            await again.Sign();
            Assert.Equal(root, again.Checkpoint.Root);
        }

        Directory.Delete(store.RecordFolder, recursive: true);
        await using var forged = await Keeping.Start(store);
        await forged.Change("UPDATE trust_record SET leaf = (SELECT leaf FROM trust_record WHERE seq = 4) WHERE seq = 5");
        var broken = await Assert.ThrowsAsync<RecordBrokenException>(forged.Sign);
        Assert.Contains("the first 700 entries are not the ones that were signed", broken.Message, StringComparison.Ordinal);
        Assert.Null(forged.Log.FindCheckpoint());
    }

    [Theory]
    [InlineData("DELETE FROM trust_record WHERE seq >= 250", "the table has 250 entries and 300 were signed")]
    [InlineData("DELETE FROM trust_record WHERE seq = 310", "entry 310 is missing in the table: the next is 311")]
    public async Task A_log_whose_table_lost_entries_signs_no_more(string damage, string says)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(300);
            await keeping.Sign();
            await keeping.Write(20, from: 300);
            await keeping.Change(damage);
        }

        await using var again = await Keeping.Start(store);
        Assert.Contains(says, (await Assert.ThrowsAsync<RecordBrokenException>(again.Sign)).Message, StringComparison.Ordinal);
        Assert.Equal(300, again.Checkpoint.Size);
    }

    [Fact]
    public async Task A_tile_that_was_changed_is_not_signed_over()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(300);
            await keeping.Sign();
        }

        var path = Path.Combine(store.RecordFolder, "tile/0/001.p/44");
        var tile = await File.ReadAllBytesAsync(path, Cancel);
        tile[100] ^= 1;
        await File.WriteAllBytesAsync(path, tile, Cancel);
        await using var again = await Keeping.Start(store);
        await Assert.ThrowsAsync<RecordBrokenException>(again.Sign);
    }

    [Fact]
    public async Task The_log_follows_by_itself_and_says_when_it_cannot()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Log.StartAsync(Cancel);
            await keeping.Write(10);
            await Until(() => keeping.Health.FindCheckpoint()?.Contains("\n10\n", StringComparison.Ordinal) == true);
            Assert.Null(keeping.Health.Problem);
            await keeping.Log.StopAsync(Cancel);
        }

        await using var broken = await Keeping.Start(store);
        await broken.Change("DELETE FROM trust_record WHERE seq = 9");
        await broken.Log.StartAsync(Cancel);
        await Until(() => broken.Health.Problem is not null);
        Assert.StartsWith("the table has 9 entries and 10 were signed", broken.Health.Problem, StringComparison.Ordinal);
        await broken.Log.StopAsync(Cancel);

        static async Task Until(Func<bool> happened)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            while (!happened())
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    [Fact]
    public async Task Inclusion_and_consistency_are_proved_from_the_tiles()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Keeping.Start(store);
        await keeping.Write(70_000);
        await keeping.Sign();
        var old = keeping.Checkpoint;
        await keeping.Write(1_000, from: 70_000);
        await keeping.Sign();
        var now = keeping.Checkpoint;
        var hashes = keeping.Tiles.Hashes(now.Size);
        var rows = await keeping.Rows();

        Assert.Equal((70_000, 71_000), (old.Size, now.Size));
        foreach (var index in new[] { 0, 255, 256, 65_535, 65_536, 70_000, 70_999 })
        {
            Assert.True(Proof.VerifyInclusion(index, now.Size, MerkleTree.LeafHash(rows[index].Leaf), MerkleTree.Inclusion(index, now.Size, hashes), now.Root));
        }

        Assert.True(Proof.VerifyConsistency(old.Size, now.Size, MerkleTree.Consistency(old.Size, now.Size, hashes), old.Root, now.Root));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(level => level).Where(level => Directory.Exists(Path.Combine(store.RecordFolder, $"tile/{level}"))));
    }

    [Fact]
    public async Task Secrets_lie_beside_the_log_for_their_owner_alone()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Keeping.Start(store);
        await keeping.Write(1);
        await keeping.Sign();

        var secret = (await File.ReadAllTextAsync(keeping.Place.SigningKey, Cancel)).Trim().Split('+', 5)[^1];
        Assert.DoesNotContain(secret, string.Concat(Directory.GetFiles(store.RecordFolder, "*", SearchOption.AllDirectories).Select(File.ReadAllText)), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keeping.Place.SigningKey));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keeping.Place.DigestKey));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(keeping.Place.Secrets));
        }
    }

    [Fact]
    public async Task Nothing_is_made_before_the_first_entry()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Keeping.Start(store);
        await keeping.Sign();
        Assert.False(Directory.Exists(store.RecordFolder) || Directory.Exists(keeping.Place.Secrets));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_an_ended_recorder_too()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Keeping.Start(store);
        var many = Enumerable.Range(0, 80_000).Select(Keeping.Entry).ToList();

        var first = keeping.Recorder.Record(many);
        Assert.Equal("record-queue-full", (await Assert.ThrowsAsync<UnavailableException>(() => keeping.Recorder.Record(many))).Code);
        await first;
        Assert.Equal(80_000, (await keeping.Rows()).Count);

        await keeping.Recorder.StopAsync(Cancel);
        Assert.Equal("stopping", (await Assert.ThrowsAsync<UnavailableException>(() => keeping.Recorder.Record(many[0]))).Code);
    }
}
