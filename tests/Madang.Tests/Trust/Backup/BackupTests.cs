using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Record;
using Madang.Trust;
using Madang.Trust.Backup;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Madang.Tests.Trust.Backup;

/// <summary>A city is put into a file while it works, and lives on from it elsewhere.</summary>
public sealed class BackupTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_city_that_works_meanwhile_lives_on_elsewhere(Engine engine)
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(engine);
        await using var sta = new Sta(await TestCity.Start(source));
        var datastream = await sta.CreateDatastream();
        Directory.CreateDirectory(Path.Combine(source.Folder, "mail"));
        await File.WriteAllTextAsync(Path.Combine(source.Folder, "mail", "편지.eml"), "Subject: 안녕", Cancel);
        using var work = new CancellationTokenSource();
        var working = Work(sta, datastream, work.Token);
        await Until(() => sta.City.Services.GetRequiredService<RecordHealth>().FindCheckpoint() is not null);

        for (var number = 0; number < 3; number++)
        {
            var made = await scene.Make(source, $"backup {number}");
            Assert.Empty(made.Notes);
            Assert.True(made.Entries > 0);

            await using var target = await TestStore.Create(engine);
            var restored = await scene.Restore(target, $"backup {number}");
            Assert.Empty(restored.Notes);
            Assert.Equal(made.Tables, restored.Tables);
            Assert.Equal(made.Sha256, restored.Sha256);
            Assert.Equal("Subject: 안녕", await File.ReadAllTextAsync(Path.Combine(target.Folder, "mail", "편지.eml"), Cancel));
            if (number == 2)
            {
                await LivesOn(target, made);
            }
        }

        await work.CancelAsync();
        Assert.True(await working > 0);
        Assert.Equal(3, await Count(source, "backup.make"));
    }

    /// <summary>The city starts on what was put back, takes what is new, and its log continues the checkpoint that came with it.</summary>
    private static async Task LivesOn(TestStore store, BackupReport made)
    {
        var kept = Path.Combine(store.Folder, "kept");
        File.Copy(Path.Combine(store.RecordFolder, "checkpoint"), kept);
        await using (var sta = new Sta(await TestCity.Start(store)))
        {
            Assert.Equal(1, (int)(await sta.Get("Things?$count=true"))["@iot.count"]!);
            Assert.True((await sta.Get("Observations?$count=true&$top=1"))["@iot.count"] is { } count && (long)count == made.Tables.Single(table => table.Name == "observations").Rows);
            await sta.CreateDatastream("restored");
            await sta.City.Services.GetRequiredService<Recorder>().Record(new RecordEntry("after.restore"));
            Assert.Null(sta.City.Services.GetRequiredService<RecordHealth>().Problem);
        }

        var audit = await RecordAudit.Verify(
            new AuditRequest { Data = store.Postgres is null ? store.Folder : null, Postgres = store.Postgres, Tiles = store.RecordFolder, Since = [kept] }, null, Cancel);
        Assert.Empty(audit.Findings);
        Assert.True(audit.Size > made.Entries);
        Assert.Equal((1, 1), (await Count(store, "backup.restore"), await Count(store, "after.restore")));
    }

    [Theory, BothEngines]
    public async Task What_of_the_record_was_destroyed_stays_so_elsewhere_and_is_no_fault(Engine engine)
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(engine);
        await using (var keeping = await Keeping.Start(source))
        {
            await keeping.Recorder.Record([.. Enumerable.Range(0, 300).Select(_ => new RecordEntry("observations.write") { At = TimeProvider.System.GetUtcNow().AddDays(-100) }), new RecordEntry("thing.create")]);
            await keeping.Sign();
            Assert.Equal(300, await keeping.Destroyer.Run(Cancel));
            await keeping.Sign();
        }

        await scene.Make(source);
        await using var target = await TestStore.Create(engine);
        Assert.Empty((await scene.Restore(target)).Notes);
        var audit = await RecordAudit.Verify(new AuditRequest { Data = target.Postgres is null ? target.Folder : null, Postgres = target.Postgres, Tiles = target.RecordFolder }, null, Cancel);
        Assert.Empty(audit.Findings);
        Assert.True(audit.Size > 301);
        Assert.Equal(0, await Count(target, "observations.write"));
    }

    [Theory, BothEngines]
    public async Task A_stopped_city_without_a_record_is_backed_up_too(Engine engine)
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(engine);
        await (await TestCity.Start(source)).DisposeAsync();
        await using var target = await TestStore.Create(engine);

        await scene.Make(source);
        Assert.Equal((await scene.Restore(target)).Tables.Count, (await scene.Make(source, "again")).Tables.Count);
    }

    [Theory, BothEngines]
    public async Task What_cannot_be_put_back_leaves_nothing(Engine engine)
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(engine);
        await using (var sta = new Sta(await TestCity.Start(source)))
        {
            await sta.CreateDatastream();
        }

        await scene.Make(source);
        var whole = await File.ReadAllBytesAsync(scene.PathOf("backup"), Cancel);
        await File.WriteAllBytesAsync(scene.PathOf("cut"), whole[..^20], Cancel);
        whole[whole.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(scene.PathOf("changed"), whole, Cancel);
        await Forge(scene, source, "digests", manifest => manifest with { Tables = [.. manifest.Tables.Select(table => table.Name == "things" ? table with { Rows = 2 } : table)] });
        await Forge(scene, source, "newer", manifest => manifest with { Scripts = [.. manifest.Scripts, "trust/9999_flying_cars"] });
        await Forge(scene, source, "stray", manifest => manifest, "record/../../stray");
        await Forge(scene, source, "elsewhere", manifest => manifest, "elsewhere/x");
        using var other = new BackupScene();
        await using var target = await TestStore.Create(engine);

        foreach (var (name, key, says) in new[]
        {
            ("absent", scene.Key, "--from: cannot be read"), ("backup", other.Key, "made with another key"), ("cut", scene.Key, "cut off in it"), ("changed", scene.Key, "was changed in chunk"),
            ("digests", scene.Key, "the digest differs of things"), ("newer", scene.Key, "with the script trust/9999_flying_cars"),
            ("stray", scene.Key, "'record/../../stray' that belongs nowhere"), ("elsewhere", scene.Key, "'elsewhere/x' that belongs nowhere"),
        })
        {
            Assert.Contains(says, (await Assert.ThrowsAsync<InvalidInputException>(() => scene.Restore(target, name, key))).Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(target.Folder));
            Assert.False(Directory.Exists(target.Folder + ".new"));
            Assert.Empty(await Tables(target));
        }

        Assert.Empty((await scene.Restore(target)).Notes);
        var full = await Assert.ThrowsAsync<InvalidInputException>(() => scene.Restore(target));
        Assert.Contains("is not empty", full.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Count(target, "backup.restore"));
    }

    [Fact]
    public async Task A_backup_fits_its_engine_only()
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(Engine.Sqlite);
        await using var target = await TestStore.Create(Engine.Postgres);
        await (await TestCity.Start(source)).DisposeAsync();
        await scene.Make(source);
        Assert.Contains("restore it with --data", (await Assert.ThrowsAsync<InvalidInputException>(() => scene.Restore(target))).Message, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_log_that_does_not_belong_to_the_store_is_said(Engine engine)
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(engine);
        await using (var city = await TestCity.Start(source))
        {
            await city.Services.GetRequiredService<Recorder>().Record(new RecordEntry("a.thing"));
        }

        File.Delete(Path.Combine(source.RecordFolder, "checkpoint"));
        Assert.Contains("does not agree with the store", Assert.Single((await scene.Make(source)).Notes), StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task A_backup_is_not_made_where_it_would_be_lost_or_over_another(Engine engine)
    {
        using var scene = new BackupScene();
        await using var source = await TestStore.Create(engine);
        await (await TestCity.Start(source)).DisposeAsync();
        await scene.Make(source);
        var before = await File.ReadAllBytesAsync(scene.PathOf("backup"), Cancel);

        foreach (var (path, says) in new[] { (scene.PathOf("backup"), "is there already"), (Path.Combine(source.RecordFolder, "b"), "would be lost with it"), (scene.PathOf("none/b"), "there is no folder") })
        {
            var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => CityBackup.Make(BackupScene.Places(source), path, scene.Key, TimeProvider.System, Cancel));
            Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(scene.PathOf("backup"), Cancel));
        Assert.Equal(1, await Count(source, "backup.make"));
        Assert.False(File.Exists(Path.Combine(source.Folder, "madang.db.copy")));
    }

    [Theory, BothEngines]
    public async Task A_backup_holds_up_no_reading_of_a_new_month(Engine engine)
    {
        await using var source = await TestStore.Create(engine);
        await using var sta = new Sta(await TestCity.Start(source));
        var datastream = await sta.CreateDatastream();
        await using var moment = await LogMoment.Find(BackupScene.Places(source), Cancel);
        await moment.Store.Take(Cancel);

        await sta.Post("Observations", $$"""{ "result": 1, "phenomenonTime": "2031-01-01T00:00:00Z", "Datastream": { "@iot.id": {{datastream}} } }""").WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    [Theory, BothEngines]
    public async Task A_folder_without_a_city_is_said(Engine engine)
    {
        using var scene = new BackupScene();
        await using var empty = await TestStore.Create(engine);
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => scene.Make(empty));
        Assert.Contains(engine == Engine.Sqlite ? "--data: there is no store in" : "holds no store of Madang", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([scene.KeyFile], Directory.GetFiles(Path.GetDirectoryName(scene.KeyFile)!));
    }

    /// <summary>Observations and entries as fast as one client sends them; answers how many rounds there were.</summary>
    private static async Task<int> Work(Sta sta, long datastream, CancellationToken end)
    {
        var recorder = sta.City.Services.GetRequiredService<Recorder>();
        var rounds = 0;
        while (!end.IsCancellationRequested)
        {
            rounds++;
            await sta.Post("Observations", $$"""{ "result": {{rounds}}, "phenomenonTime": "2026-07-19T00:00:00.{{rounds:000000}}Z", "Datastream": { "@iot.id": {{datastream}} } }""");
            await recorder.Record([.. Enumerable.Range(0, 100).Select(number => new RecordEntry("work.go") { Who = $"person:{number}" })]);
        }

        return rounds;
    }

    /// <summary>A backup of the same store with another manifest and, where named, one more entry.</summary>
    private static async Task Forge(BackupScene scene, TestStore source, string name, Func<Manifest, Manifest> change, string? stray = null)
    {
        Manifest manifest;
        using (var content = BackupContent.Open(scene.PathOf("backup"), scene.Key))
        {
            manifest = content.Manifest;
        }

        await using var moment = await LogMoment.Find(BackupScene.Places(source), Cancel);
        var tables = await moment.Store.Take(Cancel);
        await using var file = File.Create(scene.PathOf(name));
        await using var closed = SealedFile.Seal(file, scene.Key);
        using (var tar = new BackupTar(closed, manifest.Made))
        {
            tar.Add(Manifest.Name, change(manifest with { Tables = tables }).Write());
            if (stray is not null)
            {
                tar.Add(stray, [1]);
            }

            await tar.AddParts(Manifest.Store, parts => moment.Store.CopyTo(parts, Cancel));
        }

        closed.Complete();
    }

    private static async Task<long> Count(TestStore store, string action)
    {
        await using var connection = await ReadOnlyStore.Open(store.Folder, store.Postgres, Cancel);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM trust_record WHERE action = @action", new { action });
    }

    private static async Task<IEnumerable<string>> Tables(TestStore store)
    {
        if (store.Postgres is null)
        {
            return [];
        }

        await using var connection = new NpgsqlConnection(store.Postgres);
        return await connection.QueryAsync<string>("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace");
    }

    private static async Task Until(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
