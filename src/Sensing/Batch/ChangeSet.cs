using Madang.Storage;

namespace Madang.Sensing.Batch;

/// <summary>The transaction that the requests of a change set share; a request of one finds it among the features of its context.</summary>
internal sealed class ChangeSet(WriteScope scope)
{
    public WriteScope Scope { get; } = scope;

    /// <summary>What broke a change in it, before somebody made an answer of it: a race that was lost is run again whole.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>What others in this process are told when the transaction is committed.</summary>
    public List<Action> WhenCommitted { get; } = [];

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
