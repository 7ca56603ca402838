using System.Globalization;
using System.Threading.RateLimiting;
using Madang.Kernel;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Query;

/// <summary>
/// Seats for questions that may make the store work: so many are read at once, others wait their turn for a while, and no
/// address holds more than half of them. The answer is written after the seat is free, so that a slow reader holds none.
/// </summary>
internal sealed class QuerySeats : IDisposable
{
    /// <summary>So many of one address, and so many times the seats of all, may wait.</summary>
    private const int Waiting = 50, WaitingOfAll = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromSeconds(2);

    private readonly PartitionedRateLimiter<string?> seats;

    public QuerySeats(IOptions<SensingOptions> options)
    {
        var all = options.Value.QuerySeats is > 0 and var set ? set : Math.Max(8, 4 * Environment.ProcessorCount);
        var ofOne = PartitionedRateLimiter.Create<string?, string>(address => address is null
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetConcurrencyLimiter(address, _ => new ConcurrencyLimiterOptions { PermitLimit = Math.Max(1, all / 2), QueueLimit = Waiting }));
        var ofAll = PartitionedRateLimiter.Create<string?, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => new ConcurrencyLimiterOptions { PermitLimit = all, QueueLimit = WaitingOfAll * all }));
        seats = PartitionedRateLimiter.CreateChained(ofOne, ofAll);
    }

    /// <summary>A seat for an address (null for this machine), to be given back.</summary>
    /// <exception cref="UnavailableException">None became free in time.</exception>
    public async Task<IDisposable> Take(string? address, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(Patience);
        try
        {
            var seat = await seats.AcquireAsync(address, 1, end.Token);
            if (seat.IsAcquired)
            {
                return seat;
            }

            seat.Dispose();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Told below as what it is: nobody made room.
        }

        throw new UnavailableException("too-many-queries", string.Create(CultureInfo.InvariantCulture, $"Too many questions are being answered; this one waited for up to {Patience.TotalSeconds:0} seconds. Ask again in a moment, or a simpler one."), Pause);
    }

    public void Dispose() => seats.Dispose();
}
