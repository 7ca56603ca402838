using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>A key that was just made, with its secret: the only time it is told.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">What its holder sends as <c>Authorization: Bearer …</c>.</param>
public sealed record NewKey(DeviceKey Key, string Secret);

/// <summary>The keys of devices and applications.</summary>
public sealed class DeviceKeys
{
    private const string Image = "SELECT id, name, provider_id, scopes, per_second, per_day, made_at, made_by, expires_at, revoked_at, revoked_by, replaces FROM trust_keys WHERE id = @id";

    /// <summary>What a key may do.</summary>
    public static readonly IReadOnlyList<string> Scopes = ["read", "write", "command", "warn", "dispatch"];

    /// <summary>How long the old key still works beside the new one when nobody says otherwise: time to bring the new one to the devices.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(7);

    /// <summary>The most keys of one list.</summary>
    public const int MostListed = 500;

    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(90);
    private const int MostPerSecond = 1_000_000, MostPerDay = int.MaxValue;

    private readonly HouseKeeper keeper;
    private readonly Providers providers;
    private readonly IDatabase database;
    private readonly TimeProvider clock;

    internal DeviceKeys(HouseKeeper keeper, Providers providers, IDatabase database, TimeProvider clock) => (this.keeper, this.providers, this.database, this.clock) = (keeper, providers, database, clock);

    /// <summary>The keys of a provider and its projects, those that ended too; null for the keys of the whole city.</summary>
    public async Task<IReadOnlyList<DeviceKey>> List(long? provider, CancellationToken cancel)
    {
        DemandKeysOf(provider);
        await using var read = await database.Read(cancel);
        var family = keeper.House.Providers.Keys.Where(each => provider is { } whole && keeper.House.IsWithin(each, whole));
        return [.. await HouseRows.Keys(read, provider is null ? "provider_id IS NULL" : database.Engine.IsAmong("provider_id", "@ids"), new { ids = database.Engine.Ids(family) })];
    }

    /// <summary>
    /// The keys that the caller manages, up to <see cref="MostListed"/>: those that work, the soonest to end first; or those
    /// that ended, the last first.
    /// </summary>
    public async Task<IReadOnlyList<DeviceKey>> ListManaged(bool ended, CancellationToken cancel)
    {
        if (!Caller.Current.MaySomewhere(Act.Manage, Kinds.Provider))
        {
            throw Rules.Forbidden();
        }

        var ids = keeper.House.Providers.Keys.Where(each => MayManageKeysOf(each));
        var whose = $"({database.Engine.IsAmong("provider_id", "@ids")}{(MayManageKeysOf(null) ? " OR provider_id IS NULL" : "")})";
        var works = "((revoked_at IS NULL OR revoked_at > @now) AND (expires_at IS NULL OR expires_at > @now))";
        await using var read = await database.Read(cancel);
        return [.. await HouseRows.Keys(
            read, $"{whose} AND {(ended ? "NOT " : "")}{works}", new { ids = database.Engine.Ids(ids), now = clock.GetUtcNow().ToMicros(), most = MostListed },
            ended ? "COALESCE(revoked_at, expires_at) DESC, id LIMIT @most" : "CASE WHEN expires_at IS NULL THEN 1 ELSE 0 END, expires_at, name, id LIMIT @most")];
    }

    /// <summary>A key that works and that the caller manages.</summary>
    public DeviceKey Get(string id) => Find(id);

