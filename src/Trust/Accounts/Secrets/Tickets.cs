using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Accounts.Secrets;

/// <summary>Secrets that are good for one act and a short time: links in letters, steps of signing in, challenges.</summary>
internal sealed class Tickets(IDatabase database, TimeProvider clock)
{
    /// <summary>Makes one; the older ones of the same kind and person are good no more, where there is a person.</summary>
    public async Task<string> Make(string kind, string? person, string data, TimeSpan life, CancellationToken cancel)
    {
        var token = Token.Make();
        var now = clock.GetUtcNow();
        var row = new { digest = Token.Digest(token), kind, person, data, made = now.ToMicros(), ends = (now + life).ToMicros() };
        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("DELETE FROM trust_ticket WHERE kind = @kind AND person = @person", row, scope.Transaction);
                await scope.Connection.ExecuteAsync("INSERT INTO trust_ticket (digest, kind, person, data, made, ends) VALUES (@digest, @kind, @person, @data, @made, @ends)", row, scope.Transaction);
            },
            cancel);
        return token;
    }

    /// <summary>What a ticket says, without using it up; null when it is not good.</summary>
    public async Task<Ticket?> Look(string kind, string? token, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<Ticket>(
            "SELECT person AS Person, data AS Data FROM trust_ticket WHERE digest = @digest AND kind = @kind AND ends > @now", Key(kind, token), read.Transaction);
    }

    /// <summary>Uses a ticket up: of two who try, one gets it.</summary>
    public async Task<Ticket?> Take(string kind, string? token, CancellationToken cancel) => string.IsNullOrEmpty(token) ? null : await database.Write(
        scope => scope.Connection.QuerySingleOrDefaultAsync<Ticket>(
            "DELETE FROM trust_ticket WHERE digest = @digest AND kind = @kind AND ends > @now RETURNING person AS Person, data AS Data", Key(kind, token), scope.Transaction),
        cancel);

    /// <summary>Takes every ticket of a person away: what was begun with an old password does not go on after it.</summary>
    public Task Forget(string person, CancellationToken cancel) =>
        database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM trust_ticket WHERE person = @person", new { person }, scope.Transaction), cancel);

    /// <summary>Takes every ticket of a kind away.</summary>
    public Task Clear(string kind, CancellationToken cancel) =>
        database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM trust_ticket WHERE kind = @kind", new { kind }, scope.Transaction), cancel);

    private object Key(string kind, string token) => new { digest = Token.Digest(token), kind, now = clock.GetUtcNow().ToMicros() };
}
