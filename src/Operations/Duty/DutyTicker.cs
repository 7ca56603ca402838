using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Duty;

/// <summary>Turns duty once a second.</summary>
internal sealed partial class DutyTicker(DutyTurn turn, ILogger<DutyTicker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
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
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Duty could not be turned; trying again soon.")]
    private static partial void TurnFailed(ILogger log, Exception exception);
}
