using System.Diagnostics;
using System.Text;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>A client that others wrote, as a process; skipped with its reason where it is not installed.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    private Peer(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    public static Peer Start(string program, params string[] arguments)
    {
        // Line by line: a pipe would keep back what it says until there is a page of it.
        var start = new ProcessStartInfo(Find("stdbuf"), ["-oL", Find(program), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        return new Peer(Process.Start(start)!);
    }

    /// <summary>Runs it to its end; answers what it said.</summary>
    public static async Task<(int Code, string Said)> Run(string program, params string[] arguments)
    {
        await using var peer = Start(program, arguments);
        await peer.process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return (peer.process.ExitCode, peer.Said);
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task Until(string words)
    {
        for (var tries = 0; !Said.Contains(words, StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 600 && !(process.HasExited && tries > 100), $"'{words}' was not said: {Said}");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static string Find(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Skip($"{program} is not installed.");
        }

        return found;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (said)
        {
            // The end of the stream comes as a line that is null.
            _ = line.Data is null ? said : said.AppendLine(line.Data);
        }
    }
}
