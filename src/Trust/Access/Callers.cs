using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Access;

/// <summary>A principal that is a <see cref="Trust.Caller"/>.</summary>
internal sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity([new(ClaimTypes.Name, caller.Id)], scheme)
{
    public Caller Caller => caller;

    /// <summary>What the caller's key has used up; null for callers without one.</summary>
    public KeyUse? Use { get; init; }

    /// <summary>When this caller is nobody any more; null for never.</summary>
    public DateTimeOffset? Ends { get; init; }
}

/// <summary>
/// Finds out who sends a request: who holds a key, or, where <see cref="TrustOptions.Open"/> says so, who sits on this
/// machine. The same caller is always the same object, as long as the house stands as it does.
/// </summary>
internal sealed class Callers(IOptionsMonitor<TrustOptions> trust, HouseKeeper keeper, KeyUses uses, TimeProvider clock)
{
    public const string Prefix = "Bearer ";

    private static readonly AuthenticateResult WrongKey = AuthenticateResult.Fail("The key is wrong, or has ended."), Unknown = AuthenticateResult.NoResult();

    private volatile Desk desk = new(House.Empty);

    /// <summary>Whoever said nothing of himself.</summary>
    public Caller Public => Open().Public;

    /// <summary>Who sends this request by key or by place; whoever signed in is found by his session.</summary>
    public AuthenticateResult Find(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? FindKey(header[Prefix.Length..]) : WrongKey;
        }

        // Whoever signed in is that person, on this machine too: what he does stands in his name.
        return trust.CurrentValue.Open && Nearness.IsLocal(request) && SessionCookie.Read(request) is null ? Open().Local : Unknown;
    }

    /// <summary>The caller that a person is; a signed-in person without any role is still somebody. Unless <paramref name="isStrong"/> (<see cref="SignedIn.IsStrong"/>) his roles sleep, but for everybody's.</summary>
    public Caller FindPerson(string id, bool isStrong)
    {
        var now = clock.GetUtcNow();
        var at = Open();
        if (at.People.TryGetValue((id, isStrong), out var known) && (known.Until is not { } until || now < until))
        {
            return known.Caller;
        }

        var granted = at.House.GrantsOf(id, now).ToList();
        var awake = isStrong ? granted : granted.FindAll(grant => grant.Role == Role.Everybodys);
        var caller = new Caller(CallerKind.Person, $"person:{id}", at.House, awake.SelectMany(PermissionsOf)) { LacksSecondFactor = awake.Count < granted.Count };
        if (granted.Count > 0)
        {
            at.People[(id, isStrong)] = (caller, granted.Min(grant => grant.To));
        }

        return caller;
    }

    private static IEnumerable<Permission> PermissionsOf(Grant grant) =>
        Role.Find(grant.Role)?.Permissions.Select(allowed => new Permission(allowed.Act, allowed.Kind, grant.Department, null, grant.Role, grant.Purpose)) ?? [];

    /// <summary>Who holds this key; null when it is none, or has ended.</summary>
    public CallerIdentity? FindHolder(string text) => FindKey(text) is { Succeeded: true } known ? (CallerIdentity)known.Principal!.Identity! : null;

    /// <summary>Whoever sits on this machine, where <see cref="TrustOptions.Open"/> lets him in; else null.</summary>
    public Caller? FindLocal() => trust.CurrentValue.Open ? ((CallerIdentity)Open().Local.Principal!.Identity!).Caller : null;

    /// <summary>True when a device may call itself so that shows this key: by the key's id (with or without what stands before it), or by its name.</summary>
    public bool IsNameOf(string name, Caller holder) =>
        name == holder.Id || "key:" + name == holder.Id
        || (holder.Id.StartsWith("key:", StringComparison.Ordinal) && Open().House.Keys.TryGetValue(holder.Id[4..], out var row) && (name == row.Name || name == KeyText.Beginning + row.Id));

    private AuthenticateResult FindKey(string text)
    {
        var at = Open();
        if (at.Keys.TryGetValue(text, out var known))
        {
            return ((CallerIdentity)known.Principal!.Identity!).Ends <= clock.GetUtcNow() ? WrongKey : known;
        }

        if (IsWriteKey(text))
        {
            return at.WriteKey;
        }

        return KeyText.Read(text) is { } key && at.House.Keys.TryGetValue(key.Id, out var row) && CryptographicOperations.FixedTimeEquals(key.Digest, row.Digest) && !(row.ExpiresAt <= clock.GetUtcNow())
            ? at.Keys.GetOrAdd(text, _ => Success(new Caller(CallerKind.Key, $"key:{row.Id}", at.House, PermissionsOf(row), row.Provider), uses.Of(row, at.House), row.ExpiresAt))
            : WrongKey;
    }

    private static IEnumerable<Permission> PermissionsOf(DeviceKey key)
    {
        foreach (var scope in key.Scopes)
        {
            var act = DeviceKeys.ActOf(scope);
            yield return new Permission(act, DeviceKeys.KindOf(scope), null, key.Provider, "key", "key");
            if (scope == "write" && key.Provider is null)
            {
                yield return new Permission(act, Kinds.Place, null, null, "key", "key");
            }
        }
    }

    private bool IsWriteKey(string text) => trust.CurrentValue.WriteKey is { } key
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private Desk Open()
    {
        var now = keeper.House;
        var at = desk;
        return at.House == now ? at : desk = new Desk(now);
    }

    private static AuthenticateResult Success(Caller caller, KeyUse? use = null, DateTimeOffset? ends = null) => AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller, LocalOrKeyHandler.Scheme) { Use = use, Ends = ends }), LocalOrKeyHandler.Scheme));

    /// <summary>The callers of one house. Only keys that are right are remembered, so strangers do not fill it.</summary>
    private sealed class Desk(House house)
    {
        public House House => house;

        public Caller Public { get; } = new(CallerKind.Anonymous, Caller.Nobody.Id, house, []);

        public AuthenticateResult Local { get; } = Success(new Caller(CallerKind.Local, "local", house, Everything));

        public AuthenticateResult WriteKey { get; } = Success(new Caller(CallerKind.Key, "key:city", house, Writing));

        public ConcurrentDictionary<string, AuthenticateResult> Keys { get; } = new();

        public ConcurrentDictionary<(string Id, bool IsStrong), (Caller Caller, DateTimeOffset? Until)> People { get; } = new();

        private static IEnumerable<Permission> Everything => Role.All.SelectMany(role => role.Permissions).Distinct().Select(allowed => new Permission(allowed.Act, allowed.Kind, null, null, "local", "open"));

        private static IEnumerable<Permission> Writing =>
            [new(Act.Read, Kinds.Thing, null, null, "key", "key"), new(Act.Write, Kinds.Thing, null, null, "key", "key"), new(Act.Write, Kinds.Place, null, null, "key", "key")];
    }
}
