using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;

namespace Madang.Tests.Trust.Record;

/// <summary>The log as somebody reads it who has nothing but the address and the key.</summary>
public sealed class LogDoorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anybody_reads_checkpoint_and_hashes_and_only_an_auditor_the_entries()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("audrey", "auditor", null);
        using var anybody = city.With(null);
        using var auditor = city.As("audrey");
        var note = await Signed(anybody, 3);

        var key = NoteVerifier.Parse(await anybody.GetStringAsync("/audit/key.pub", Cancel), "key");
        Assert.True(note.IsSignedBy(key));
        var checkpoint = Checkpoint.TryParse(note.Text)!;
        var tiles = new TileReader(path => Fetch(anybody, "/audit/" + path).GetAwaiter().GetResult());
        Assert.Equal(checkpoint.Root, MerkleTree.Root(checkpoint.Size, tiles.Hashes(checkpoint.Size)));

        var bundle = "/audit/" + TilePath.Entries(0, (int)checkpoint.Size);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.GetAsync(bundle, Cancel)).StatusCode);
        using var entries = await auditor.GetAsync(bundle, Cancel);
        Assert.Equal((HttpStatusCode.OK, "application/octet-stream", true), (entries.StatusCode, entries.Content.Headers.ContentType!.ToString(), entries.Headers.CacheControl!.NoStore));
        byte[] first = await entries.Content.ReadAsByteArrayAsync(Cancel);
        ReadOnlySpan<byte> rest = first;
        Assert.True(Bundle.TryTake(ref rest, out var entry));
        Assert.Equal(tiles.FindTile(0, 0, (int)checkpoint.Size)![..32], MerkleTree.LeafHash(entry));
    }

    [Fact]
    public async Task Kinds_and_times_of_keeping_are_those_of_the_format()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(300);
            await keeping.Sign();
        }

        await using var city = await TestCity.Start(store);
        await Signed(city.Client, 300);
        Assert.Equal(("text/plain; charset=utf-8", "public, max-age=2"), await Head(city, "checkpoint"));
        Assert.Equal(("text/plain; charset=utf-8", "public, max-age=86400"), await Head(city, "key.pub"));
        Assert.Equal(("application/octet-stream", "public, max-age=31536000, immutable"), await Head(city, "tile/0/000"));
        Assert.Equal(("application/octet-stream", "public, max-age=86400"), await Head(city, "tile/1/000.p/1"));
    }

    [Theory]
    [InlineData("tile/0/../../checkpoint")]
    [InlineData("tile/0/..%2F..%2F..%2Faudit.secret%2Fsigning.key")]
    [InlineData("tile/0/%2e%2e/%2e%2e/key.pub")]
    [InlineData("tile/..%2Faudit.secret/000")]
    [InlineData("tile/entries/..%2F..%2Fkey.pub")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/044")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/x001/001/x001")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/000%0A")]
    [InlineData("tile/00/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("signing.key")]
    [InlineData("tile/0/001")]
    [InlineData("../audit.secret/signing.key")]
    public async Task Nothing_else_is_reached(string path)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(300);
            await keeping.Sign();
        }

        await using var city = await TestCity.Start(store);
        // Sent as it is written here: a client would tidy the dots away.
        var answer = await city.Server.SendAsync(context => (context.Request.Path, context.Request.Host) = (new Microsoft.AspNetCore.Http.PathString("/audit/" + Uri.UnescapeDataString(path)), new("localhost")), Cancel);
        Assert.Equal(404, answer.Response.StatusCode);
    }

    [Fact]
    public async Task Before_the_first_entry_there_is_no_log()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        using var answer = await city.Client.GetAsync("/audit/tile/0/000", Cancel);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData(true, "broken: ")]
    [InlineData(false, "behind: ")]
    public async Task A_log_that_cannot_be_kept_is_told_to_who_watches_and_the_city_serves_on(bool isBroken, string says)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using (var keeping = await Keeping.Start(store))
        {
            await keeping.Write(10);
            await keeping.Sign();
            await (isBroken ? keeping.Change("DELETE FROM trust_record WHERE seq = 9") : keeping.Write(1));
        }

        if (!isBroken)
        {
            Directory.Move(store.RecordFolder, store.RecordFolder + ".away");
            await File.WriteAllTextAsync(store.RecordFolder, "in the way", Cancel);
        }

        await using var city = await TestCity.Start(store);
        var patience = TimeProvider.System.GetTimestamp();
        var health = "";
        while (!health.Contains("record", StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(20, Cancel);
            health = await city.Client.GetStringAsync("/health/ready", Cancel);
        }

        Assert.StartsWith($$"""{"status":"ready","record":"{{says}}""", health, StringComparison.Ordinal);
        Assert.DoesNotContain(store.Folder, health, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await city.Client.GetAsync("/sta/v1.1/Things", Cancel)).StatusCode);
    }

    private static async Task<(string Kind, string Keep)> Head(TestCity city, string path)
    {
        using var answer = await city.Client.GetAsync("/audit/" + path, Cancel);
        return (answer.Content.Headers.ContentType!.ToString(), answer.Headers.CacheControl!.ToString());
    }

    /// <summary>Waits until so many entries are signed.</summary>
    private static async Task<SignedNote> Signed(HttpClient client, long least)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20))
        {
            if (await Fetch(client, "/audit/checkpoint") is { } bytes && SignedNote.TryParse(System.Text.Encoding.UTF8.GetString(bytes)) is { } note && Checkpoint.TryParse(note.Text) is { } checkpoint && checkpoint.Size >= least)
            {
                return note;
            }

            await Task.Delay(20, Cancel);
        }

        throw new TimeoutException($"{least} entries were not signed");
    }

    private static async Task<byte[]?> Fetch(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(Cancel);
    }
}
