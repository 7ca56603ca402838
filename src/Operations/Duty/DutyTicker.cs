using Madang.Operations.Live;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Duty;

/// <summary>Turns duty.</summary>
internal sealed class DutyTicker(DutyTurn turn, ILogger<DutyTicker> log) : Ticker(log)
{
    protected override Task Turn(CancellationToken cancel) => turn.Run(cancel);
}
