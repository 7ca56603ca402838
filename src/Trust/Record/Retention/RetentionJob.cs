using System.Data.Common;
using Madang.Kernel;
using Madang.Trust.Record.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Trust.Record.Retention;

/// <summary>Destroys what is over once a day, the first time soon after the start.</summary>
internal sealed partial class RetentionJob(Destroyer destroyer, TimeProvider clock, ILogger<RetentionJob> log) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(10), Day = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = First;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = Day;
            if (!stoppingToken.IsCancellationRequested)
            {
                await Run(stoppingToken);
            }
        }
    }

    private async Task Run(CancellationToken cancel)
    {
        try
        {
            if (await destroyer.Run(cancel) is > 0 and var entries)
            {
                Destroyed(log, entries);
            }
        }
        catch (Exception exception) when (exception is UnavailableException or DbException or IOException or UnauthorizedAccessException or RecordBrokenException)
        {
            Failed(log, exception);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The city stops; what is over is destroyed another day.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Entries} entries of the record were destroyed because their time is over.")]
    private static partial void Destroyed(ILogger log, long entries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entries of the record whose time is over could not be destroyed; tried again tomorrow.")]
    private static partial void Failed(ILogger log, Exception exception);
}
