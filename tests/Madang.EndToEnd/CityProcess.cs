using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Madang.EndToEnd;

/// <summary>The real server as a process of its own, on a free port of this machine and with a fresh folder.</summary>
public sealed class CityProcess : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("madang-browser-").FullName;
    private readonly string[] command;
    private readonly System.Text.StringBuilder said = new();
    private Process process;

    private CityProcess(string[] command)
    {
        this.command = command;
        process = Run("http://127.0.0.1:0");
    }

    private Process Run(string urls)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in (string[])[ServerFile(), .. command, "--open", "--data", folder, "--urls", urls])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    /// <summary>The same by name: a passkey belongs to a name, and never to a number.</summary>
    public Uri Named => new(Address.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    /// <summary>The password of a demo person, as the demo tells it at its start.</summary>
    public string PasswordOf(string person)
    {
        lock (said)
        {
            return System.Text.RegularExpressions.Regex.Match(said.ToString(), $@"^\s+{person}\s+(\S+)", System.Text.RegularExpressions.RegexOptions.Multiline).Groups[1].Value;
        }
    }

    /// <summary>The simulated city, as soon as it has figures.</summary>
    public static async Task<CityProcess> StartDemo(CancellationToken cancel)
    {
        var city = await Start(cancel, "demo");
        await city.Settle(cancel);
        return city;
    }

    /// <summary>A city of its own: <c>serve</c>, or what else the command line says.</summary>
    public static async Task<CityProcess> Start(CancellationToken cancel, params string[] command)
    {
        var city = new CityProcess(command.Length == 0 ? ["serve"] : command);
        try
        {
            city.Client = new HttpClient { BaseAddress = await city.FindAddress(cancel) };
            return city;
        }
        catch
        {
            await city.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process as a crash would.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(cancel);
    }

    /// <summary>Starts it again at the same address, on the same data.</summary>
    public async Task Restart(CancellationToken cancel)
    {
        process.Dispose();
        process = Run(Address.ToString());
        await FindAddress(cancel);
    }

    /// <summary>A Thing in the middle of 종로구 with one Datastream; answers the Datastream's id.</summary>
    public async Task<long> AddSensor(string measure, string unit, bool simulated, CancellationToken cancel)
    {
        var response = await Client.PostAsJsonAsync("/sta/v1.1/Things", (object)new
        {
            name = "시험 센서 " + measure, description = "", properties = new { simulated, source = "browser test" },
            Locations = new[] { new { name = "종로구", description = "", encodingType = "application/geo+json", location = new { type = "Point", coordinates = new[] { 126.977, 37.593 } } } },
            Datastreams = new[]
            {
                new
                {
                    name = measure, description = "", observationType = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
                    unitOfMeasurement = new { name = unit, symbol = unit, definition = "" },
                    Sensor = new { name = "시험", description = "", encodingType = "text/plain", metadata = "" },
                    ObservedProperty = new { name = measure, definition = "", description = "", properties = new { measure } },
                },
            },
        }, JsonSerializerOptions.Default, cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancel));
        var thing = await Client.GetFromJsonAsync<JsonElement>(response.Headers.Location!.PathAndQuery + "?$expand=Datastreams", cancel);
        return thing.GetProperty("Datastreams")[0].GetProperty("@iot.id").GetInt64();
    }

    /// <param name="datastream">The Datastream's id.</param>
    /// <param name="result">What it measured.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <param name="later">When, counted from now; negative for the past.</param>
    public async Task Observe(long datastream, double result, CancellationToken cancel, TimeSpan later = default)
    {
        var time = (TimeProvider.System.GetUtcNow() + later).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var response = await Client.PostAsJsonAsync($"/sta/v1.1/Datastreams({datastream})/Observations", new { phenomenonTime = time, result }, cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Waits until what was stored has become a figure.</summary>
    public async Task Settle(CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await Client.GetFromJsonAsync<JsonElement>("/api/city/now", cancel)).GetProperty("figures").GetArrayLength() == 0)
        {
            await tick.WaitForNextTickAsync(cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        Client?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The server tells its address when it listens, in a sentence or as JSON.</summary>
    private async Task<Uri> FindAddress(CancellationToken cancel)
    {
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                said.AppendLine(line.Data);
            }

            if (System.Text.RegularExpressions.Regex.Match(line.Data ?? "", @"http://(?:localhost|127\.0\.0\.1):[1-9]\d*") is { Success: true } match)
            {
                found.TrySetResult(new Uri(match.Value.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)));
            }
        }

        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync(cancel);
        return await Task.WhenAny(found.Task, ended).WaitAsync(TimeSpan.FromSeconds(30), cancel) == ended
            ? throw new InvalidOperationException($"The server ended before it listened:\n{said}")
            : await found.Task;
    }

    /// <summary>The server built beside this test: artifacts/bin/Server in the same configuration.</summary>
    private static string ServerFile()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, "Server", here.Name, "Madang.Server.dll");
    }
}
