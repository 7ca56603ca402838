using System.Security.Claims;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Accounts.Secrets;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>The sessions, on the server: the cookie holds nothing but a secret whose digest is looked up with each request.</summary>
internal sealed class SessionStore(IDatabase database, Recorder recorder, TimeProvider clock, IOptions<AccountsOptions> options)
{
    private static readonly TimeSpan Touched = TimeSpan.FromMinutes(1);

    /// <summary>The longest agent in words that is kept.</summary>
    private const int LongestAgent = 80;

    /// <summary>
    /// The ways in that prove two factors. Where a person has an app every other way asks for its code too, and the session is then
    /// called by the code; those that were begun before the app was turned on ended with that.
    /// </summary>
    private static readonly string[] Strong = [SignInMethod.Totp, SignInMethod.Recovery, SignInMethod.Passkey];

    private TimeSpan Idle => TimeSpan.FromMinutes(options.Value.IdleMinutes);

    /// <summary>Begins a session and answers the secret for the cookie. Whether it begins with a proof of who one is, is said by <paramref name="isProof"/>.</summary>
    public async Task<string> Begin(string person, string method, bool isProof, string? address, string agent, CancellationToken cancel)
    {
        var token = Token.Make();
        var now = clock.GetUtcNow();
        var row = new
        {
            digest = Token.Digest(token), id = Guid.NewGuid().ToString("N"), person, made = now.ToMicros(), fresh = isProof ? now.ToMicros() : 0, ends = (now + TimeSpan.FromHours(options.Value.SessionHours)).ToMicros(),
            address, agent = agent[..Math.Min(agent.Length, LongestAgent)], method,
        };
        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync(
                    "INSERT INTO trust_session (digest, id, person, made, seen, fresh, ends, address, agent, method) VALUES (@digest, @id, @person, @made, @made, @fresh, @ends, @address, @agent, @method)", row, scope.Transaction);
                await recorder.Record(scope, AccountEntry.Own($"login.{method}", person));
            },
            cancel);
        return token;
    }

    /// <summary>Who holds this secret; null when there is no such session any more. Being found is activity, unless <paramref name="isUsed"/> is false: the session then grows as old as if nobody had asked.</summary>
    public async Task<ClaimsPrincipal?> Find(string token, bool isUsed, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var key = new { digest = Token.Digest(token), now = now.ToMicros(), idle = (now - Idle).ToMicros() };
        Row? row;
        await using (var read = await database.Read(cancel))
        {
            row = await read.Connection.QuerySingleOrDefaultAsync<Row>(
                "SELECT s.id AS Id, s.person AS Person, p.name AS Name, s.fresh AS Fresh, s.seen AS Seen, s.method AS Method FROM trust_session s JOIN trust_person p ON p.id = s.person WHERE s.digest = @digest AND p.locked_at IS NULL AND s.ends > @now AND s.seen > @idle",
                key,
                read.Transaction);
        }

        if (row is null)
        {
            return null;
        }

        if (isUsed && row.Seen < (now - Touched).ToMicros())
        {
            await database.Write(scope => scope.Connection.ExecuteAsync("UPDATE trust_session SET seen = @now WHERE digest = @digest", key, scope.Transaction), cancel);
        }

        List<Claim> claims = [new(SignedIn.Subject, row.Person), new(SignedIn.SessionId, row.Id), new(SignedIn.DisplayName, row.Name), new(SignedIn.Proved, FormattableString.Invariant($"{row.Fresh}"))];
        if (options.Value.SecondFactor == "none" || Strong.Contains(row.Method))
        {
            claims.Add(new(SignedIn.TwoFactors, "true"));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, SignedIn.Scheme, SignedIn.DisplayName, ClaimTypes.Role));
    }

    /// <summary>
    /// A new secret for a session whose person proved again who it is; the old one is good no more. Null when the session has ended.
    /// A proof of two factors, which <paramref name="method"/> names, is what the session has from then on; null for a proof of one.
    /// </summary>
    public async Task<string?> Renew(string id, string? method, CancellationToken cancel)
    {
        var token = Token.Make();
        var row = new { id, digest = Token.Digest(token), now = clock.GetUtcNow().ToMicros(), method };
        return await Recorded("login.again", "UPDATE trust_session SET digest = @digest, fresh = @now, seen = @now, method = COALESCE(@method, method) WHERE id = @id RETURNING person", row, cancel) == 1 ? token : null;
    }

    /// <summary>What a session is from now on whose person, freshly proved, showed that he has what he adds to the account: an app or a passkey.</summary>
    public Task Strengthen(string id, string method, CancellationToken cancel) =>
        database.Write(scope => scope.Connection.ExecuteAsync("UPDATE trust_session SET method = @method WHERE id = @id", new { id, method }, scope.Transaction), cancel);

    /// <summary>Every session of a person is from now on as one that began with a password.</summary>
    public Task Weaken(string person, CancellationToken cancel) =>
        database.Write(scope => scope.Connection.ExecuteAsync("UPDATE trust_session SET method = @method WHERE person = @person", new { person, method = SignInMethod.Password }, scope.Transaction), cancel);

    /// <summary>The living sessions of a person, the last seen first.</summary>
    public async Task<IReadOnlyList<Session>> List(string person, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(string Id, long Made, long Seen, long Ends, string? Address, string Agent, string Method)>(
            "SELECT id, made, seen, ends, address, agent, method FROM trust_session WHERE person = @person AND ends > @now AND seen > @idle ORDER BY seen DESC, id",
            new { person, now = now.ToMicros(), idle = (now - Idle).ToMicros() },
            read.Transaction);
        return [.. rows.Select(row => new Session(row.Id, IsoTime.FromMicros(row.Made), IsoTime.FromMicros(row.Seen), IsoTime.FromMicros(row.Ends), row.Address, row.Agent, row.Method))];
    }

    /// <summary>Ends the session of this secret.</summary>
    public Task End(string token, CancellationToken cancel) =>
        Recorded("logout", "DELETE FROM trust_session WHERE digest = @digest RETURNING person", new { digest = Token.Digest(token) }, cancel);

    /// <summary>Ends one session of a person; false when there is none of this name.</summary>
    public async Task<bool> EndOne(string person, string id, CancellationToken cancel) =>
        await Recorded("session.end", "DELETE FROM trust_session WHERE person = @person AND id = @id RETURNING person", new { person, id }, cancel) == 1;

    /// <summary>Ends every session of a person, but for one.</summary>
    public Task<int> EndOthers(string person, string? keep, CancellationToken cancel) =>
        Recorded("session.end", "DELETE FROM trust_session WHERE person = @person AND id <> @keep RETURNING person", new { person, keep = keep ?? "" }, cancel);

    /// <summary>Does what touches sessions and answers their persons, each of which is recorded with it.</summary>
    private Task<int> Recorded(string action, string change, object parameters, CancellationToken cancel) => database.Write(
        async scope =>
        {
            var touched = (await scope.Connection.QueryAsync<string>(change, parameters, scope.Transaction)).ToList();
            foreach (var person in touched)
            {
                await recorder.Record(scope, AccountEntry.Of(action, person));
            }

            return touched.Count;
        },
        cancel);

    private sealed record Row(string Id, string Person, string Name, long Fresh, long Seen, string Method);
}