    /// <summary>The scopes that the caller may give to a key of some provider.</summary>
    public static IReadOnlyList<string> OwnScopes(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return [.. Scopes.Where(scope => caller.MaySomewhere(ActOf(scope), KindOf(scope)))];
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="provider">Whose Things it reaches; null for all of the city's.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="perSecond">Requests a second; 0 for no limit.</param>
    /// <param name="perDay">Requests a day; 0 for no limit.</param>
    /// <param name="expiresAt">When it ends; null for never.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public Task<NewKey> Make(string? name, long? provider, IReadOnlyList<string>? scopes, int perSecond, int perDay, DateTimeOffset? expiresAt, CancellationToken cancel)
    {
        DemandKeysOf(provider);
        name = Rules.Text(name, "name");
        if (scopes is not { Count: > 0 } || scopes.Except(Scopes).Any())
        {
            throw new InvalidInputException("scopes", $"is a list of {string.Join(", ", Scopes)}");
        }

        DemandOwn(scopes, provider);
        if (perSecond is < 0 or > MostPerSecond || perDay is < 0 or > MostPerDay)
        {
            throw new InvalidInputException(perSecond is < 0 or > MostPerSecond ? "perSecond" : "perDay", "is a number from 0 (no limit) up");
        }

        if (expiresAt <= clock.GetUtcNow())
        {
            throw new InvalidInputException("expiresAt", "lies in the past");
        }

        return Store(new DeviceKey("", name, provider, [.. Scopes.Where(scopes.Contains)], perSecond, perDay, clock.GetUtcNow(), Caller.Current.Id, expiresAt, null, null, null), null, cancel);
    }

    /// <summary>Makes a key in the place of another, which works on for <paramref name="overlap"/> (default <see cref="Overlap"/>).</summary>
    public Task<NewKey> Rotate(string id, TimeSpan? overlap, CancellationToken cancel)
    {
        var known = Find(id);
        DemandOwn(known.Scopes, known.Provider);
        var both = overlap ?? Overlap;
        if (both < TimeSpan.Zero || both > LongestOverlap)
        {
            throw new InvalidInputException("overlapHours", $"is 0 to {LongestOverlap.TotalHours:0}");
        }

        var now = clock.GetUtcNow();
        var length = known.ExpiresAt - known.MadeAt;
        var ends = now + both;
        return Store(
            known with { MadeAt = now, MadeBy = Caller.Current.Id, ExpiresAt = now + length, Replaces = known.Id, LastUsedAt = null },
            known.ExpiresAt < ends ? null : ends,
            cancel);
    }

    /// <summary>Takes a key back, at once.</summary>
    public async Task Revoke(string id, CancellationToken cancel)
    {
        var known = Find(id);
        await keeper.Change(
            new Deed(Entry("key.revoke", known.Provider, id), Image, id),
            (scope, now) => scope.Connection.ExecuteAsync("UPDATE trust_keys SET revoked_at = @now, revoked_by = @by WHERE id = @id AND revoked_at IS NULL", new { id, now, by = Caller.Current.Id }, scope.Transaction),
            cancel);
    }

    /// <summary>What a scope lets a key do.</summary>
    internal static Act ActOf(string scope) => scope switch { "write" or "warn" or "dispatch" => Act.Write, "command" => Act.Command, _ => Act.Read };

    /// <summary>What kind of thing a scope is about.</summary>
    internal static string KindOf(string scope) => scope switch { "warn" => Kinds.Warning, "dispatch" => Kinds.Dispatch, _ => Kinds.Thing };

    private DeviceKey Find(string id)
    {
        if (!Caller.Current.MaySomewhere(Act.Manage, Kinds.Provider))
        {
            throw Rules.Forbidden();
        }

        if (!keeper.House.Keys.TryGetValue(id, out var known) || !MayManageKeysOf(known.Provider))
        {
            throw Rules.Missing("key");
        }

        return known;
    }

    /// <summary>Keys are told as <c>key:…</c>, as in who did something, so that what is done to one and by one is found together.</summary>
    private RecordEntry Entry(string action, long? provider, string id) =>
        Caller.Current.Entry(action, Act.Manage, Kinds.Provider, department: provider is { } own ? keeper.House.Providers[own].Department : null) with { Kind = "key", Thing = $"key:{id}", IsPersonal = true };

    private bool MayManageKeysOf(long? provider) =>
        provider is not { } id ? Caller.Current.MayIn(Act.Manage, Kinds.Provider, null) : keeper.House.Providers.TryGetValue(id, out var known) && Caller.Current.MayIn(Act.Manage, Kinds.Provider, known.Department);

    private void DemandKeysOf(long? provider)
    {
        if (provider is { } id)
        {
            providers.Managed(id);
        }
        else
        {
            Rules.Demand(Act.Manage, Kinds.Provider, null);
        }
    }

    /// <summary>Nobody gets by a key what he may not do himself: whoever makes it is told its secret.</summary>
    private static void DemandOwn(IEnumerable<string> scopes, long? provider)
    {
        var me = Caller.Current;
        if (scopes.FirstOrDefault(scope => !me.May(ActOf(scope), KindOf(scope), provider) || (scope == "write" && provider is null && !me.MayIn(Act.Write, Kinds.Place, null))) is { } foreign)
        {
            throw new CityRuleException("scope-not-yours", $"A key may {foreign} only what its maker may {foreign} himself.", 403);
        }
    }

    private async Task<NewKey> Store(DeviceKey key, DateTimeOffset? oldEnds, CancellationToken cancel)
    {
        var (id, secret, digest) = KeyText.Make();
        await keeper.Change(
            new Deed(Entry(key.Replaces is null ? "key.make" : "key.rotate", key.Provider, id), Image, id),
            async (scope, _) =>
            {
                if (oldEnds is { } ends)
                {
                    await scope.Connection.ExecuteAsync("UPDATE trust_keys SET expires_at = @at WHERE id = @Replaces", new { at = ends.ToMicros(), key.Replaces }, scope.Transaction);
                }

                return await scope.Connection.ExecuteAsync(
                    """
                    INSERT INTO trust_keys (id, name, provider_id, scopes, secret_digest, per_second, per_day, made_at, made_by, expires_at, replaces)
                    VALUES (@id, @Name, @Provider, @scopes, @digest, @PerSecond, @PerDay, @made, @MadeBy, @expires, @Replaces)
                    """,
                    new { id, key.Name, key.Provider, scopes = string.Join(' ', key.Scopes), digest, key.PerSecond, key.PerDay, made = key.MadeAt.ToMicros(), key.MadeBy, expires = key.ExpiresAt?.ToMicros(), key.Replaces },
                    scope.Transaction);
            },
            cancel);
        return new NewKey(keeper.House.Keys[id], secret);
    }
}
