using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Live;

/// <summary>Turns something once a second for as long as the city runs. What fails is said in the log, and tried again with the next turn.</summary>
/// <param name="log">Hears what failed.</param>
internal abstract partial class Ticker(ILogger log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Done once, before the first turn.</summary>
    protected virtual Task Begin(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>One turn.</summary>
    protected abstract Task Turn(CancellationToken cancel);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hasBegun = false;
        using var timer = new PeriodicTimer(Pause);
        try
        {
            do
            {
                if (await Try(hasBegun ? Turn : Begin, stoppingToken))
                {
                    hasBegun = true;
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The city stops.
        }
    }

    private async Task<bool> Try(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
            return true;
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            TurnFailed(log, GetType().Name, exception);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of {Ticker} failed; trying again soon.")]
    private static partial void TurnFailed(ILogger log, string ticker, Exception exception);
}
