using System.Globalization;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>One lock for each partition of facts: what is known of a datastream's readings is touched by one at a time, and the partitions go on beside each other.</summary>
internal sealed class Stripes : IDisposable
{
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, FactPartitions.Count).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Under which lock a datastream lies.</summary>
    public static int Of(long datastream) => FactPartitions.Of(datastream.ToString(CultureInfo.InvariantCulture));

    public async ValueTask<Turn> Enter(long datastream, CancellationToken cancel)
    {
        var turn = turns[Of(datastream)];
        await turn.WaitAsync(cancel);
        return new Turn(turn);
    }

    public void Dispose() => Array.ForEach(turns, turn => turn.Dispose());

    /// <summary>Ends with its disposal.</summary>
    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
