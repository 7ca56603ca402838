using Madang.Operations.Live;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Cap;

/// <summary>Turns the publisher.</summary>
internal sealed class CapTicker(CapPublisher publisher, ILogger<CapTicker> log) : Ticker(log)
{
    protected override Task Turn(CancellationToken cancel) => publisher.Turn(cancel);
}
