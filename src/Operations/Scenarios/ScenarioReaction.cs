using Madang.Operations.Duty;
using Madang.Storage;

namespace Madang.Operations.Scenarios;

/// <summary>An alert that reaches a level starts the scenarios that wait for it, unless it is worked on: then they start when the work is over, if it still stands and waits.</summary>
internal sealed class ScenarioReaction(ScenarioStarter starter, AlertCover cover, TimeProvider clock) : IReaction<AlertChanged>
{
    public async Task React(AlertChanged fact, CancellationToken cancel)
    {
        if (fact.Level < 1 || fact.Act is not (AlertAct.Raised or AlertAct.Upgraded))
        {
            return;
        }

        var now = clock.GetUtcNow();
        if (!(await cover.Find([fact.Alert], now, cancel))[fact.Alert].Any(window => window.LastsAt(now)))
        {
            await starter.Start(fact.Alert, fact.Level, cancel);
        }
    }
}
