using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Dapper;
using Madang.Kernel;
using Madang.Trust.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>How often addresses, accounts and keys may ask: set by operators, asked with every request.</summary>
public sealed class Limits : IDisposable
{
    /// <summary>How many seconds' worth of requests may come at once where nobody said otherwise.</summary>
    internal const int UsualBurst = 10;

    private const int MostPerSecond = 1_000_000, MostBurst = 10_000_000;

    private readonly HouseKeeper keeper;
    private readonly IOptionsMonitor<TrustOptions> options;

    /// <summary>A bucket for each subject and limit: a limit that is changed begins anew. Idle ones are let go by the limiter itself.</summary>
    private readonly PartitionedRateLimiter<Share> buckets = PartitionedRateLimiter.Create<Share, Share>(share => RateLimitPartition.GetTokenBucketLimiter(share, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = share.Burst, TokensPerPeriod = share.PerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
    }));

    internal Limits(HouseKeeper keeper, IOptionsMonitor<TrustOptions> options) => (this.keeper, this.options) = (keeper, options);

    /// <summary>The limits in force: what everybody of each kind has, and what is named.</summary>
    public IReadOnlyList<Limit> List()
    {
        Rules.Demand(Act.Manage, Trust.Kinds.Limit, null);
        return [.. Limit.Kinds.Select(General), .. keeper.House.Limits.All.Where(limit => limit.Subject is not null)];
    }

    /// <summary>Sets a limit in the place of the one before.</summary>
    /// <param name="kind">One of <see cref="Limit.Kinds"/>.</param>
    /// <param name="subject">Whose: an address or network, a key's id, a person's id or e-mail address (the id is what is kept); null for everybody of the kind.</param>
    /// <param name="perSecond">Requests a second; 0 for no limit.</param>
    /// <param name="burst">Requests at once; ten seconds' worth when nothing is said.</param>
    /// <param name="note">Why.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<Limit> Set(string? kind, string? subject, int? perSecond, int? burst, string? note, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Trust.Kinds.Limit, null);
        if (kind is null || !Limit.Kinds.Contains(kind))
        {
            throw new InvalidInputException("kind", $"is one of {string.Join(", ", Limit.Kinds)}");
        }

        if (perSecond is not { } steady || steady is < 0 or > MostPerSecond)
        {
            throw new InvalidInputException("perSecond", $"is 0 (no limit) to {MostPerSecond}");
        }

        var atOnce = burst ?? Math.Max(1, steady * UsualBurst);
        if (atOnce < Math.Max(1, steady) || atOnce > MostBurst)
        {
            throw new InvalidInputException("burst", $"is at least perSecond, and at most {MostBurst}");
        }

        var (whose, why) = (Subject(kind, subject), Rules.Text(note, "note"));
        var id = await keeper.Change(
            new Deed(Entry("limit.set"), Image),
            async (scope, now) =>
            {
                if (kind == Limit.Account && whose is not null && !keeper.House.GrantsOf(whose, IsoTime.FromMicros(now)).Any())
                {
                    whose = await scope.Connection.ExecuteScalarAsync<string>("SELECT id FROM trust_person WHERE id = @whose OR normalized_email = @mail", new { whose, mail = whose.Normalize().ToUpperInvariant() }, scope.Transaction)
                        ?? throw new InvalidInputException("subject", "is nobody's e-mail address or id");
                }

                var row = new { kind, whose, steady, atOnce, why, now, by = Caller.Current.Id };
                await scope.Connection.ExecuteAsync("UPDATE trust_limits SET to_time = @now, ended_by = @by WHERE kind = @kind AND coalesce(subject, '') = coalesce(@whose, '') AND to_time IS NULL", row, scope.Transaction);
                return await scope.Connection.ExecuteScalarAsync<long>(
                    "INSERT INTO trust_limits (kind, subject, per_second, burst, note, from_time, set_by) VALUES (@kind, @whose, @steady, @atOnce, @why, @now, @by) RETURNING id", row, scope.Transaction);
            },
            cancel);
        return keeper.House.Limits.All.First(limit => limit.Id == id);
    }

    /// <summary>Takes a limit away: what is more general holds again.</summary>
    public async Task End(long id, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Trust.Kinds.Limit, null);
        if (!keeper.House.Limits.All.Any(limit => limit.Id == id))
        {
            throw Rules.Missing("limit");
        }

        await keeper.Change(
            new Deed(Entry("limit.end"), Image, id),
            (scope, now) => scope.Connection.ExecuteAsync("UPDATE trust_limits SET to_time = @now, ended_by = @by WHERE id = @id AND to_time IS NULL", new { id, now, by = Caller.Current.Id }, scope.Transaction),
            cancel);
    }

    /// <summary>Takes one request from an address's share, and tells what is left. This machine has no limit.</summary>
    /// <param name="from">The remote address.</param>
    /// <param name="response">Gets the <c>RateLimit</c> headers; null where nobody reads them.</param>
    /// <returns>How long to wait and what is allowed when nothing is left; null when the request may go on.</returns>
    public (TimeSpan Wait, Limit Limit)? TakeAddress(IPAddress? from, HttpResponse? response) =>
        CallerAddress.Find(from) is not { } address ? null : Take(keeper.House.Limits.Find(from!) ?? General(Limit.Address), address, response);

    /// <summary>Takes one request from a person's share; refuses with 429 what is too much.</summary>
    internal void TakeAccount(string person, HttpResponse response)
    {
        if (Take(keeper.House.Limits.Find(Limit.Account, person) ?? General(Limit.Account), person, response) is { } over)
        {
            throw TooMany($"One account may make {over.Limit.PerSecond} requests a second.", over.Wait);
        }
    }

    /// <summary>What a key may do: what is set for it by name, or its own numbers, or what every key has.</summary>
    internal static (int PerSecond, int Burst) OfKey(House house, DeviceKey key) =>
        house.Limits.Find(Limit.Key, key.Id) is { } set ? (set.PerSecond, set.Burst)
        : key.PerSecond > 0 ? (key.PerSecond, key.PerSecond * UsualBurst)
        : house.Limits.Find(Limit.Key) is { } general ? (general.PerSecond, general.Burst)
        : (0, 0);

    internal static UnavailableException TooMany(string reason, TimeSpan wait) => new("too-many-requests", reason, wait, status: StatusCodes.Status429TooManyRequests);

    /// <summary>Tells what a caller may do and what is left (draft-ietf-httpapi-ratelimit-headers-10); the narrower of two stands.</summary>
    internal static void Tell(HttpResponse response, string kind, int perSecond, int burst, long left)
    {
        response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{kind}\";q={burst};w={Math.Max(1, (int)Math.Ceiling((double)burst / perSecond))}");
        response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{kind}\";r={left};t={Math.Ceiling((burst - left) / (double)perSecond):0}");
    }

    /// <inheritdoc/>
    public void Dispose() => buckets.Dispose();

    private const string Image = "SELECT * FROM trust_limits WHERE id = @id";

    private static RecordEntry Entry(string action) => Caller.Current.Entry(action, Act.Manage, Trust.Kinds.Limit);

    private (TimeSpan Wait, Limit Limit)? Take(Limit limit, string subject, HttpResponse? response)
    {
        if (limit.PerSecond == 0)
        {
            return null;
        }

        var share = new Share(limit.Kind, subject, limit.PerSecond, limit.Burst);
        using var lease = buckets.AttemptAcquire(share);
        if (response is not null)
        {
            Tell(response, limit.Kind, limit.PerSecond, limit.Burst, buckets.GetStatistics(share)?.CurrentAvailablePermits ?? 0);
        }

        return lease.IsAcquired ? null : (lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1), limit);
    }

    private Limit General(string kind) => keeper.House.Limits.Find(kind) ?? (kind switch
    {
        Limit.Address => Usual(kind, options.CurrentValue.AddressRequestsPerSecond),
        Limit.Account => Usual(kind, options.CurrentValue.AccountRequestsPerSecond),
        _ => Usual(kind, 0),
    });

    private static Limit Usual(string kind, int perSecond) => new(null, kind, null, perSecond, perSecond * UsualBurst, "", null, null);

    private string? Subject(string kind, string? subject)
    {
        if (string.IsNullOrWhiteSpace(subject))
        {
            return null;
        }

        var asked = subject.Trim();
        return kind switch
        {
            Limit.Address => Network(asked),
            Limit.Key => keeper.House.Keys.ContainsKey(asked) ? asked : throw new InvalidInputException("subject", "is no key that works"),
            _ => Rules.Text(asked, "subject", 64),
        };
    }

    private static string Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network.ToString();
        }

        return IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8).ToString()
            : throw new InvalidInputException("subject", "is an address such as 203.0.113.7 or a network such as 203.0.113.0/24");
    }

    private readonly record struct Share(string Kind, string Subject, int PerSecond, int Burst);
}
