using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Madang.Storage;
using Madang.Storage.Scripts;
using Madang.Trust;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Bench;

/// <summary>How many entries a second the recorder keeps, each acknowledged when it is durable, and how long it takes to verify many.</summary>
internal static class RecordBench
{
    private const int Rounds = 3;

    public static async Task<int> Run(Arguments arguments)
    {
        Machine.Describe("./madang bench record");
        var rows = arguments.Number("--rows", 400_000);
        Machine.Row("entries through the recorder", "engine", "entries /s", "bare inserts of the same rows /s", "ratio (median of 3)", "all signed, entries /s", "asked");
        Machine.Row("---", "---", "---:", "---:", "---:", "---:", "---:");
        foreach (var engine in arguments.Engines)
        {
            await using var postgres = engine == Engine.Postgres ? await Postgres.Start() : null;
            foreach (var callers in new[] { 64, 1000 })
            {
                await Recorded(engine, postgres, rows, callers);
            }
        }

        Console.WriteLine();
        await Verified(arguments.Number("--entries", 10_000_000));
        return 0;
    }

    private static async Task Recorded(Engine engine, Postgres? postgres, int rows, int callers)
    {
        var rounds = new List<(double Ours, double Bare, double Signed)>();
        for (var round = 0; round <= Rounds; round++)
        {
            var one = await Round(postgres, rows, callers);
            if (round > 0)
            {
                rounds.Add(one);
            }
        }

        var median = rounds.OrderBy(round => round.Ours / round.Bare).ElementAt(rounds.Count / 2);
        Machine.Row($"{callers.ToString("N0", CultureInfo.InvariantCulture)} callers, one entry each at a time", engine, median.Ours, median.Bare, median.Ours / median.Bare, median.Signed, "≥ 20,000");
    }

    private static async Task<(double Ours, double Bare, double Signed)> Round(Postgres? postgres, int rows, int callers)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            var (ours, signed) = await Ours(folder, postgres is null ? null : await postgres.CreateDatabase(), rows, callers);
            var bare = postgres is null ? BareRecord.Sqlite(folder, rows) : await BareRecord.Postgres(await postgres.CreateDatabase(), rows);
            return (ours, bare, signed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The recorder and the log as a city has them, the log signing beside.</summary>
    private static async Task<(double Recorded, double Signed)> Ours(string folder, string? postgres, int rows, int callers)
    {
        var settings = new Dictionary<string, string?> { ["Storage:Data"] = folder, ["Storage:Postgres"] = postgres, ["Trust:RecordFolder"] = Path.Combine(folder, "audit") };
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(TimeProvider.System).AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning)).AddStorage().AddTrust();
        await using var city = services.BuildServiceProvider();
        await city.GetRequiredService<SchemaScripts>().Apply(CancellationToken.None);
        var recorder = city.GetRequiredService<Recorder>();
        var log = city.GetRequiredService<RecordLog>();
        await log.StartAsync(CancellationToken.None);
        await recorder.StartAsync(CancellationToken.None);

        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < rows)
            {
                await recorder.Record(Entry(number));
            }
        })));
        var recorded = rows / clock.Elapsed.TotalSeconds;
        await recorder.StopAsync(CancellationToken.None);
        await log.StopAsync(CancellationToken.None);
        var size = Checkpoint.TryParse(log.FindCheckpoint()!.Text)!.Size;
        return size == rows ? (recorded, rows / clock.Elapsed.TotalSeconds) : throw new InvalidOperationException($"{size} of {rows} entries were signed");
    }

    private static RecordEntry Entry(int number) => new("observations.write")
    {
        Who = $"key:{number % 50}", Role = "sensor", Kind = "datastream", Thing = (number % 5000).ToString(CultureInfo.InvariantCulture), From = $"203.0.113.{number % 250}", Trace = $"4bf92f3577b34da6a3ce929d0e0e{number % 10_000:0000}",
        After = Encoding.UTF8.GetBytes($"an observation {number}"),
    };

    private static async Task Verified(int entries)
    {
        var folder = Directory.CreateTempSubdirectory("madang-bench-").FullName;
        try
        {
            var signer = new NoteSigner("madang.local/bench", NoteKeyKind.Note, Ed25519.NewSeed());
            var tiles = new TileFolder(folder, isDurable: false);
            var writer = new TileWriter(tiles);
            for (var number = 0; number < entries; number++)
            {
                writer.Append(BareRecord.Leaf(number));
            }

            writer.WriteEdge();
            tiles.Replace(TilePath.Checkpoint, Encoding.UTF8.GetBytes(SignedNote.Sign(new Checkpoint(signer.Verifier.Name, writer.Size, writer.Root()).Text, signer).ToString()));
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            var clock = Stopwatch.StartNew();
            Parallel.ForEach(files, file => SHA256.HashData(File.ReadAllBytes(file)));
            var bare = clock.Elapsed;
            clock.Restart();
            var report = await RecordAudit.Verify(new AuditRequest { Tiles = folder, Key = signer.Verifier.ToString() }, null, CancellationToken.None);
            var ours = clock.Elapsed;
            if (report.Findings.Count > 0 || report.Size != entries)
            {
                throw new InvalidOperationException($"found {report.Findings.Count} faults in {report.Size} entries");
            }

            Machine.Row("verifying a log", "entries", "MiB", "s", "SHA-256 of the same files, s", "asked");
            Machine.Row("---", "---:", "---:", "---:", "---:", "---:");
            Machine.Row("`audit verify`, tiles in the page cache", entries.ToString("N0", CultureInfo.InvariantCulture), files.Sum(file => new FileInfo(file).Length) / 1048576.0, ours.TotalSeconds, bare.TotalSeconds, "10 million < 60 s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
