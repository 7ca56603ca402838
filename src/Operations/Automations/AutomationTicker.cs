using Madang.Operations.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Automations;

/// <summary>Puts the examples into the book, and turns the clock of automations.</summary>
internal sealed class AutomationTicker(AutomationBook book, AutomationTurn turn, IOptions<OperationsOptions> options, ILogger<AutomationTicker> log) : Ticker(log)
{
    protected override Task Begin(CancellationToken cancel) => book.Seed(options.Value.SimulatedFirst ? CityData.Simulated : CityData.Real, cancel);

    protected override Task Turn(CancellationToken cancel) => turn.Run(cancel);
}
