using System.Text;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Retention;
using Madang.Trust.Record.Tree;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Record;

/// <summary>A store with a recorder and a log, without a server; the log moves when the test says so.</summary>
internal sealed class Keeping : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private bool isStopped;

    private Keeping(ServiceProvider services) => this.services = services;

    public IDatabase Database => services.GetRequiredService<IDatabase>();

    public Recorder Recorder => services.GetRequiredService<Recorder>();

    public RecordLog Log => services.GetRequiredService<RecordLog>();

    public RecordPlace Place => services.GetRequiredService<RecordPlace>();

    public RecordedSubjects Subjects => services.GetRequiredService<RecordedSubjects>();

    public RecordHealth Health => services.GetRequiredService<RecordHealth>();

    public Destroyer Destroyer => services.GetRequiredService<Destroyer>();

    public TileReader Tiles => Log.Folder.Reader;

    public Checkpoint Checkpoint => Madang.Trust.Record.Keys.Checkpoint.TryParse(Log.FindCheckpoint()!.Text)!;

    public static async Task<Keeping> Start(TestStore store)
    {
        var services = Bare.Services(store, services => services.AddTrust());
        await Bare.Prepare(services);
        var keeping = new Keeping(services);
        await keeping.Recorder.StartAsync(CancellationToken.None);
        return keeping;
    }

    /// <summary>Entries 0, 1, 2 … of a person, one commit or a few.</summary>
    public Task Write(int count, int from = 0) =>
        Task.WhenAll(Enumerable.Range(from, count).Select(number => Recorder.Record(Entry(number))));

    public static RecordEntry Entry(int number) => new("thing.create") { Who = $"person:{number % 7}", Role = "operator", Kind = "thing", Thing = $"{number}", From = "203.0.113.7", Trace = $"trace {number}" };

    /// <summary>Places for all that waits, tiles and a checkpoint.</summary>
    public async Task Sign()
    {
        await Recorder.Settle(CancellationToken.None);
        await Log.Advance(CancellationToken.None);
    }

    public async Task<List<(long Seq, byte[] Leaf)>> Rows()
    {
        await using var read = await Database.Read(CancellationToken.None);
        return (await read.Connection.QueryAsync<(long, byte[])>("SELECT seq, leaf FROM trust_record ORDER BY seq", transaction: read.Transaction)).AsList();
    }

    public async Task<List<string>> Leaves() => [.. (await Rows()).Select(row => Encoding.UTF8.GetString(row.Leaf))];

    public Task Change(string sql) => Database.Write(scope => scope.Connection.ExecuteAsync(sql, transaction: scope.Transaction), CancellationToken.None);

    /// <summary>The root that the table's rows have, by the definition of RFC 6962 and nothing of the log's own.</summary>
    public async Task<byte[]> RootOfTable()
    {
        var hashes = (await Rows()).Select(row => MerkleTree.LeafHash(row.Leaf)).ToArray();
        return hashes.Length == 0 ? MerkleTree.EmptyRoot : Of(hashes);

        static byte[] Of(ReadOnlySpan<byte[]> leaves)
        {
            if (leaves.Length == 1)
            {
                return leaves[0];
            }

            var half = 1;
            while (half * 2 < leaves.Length)
            {
                half *= 2;
            }

            return MerkleTree.NodeHash(Of(leaves[..half]), Of(leaves[half..]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!isStopped)
        {
            isStopped = true;
            await Recorder.StopAsync(CancellationToken.None);
            await services.DisposeAsync();
        }
    }
}
