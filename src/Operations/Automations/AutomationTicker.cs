using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Automations;

/// <summary>Puts the examples into the book, and turns the clock of automations once a second.</summary>
internal sealed partial class AutomationTicker(AutomationBook book, AutomationTurn turn, IOptions<OperationsOptions> options, ILogger<AutomationTicker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isSeeded = false;
        using var timer = new PeriodicTimer(Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isSeeded)
                {
                    await book.Seed(options.Value.SimulatedFirst ? CityData.Simulated : CityData.Real, stoppingToken);
                    isSeeded = true;
                }

                await timer.WaitForNextTickAsync(stoppingToken);
                await turn.Run(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The city stops.
            }
            catch (Exception exception)
            {
                TurnFailed(log, exception);
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Automations could not be turned; trying again soon.")]
    private static partial void TurnFailed(ILogger log, Exception exception);
}
