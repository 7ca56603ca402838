using Madang.Storage;

namespace Madang.Sensing.Batch;

/// <summary>The transaction that the requests of a change set share; a request of one finds it among the features of its context.</summary>
internal sealed class ChangeSet(WriteScope scope)
{
    public WriteScope Scope { get; } = scope;

    /// <summary>What broke a change in it, before somebody made an answer of it: a race that was lost is run again whole.</summary>
    public Exception? Failure { get; private set; }

    public async Task<T> Run<T>(Func<WriteScope, Task<T>> change)
    {
        try
        {
            return await change(Scope);
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }
}
