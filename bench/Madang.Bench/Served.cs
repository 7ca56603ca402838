using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Madang.Bench;

/// <summary>A server process under measurement, on a free port of this machine.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly Process process;
    private readonly string home;

    private Served(Process process, string home, Uri url, TimeSpan start) => (this.process, this.home, Url, UntilFirstAnswer) = (process, home, url, start);

    public Uri Url { get; }

    /// <summary>From the start of the process to its first good answer.</summary>
    public TimeSpan UntilFirstAnswer { get; }

    /// <summary>The process's resident memory now, in MiB.</summary>
    public double ResidentMegabytes => Status("VmRSS:");

    /// <summary>The most resident memory it ever had, in MiB.</summary>
    public double PeakMegabytes => Status("VmHWM:");

    /// <summary>The processor time it has taken so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The demo, once it has told its first readings.</summary>
    public static Task<Served> Demo(params string[] storage) =>
        Start(url => ["Madang.Server.dll", "demo", "--urls", url, .. storage], "api/city/now/city/pm25?data=simulated", ("Logging__LogLevel__Default", "Warning"));

    public static Task<Served> City(params string[] storage) =>
        Start(url => ["Madang.Server.dll", "serve", "--open", "--urls", url, .. storage], "sta/v1.1/Datastreams?$top=1", ("Logging__LogLevel__Default", "Warning"), ("Trust__AddressRequestsPerSecond", "0"));

    /// <summary>A closed city whose key lies in a file, with a second door at <paramref name="unguarded"/> where nobody is asked.</summary>
    public static Task<Served> TwoDoors(Uri unguarded, string keyFile, params string[] storage) =>
        Start(url => ["Madang.Bench.dll", "city", url, unguarded.ToString(), keyFile, .. storage], "sta/v1.1/Datastreams?$top=1");

    public static Task<Served> EmptyEndpoint() => Start(url => ["Madang.Bench.dll", "empty-endpoint", url], "health");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<Served> Start(Func<string, string[]> arguments, string firstQuestion, params (string Name, string Value)[] environment)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var words = arguments(url);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, words[0]), .. words[1..]]) { RedirectStandardOutput = true };
        // With PostgreSQL the log of the record would lie in the folder where the bench is started, from one database to the next.
        var home = Path.Combine(Path.GetTempPath(), $"madang-bench-{Guid.NewGuid():N}");
        start.Environment["Trust__RecordFolder"] = Path.Combine(home, "audit");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        while (clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                using var answer = await client.GetAsync(firstQuestion);
                if (answer.IsSuccessStatusCode)
                {
                    return new Served(process, home, new Uri(url), clock.Elapsed);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"{words[0]} does not answer");
    }

    private double Status(string name) => double.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
