using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Cap;

/// <summary>Turns the publisher once a second.</summary>
internal sealed partial class CapTicker(CapPublisher publisher, ILogger<CapTicker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Rest = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await publisher.Turn(stoppingToken);
                await Task.Delay(Pause, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                TurnFailed(log, exception);
                await Task.Delay(Rest, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What alerts say could not be given out as CAP; trying again soon.")]
    private static partial void TurnFailed(ILogger log, Exception exception);
}
