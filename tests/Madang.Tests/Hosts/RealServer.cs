using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Madang.Tests.Hosts;

/// <summary>The server as a process of its own, as an operator starts it; ended with the test.</summary>
public sealed partial class RealServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private RealServer(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public int ProcessId => process.Id;

    /// <summary>Where it listens, once <see cref="UntilServing"/> has returned.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Starts it; <paramref name="environment"/> is added to that of the tests.</summary>
    public static RealServer Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Madang.Server.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RealServer(Process.Start(start)!);
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task Until(string words)
    {
        var waiting = Stopwatch.StartNew();
        while (!Output.Contains(words, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, $"the server ended: {Output}");
            Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(30), $"the server does not say '{words}': {Output}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until it says where it listens; give it <c>--urls http://127.0.0.1:0</c>.</summary>
    public async Task UntilServing()
    {
        await Until("Madang serves on ");
        var said = Output[(Output.IndexOf("Madang serves on ", StringComparison.Ordinal) + "Madang serves on ".Length)..];
        Url = new Uri(said[..said.IndexOf(',', StringComparison.Ordinal)]);
    }

    /// <summary>Waits for its end and answers the exit code.</summary>
    public async Task<int> UntilEnd()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Asks it to stop, as Ctrl-C (SIGINT) or an init system (SIGTERM) does.</summary>
    public void Signal(PosixSignal signal) => Assert.Equal(0, SendSignal(process.Id, signal == PosixSignal.SIGINT ? 2 : 15));

    /// <summary>Ends it without a word, as a power cut does.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output)
        {
            // The end of the stream comes as a line that is null.
            _ = line.Data is null ? output : output.AppendLine(line.Data);
        }
    }
}
