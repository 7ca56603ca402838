using System.Net;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;
using Madang.Trust.Record.Witness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Trust.Record;

public sealed class WitnessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("madang-witness-").FullName;
    private readonly NoteSigner log = new("log.example/1", NoteKeyKind.Note, Ed25519.NewSeed());
    private readonly NoteSigner witness = new("witness.example/1", NoteKeyKind.Cosignature, Ed25519.NewSeed());
    private readonly byte[][] leaves = [.. Enumerable.Range(0, 40).Select(number => MerkleTree.LeafHash([(byte)number]))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_continues_is_signed_again_and_again()
    {
        var book = Book();
        Assert.True(IsCosigned(book.Add(Body(0, 10)), 10));
        Assert.True(IsCosigned(book.Add(Body(10, 33)), 33));
        Assert.True(IsCosigned(book.Add(Body(33, 33)), 33));
        // What it has seen outlives it.
        Assert.True(IsCosigned(Book().Add(Body(33, 40)), 40));
    }

    [Fact]
    public void An_old_size_that_is_not_its_own_is_answered_with_its_own()
    {
        var book = Book();
        book.Add(Body(0, 10));
        var answer = book.Add(Body(0, 20));
        Assert.Equal((409, "10\n", "text/x.tlog.size"), (answer.Status, answer.Body, answer.ContentType));
    }

    [Fact]
    public void A_fork_is_never_signed()
    {
        var book = Book();
        book.Add(Body(0, 10));
        var honest = leaves[3];
        leaves[3] = MerkleTree.LeafHash("forged"u8);
        Assert.Equal(422, book.Add(Body(10, 20)).Status);
        Assert.Equal((409, "10\n"), (book.Add(Body(10, 10)).Status, book.Add(Body(10, 10)).Body));
        leaves[3] = honest;
        Assert.True(IsCosigned(book.Add(Body(10, 20)), 20));
        // Back to what it signed before.
        Assert.Equal((409, "20\n"), (book.Add(Body(0, 10)).Status, book.Add(Body(0, 10)).Body));
    }

    [Fact]
    public void Each_wrong_request_has_its_own_answer()
    {
        var book = Book();
        book.Add(Body(0, 10));
        Assert.Equal(400, book.Add("").Status);
        Assert.Equal(400, book.Add(Body(10, 20).Replace("old 10", "old 010", StringComparison.Ordinal)).Status);
        Assert.Equal(400, book.Add(Body(10, 20).Replace("old 10\n", "old 10\n" + string.Concat(Enumerable.Repeat(Convert.ToBase64String(new byte[32]) + "\n", 64)), StringComparison.Ordinal)).Status);
        Assert.Equal(400, book.Add(WitnessBook.Request.Write(10, [], Checkpoint(5))).Status);
        Assert.Equal(404, book.Add(WitnessBook.Request.Write(0, [], SignedNote.Sign(new Checkpoint("other.example", 0, MerkleTree.EmptyRoot).Text, log))).Status);
        var stranger = new NoteSigner(log.Verifier.Name, NoteKeyKind.Note, Ed25519.NewSeed());
        Assert.Equal(403, book.Add(WitnessBook.Request.Write(0, [], SignedNote.Sign(Checkpoint(20).Text, stranger))).Status);
        Assert.Equal(422, book.Add(WitnessBook.Request.Write(10, [new byte[32]], Checkpoint(20))).Status);
    }

    [Fact]
    public void A_witness_whose_note_is_broken_does_not_begin_again()
    {
        Book().Add(Body(0, 10));
        File.WriteAllText(Directory.GetFiles(folder, "*.checkpoint").Single(), "gone");
        Assert.Throws<CityRuleException>(() => Book().Add(Body(0, 20)));
    }

    [Theory, BothEngines]
    public async Task The_city_asks_a_witness_and_keeps_its_signature_with_the_checkpoint(Engine engine)
    {
        await using var store = await TestStore.Create(engine);
        await using var keeping = await Keeping.Start(store);
        await keeping.Write(100);
        await keeping.Sign();
        var key = File.ReadAllText(keeping.Place.PublicKey).Trim();
        using var watching = RecordWitness.Open(folder, "witness.example/1", [key], null, TimeProvider.System);
        await using var server = await Serve(watching);
        using var calls = Calls(keeping, server, watching.Key);

        await calls.AskAll(Cancel);
        Assert.Empty(await Findings(store, key, watching.Key));

        // A city that was started again knows nothing of the witness, and learns it from its answer.
        await keeping.Write(300, from: 100);
        await keeping.Sign();
        Assert.Equal("cosignature-absent", Assert.Single(await Findings(store, key, watching.Key)));
        using var again = Calls(keeping, server, watching.Key);
        await again.AskAll(Cancel);
        Assert.Empty(await Findings(store, key, watching.Key));
        Assert.Equal(2, keeping.Log.FindCheckpoint()!.Signatures.Count);
    }

    [Fact]
    public async Task A_city_that_was_rolled_back_hears_it_from_its_witness()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Keeping.Start(store);
        await keeping.Write(100);
        await keeping.Sign();
        var (before, key) = (File.ReadAllText(Path.Combine(store.RecordFolder, "checkpoint")), File.ReadAllText(keeping.Place.PublicKey).Trim());
        await keeping.Write(10, from: 100);
        await keeping.Sign();
        using var watching = RecordWitness.Open(folder, "witness.example/1", [key], null, TimeProvider.System);
        await using var server = await Serve(watching);
        using (var calls = Calls(keeping, server, watching.Key))
        {
            await calls.AskAll(Cancel);
        }

        File.WriteAllText(Path.Combine(store.RecordFolder, "checkpoint"), before);
        using var later = Calls(keeping, server, watching.Key);
        var disputed = await Assert.ThrowsAsync<InvalidDataException>(() => later.AskAll(Cancel));
        Assert.Equal("witness.example/1 has seen another record than this one: 409 110", disputed.Message);
    }

    [Fact]
    public async Task The_witness_runs_as_a_process_of_its_own()
    {
        await using var process = RealServer.Start(null, "witness", "--key", log.Verifier.ToString(), "--data", folder, "--listen", "http://127.0.0.1:0");
        await process.Until("its key for Trust:Witnesses is ");
        var line = process.Output[process.Output.IndexOf("listens on ", StringComparison.Ordinal)..];
        var url = line["listens on ".Length..line.IndexOf(',', StringComparison.Ordinal)];
        using var client = new HttpClient();

        using var answer = await client.PostAsync($"{url}/add-checkpoint", new StringContent(Body(0, 10)), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var signature = SignedNote.TryParseSignature((await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd('\n'))!;
        var key = NoteVerifier.Parse(process.Output.Split("Trust:Witnesses is ")[1].Split('\n')[0], "key");
        Assert.True((Checkpoint(10) with { Signatures = [signature] }).IsSignedBy(key));
        using var large = await client.PostAsync($"{url}/add-checkpoint", new StringContent(new string('x', 100_000)), Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("https://witness.example")]
    [InlineData("ftp://witness.example PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    public async Task A_bad_setting_names_itself(string setting)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        var wrong = await Assert.ThrowsAsync<InvalidInputException>(() => TestCity.Start(store, settings => settings["Trust:Witnesses:0"] = setting));
        Assert.Equal("Trust:Witnesses", wrong.Field);
    }

    private static async Task<string[]> Findings(TestStore store, string key, string witness) =>
        [.. (await RecordAudit.Verify(new AuditRequest { Tiles = store.RecordFolder, Key = key, Witnesses = [witness] }, null, Cancel)).Findings.Select(finding => finding.Code)];

    private static WitnessCalls Calls(Keeping keeping, WebApplication server, string key) =>
        new(keeping.Log, Options.Create(new TrustOptions { Witnesses = [$"{server.Urls.Single()} {key}"] }), TimeProvider.System, NullLogger<WitnessCalls>.Instance);

    private static async Task<WebApplication> Serve(RecordWitness witness)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        witness.Map(server);
        await server.StartAsync(Cancel);
        return server;
    }

    private WitnessBook Book() => new(new TileFolder(folder), witness, new Dictionary<string, NoteVerifier> { [log.Verifier.Name] = log.Verifier }, TimeProvider.System);

    private SubtreeHash Hashes => (level, index) => MerkleTree.Fold([.. leaves.Skip((int)(index << level)).Take(1 << level).SelectMany(leaf => leaf)]);

    private SignedNote Checkpoint(int size) => SignedNote.Sign(new Checkpoint(log.Verifier.Name, size, MerkleTree.Root(size, Hashes)).Text, log);

    private string Body(int old, int size) => WitnessBook.Request.Write(old, MerkleTree.Consistency(old, size, Hashes), Checkpoint(size));

    private bool IsCosigned(WitnessAnswer answer, int size) =>
        answer.Status == 200 && (Checkpoint(size) with { Signatures = [SignedNote.TryParseSignature(answer.Body.TrimEnd('\n'))!] }).IsSignedBy(witness.Verifier);
}
