using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Cap;

/// <summary>Turns the feeds of other agencies once a second.</summary>
internal sealed partial class FeedTicker(FeedPuller puller, ILogger<FeedTicker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (puller.States.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await puller.Turn(stoppingToken);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Feeds of other agencies could not be looked at; trying again soon.")]
    private static partial void TurnFailed(ILogger log, Exception exception);
}
