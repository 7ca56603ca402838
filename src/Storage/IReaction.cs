using Madang.Kernel;

namespace Madang.Storage;

/// <summary>
/// What a module does when a fact reaches it. Called at least once for each fact, in order within a partition and never
/// twice at once for one partition; so it must be idempotent. When it throws, the same fact comes again after a pause.
/// </summary>
[Plug("Each module reacts to the facts of the modules below or beside it.")]
public interface IReaction<in TFact>
    where TFact : IFact
{
    /// <summary>Reacts to one fact.</summary>
    Task React(TFact fact, CancellationToken cancel);
}
