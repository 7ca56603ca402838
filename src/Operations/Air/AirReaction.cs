using Madang.Places;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Air;

/// <summary>Forgets what was read when it changes who may read what, or where districts lie; and where people are exposed, when an alert, a rule or a site changes.</summary>
internal sealed class AirReaction(AirSource source, ExposureMaker exposure) : IReaction<AccessChanged>, IReaction<PlacesChanged>, IReaction<SitesChanged>, IReaction<AlertChanged>, IReaction<RuleChanged>
{
    public Task React(AccessChanged fact, CancellationToken cancel)
    {
        source.Forget();
        return Forget();
    }

    public Task React(PlacesChanged fact, CancellationToken cancel)
    {
        source.Forget();
        return Forget();
    }

    public Task React(SitesChanged fact, CancellationToken cancel) => Forget();

    public Task React(AlertChanged fact, CancellationToken cancel) => Forget();

    public Task React(RuleChanged fact, CancellationToken cancel) => Forget();

    private Task Forget()
    {
        exposure.Forget();
        return Task.CompletedTask;
    }
}
