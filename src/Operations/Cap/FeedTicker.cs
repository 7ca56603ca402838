using Madang.Operations.Live;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Cap;

/// <summary>Turns the feeds of other agencies, where there are any.</summary>
internal sealed class FeedTicker(FeedPuller puller, ILogger<FeedTicker> log) : Ticker(log)
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => puller.States.Count == 0 ? Task.CompletedTask : base.ExecuteAsync(stoppingToken);

    protected override Task Turn(CancellationToken cancel) => puller.Turn(cancel);
}
