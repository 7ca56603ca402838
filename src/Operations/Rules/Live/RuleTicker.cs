using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Rules;

/// <summary>Puts the rules that come with Madang into the book, and turns the watch: soon after something came, and twice a second in any case.</summary>
internal sealed partial class RuleTicker(RuleWatch watch, WatchKeeper keeper, RuleBook book, IOptions<OperationsOptions> options, TimeProvider clock, ILogger<RuleTicker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500), Breath = TimeSpan.FromMilliseconds(100), Daily = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Try(() => book.Seed(options.Value.SimulatedFirst, stoppingToken), stoppingToken);
        var (renewed, rest) = (clock.GetTimestamp(), TimeSpan.Zero);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Try(
                async () =>
                {
                    await watch.WaitForWork(Pause, stoppingToken);
                    if (clock.GetElapsedTime(renewed) >= Daily)
                    {
                        // A rule begins or ends with a day.
                        keeper.Renew();
                    }

                    if (keeper.IsWrong || (keeper.IsOld && clock.GetElapsedTime(renewed) >= rest))
                    {
                        var began = clock.GetTimestamp();
                        await keeper.Refresh(stoppingToken);
                        // To look at all sensors of a large city takes long: it takes a twentieth of the time at most.
                        (renewed, rest) = (clock.GetTimestamp(), clock.GetElapsedTime(began) * 20);
                    }

                    await watch.Turn(stoppingToken);
                    await Task.Delay(Breath, stoppingToken);
                },
                stoppingToken);
        }
    }

    private async Task Try(Func<Task> work, CancellationToken stop)
    {
        try
        {
            await work();
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The city stops.
        }
        catch (Exception exception)
        {
            TurnFailed(log, exception);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rules could not be judged; trying again soon.")]
    private static partial void TurnFailed(ILogger log, Exception exception);
}
