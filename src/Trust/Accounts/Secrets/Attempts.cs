using System.Net;
using System.Threading.RateLimiting;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Accounts.Secrets;

/// <summary>
/// Slows guessing down: by the name that was typed, whether anybody is called so or not (nobody learns who has an account), and
/// by address. A name waits longer with each failure, never for good: who locks another out keeps nobody from a passkey.
/// </summary>
internal sealed class Attempts(IDatabase database, TimeProvider clock) : IDisposable
{
    /// <summary>Attempts that cost nothing.</summary>
    private const int Free = 5;

    /// <summary>Attempts of one address in a row, and how many come back in a minute.</summary>
    private const int AddressBurst = 30, AddressPerMinute = 10;

    /// <summary>Before a person's id: letters that one may have sent, of whatever kind. They are never made good again, so that few leave a day.</summary>
    public const string Letter = "letter:";

    /// <summary>How attempts to sign in with a typed name are counted: in a space of their own, so that an account called <c>reset:…</c> is not another's letter.</summary>
    public static string SignIn(string name) => "signin:" + name.Trim();

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30), LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>After this long without a failure a name begins anew.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    private readonly PartitionedRateLimiter<string> addresses = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = AddressBurst, TokensPerPeriod = AddressPerMinute, ReplenishmentPeriod = TimeSpan.FromMinutes(1), QueueLimit = 0,
    }));

    /// <summary>
    /// Counts an attempt before it is made, so that many at once count as many. Answers how long to wait when this one may not
    /// be made; null when it may. Whoever comes in says so with <see cref="Succeeded"/>.
    /// </summary>
    public async Task<TimeSpan?> Begin(string name, IPAddress? from, CancellationToken cancel)
    {
        if (CallerAddress.Find(from) is { } address)
        {
            using var lease = addresses.AttemptAcquire(address);
            if (!lease.IsAcquired)
            {
                return TimeSpan.FromMinutes(1);
            }
        }

        return await database.Write(scope => Count(scope, Digest(name)), cancel);
    }

    /// <summary>Until when a name waits after its failures; null when it does not.</summary>
    public async Task<DateTimeOffset?> WaitsUntil(string name, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var until = await read.Connection.ExecuteScalarAsync<long?>("SELECT until FROM trust_attempt WHERE name_digest = @name", new { name = Digest(name) }, read.Transaction);
        return until is { } known && IsoTime.FromMicros(known) > clock.GetUtcNow() ? IsoTime.FromMicros(known) : null;
    }

    /// <summary>Forgets the failures of a name whose owner came in.</summary>
    public Task Succeeded(string name, CancellationToken cancel) =>
        database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM trust_attempt WHERE name_digest = @name", new { name = Digest(name) }, scope.Transaction), cancel);

    /// <summary>The wait after so many failures: none, then half a minute, doubling to a quarter of an hour.</summary>
    internal static TimeSpan Wait(int failures) =>
        failures < Free ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(failures - Free, 10)));

    private async Task<TimeSpan?> Count(WriteScope scope, string name)
    {
        var now = clock.GetUtcNow();
        var row = new { name, now = now.ToMicros(), old = (now - Forgotten).ToMicros() };
        var failures = await scope.Connection.ExecuteScalarAsync<int?>(
            "INSERT INTO trust_attempt (name_digest, failures, last, until) VALUES (@name, 1, @now, 0) ON CONFLICT (name_digest) DO UPDATE SET "
            + "failures = CASE WHEN trust_attempt.last < @old THEN 1 ELSE trust_attempt.failures + 1 END, last = @now WHERE trust_attempt.until <= @now RETURNING failures",
            row,
            scope.Transaction);
        if (failures is null)
        {
            var until = await scope.Connection.ExecuteScalarAsync<long>("SELECT until FROM trust_attempt WHERE name_digest = @name", row, scope.Transaction);
            return TimeSpan.FromMicroseconds(until - row.now);
        }

        await scope.Connection.ExecuteAsync("UPDATE trust_attempt SET until = @until WHERE name_digest = @name", new { name, until = (now + Wait(failures.Value)).ToMicros() }, scope.Transaction);
        return null;
    }

    public void Dispose() => addresses.Dispose();

    private static string Digest(string name) => Token.Digest("name:" + name.Trim().ToUpperInvariant());
}
