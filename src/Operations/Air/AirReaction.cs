using Madang.Places;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Air;

/// <summary>Forgets what was read when it changes who may read what, or where districts lie.</summary>
internal sealed class AirReaction(AirSource source) : IReaction<AccessChanged>, IReaction<PlacesChanged>
{
    public Task React(AccessChanged fact, CancellationToken cancel)
    {
        source.Forget();
        return Task.CompletedTask;
    }

    public Task React(PlacesChanged fact, CancellationToken cancel)
    {
        source.Forget();
        return Task.CompletedTask;
    }
}
