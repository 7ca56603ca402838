using Madang.DemoCity.City;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.DemoCity.Run;

/// <summary>Runs the simulation beside a server, through that server's own address.</summary>
internal sealed partial class DemoCityService(DemoOptions options, IServer server, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DemoCityService> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1), Behind = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromSeconds(0.4), LongestCatchUp = TimeSpan.FromMinutes(10), Look = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Started(stoppingToken);
            using var http = new HttpClient { BaseAddress = Address() };
            var simulation = new Simulation(new CityDoor(http, clock), options, clock);
            await simulation.SetUp(stoppingToken);
            await new Sites(new CityDoor(http, clock), options.Seed).SetUp(simulation.Town.Districts, stoppingToken);
            Runs(log, simulation.Sensors, options.Speed, options.Seed);
            await Task.WhenAll(Live(simulation, stoppingToken), simulation.FillIn(Pause, stoppingToken), Light(new Lamps(new CityDoor(http, clock), options.Seed), stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, and the simulation with it; the next start goes on from what is stored.
        }
        catch (Exception failure)
        {
            // The city itself goes on without its simulation.
            Stopped(log, failure);
        }
    }

    /// <summary>Sends what is due every second. When the city cannot keep up, its time runs slower; it does not jump.</summary>
    private async Task Live(Simulation simulation, CancellationToken cancel)
    {
        var (anchor, cursor) = (simulation.Begin, simulation.Begin);
        var since = clock.GetUtcNow();
        using var timer = new PeriodicTimer(Tick, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var due = anchor + ((clock.GetUtcNow() - since) * options.Speed);
            if (options.Speed <= 1 && due - cursor > LongestCatchUp)
            {
                // The machine slept. The next start fills in what lies between.
                cursor = due - LongestCatchUp;
            }

            while (cursor < due)
            {
                var before = clock.GetUtcNow();
                var from = cursor;
                cursor = await simulation.Send(cursor, due, cancel);
                var late = options.Speed <= 1 ? TimeSpan.Zero : (anchor + ((clock.GetUtcNow() - since) * options.Speed)) - cursor;
                if (late > Behind * options.Speed)
                {
                    Slower(log, options.Speed, (cursor - from) / (clock.GetUtcNow() - before));
                    (anchor, since, due) = (cursor, clock.GetUtcNow(), cursor);
                }
            }
        }
    }

    /// <summary>Street lights live by our clock at any speed: a Task that is given now is carried out now.</summary>
    private async Task Light(Lamps lamps, CancellationToken cancel)
    {
        await lamps.SetUp(clock.GetUtcNow(), cancel);
        await lamps.Report(lamps.Poles, clock.GetUtcNow(), cancel);
        using var timer = new PeriodicTimer(Look, clock);
        for (var beat = 1L; await timer.WaitForNextTickAsync(cancel); beat++)
        {
            // Those that were told something at once, the others one after another within the cadence.
            var told = await lamps.ReadTasks(cancel);
            var turn = (int)(beat % (Lamps.Cadence / (int)Look.TotalSeconds));
            var due = lamps.Poles.Where((pole, index) => told.Contains(pole) || index % (Lamps.Cadence / (int)Look.TotalSeconds) == turn);
            await lamps.Report([.. due], clock.GetUtcNow(), cancel);
        }
    }

    private async Task Started(CancellationToken cancel)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancel);
    }

    /// <summary>The server's own address; one that means "every network" is reached at this machine.</summary>
    private Uri Address()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses.FirstOrDefault(one => one.StartsWith("http://", StringComparison.Ordinal)) ?? throw new InvalidOperationException("The simulation needs a server with an http address.");
        return new Uri(address.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo city runs: {Sensors} simulated sensors, speed {Speed}, seed {Seed}. All its readings are made up (모의 데이터).")]
    private static partial void Runs(ILogger log, int sensors, double speed, int seed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This machine does not keep up with speed {Speed}: the demo city runs at about {Actual:0.#}.")]
    private static partial void Slower(ILogger log, double speed, double actual);

    [LoggerMessage(Level = LogLevel.Error, Message = "The demo city stops; the server goes on.")]
    private static partial void Stopped(ILogger log, Exception failure);
}
