using Dapper;
using Madang.Storage;
using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>Somebody who has an account and may come in, as the house writes to him.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Mail">The address of e-mail that he confirmed; null without one, as demo people are.</param>
/// <param name="Language">The language of letters: <c>ko</c> or <c>en</c>.</param>
public sealed record Colleague(string Id, string? Mail, string Language);

/// <summary>
/// How the house reaches the people who have an account, for modules that write to them at work. It answers to the house and to
/// no caller: an address it gives is written to and shown to nobody (who may see people asks <see cref="PeopleDesk"/>); a name stands
/// beside what that person did at work, for readers who may see the work.
/// </summary>
public sealed class Colleagues
{
    private readonly IDatabase database;
    private readonly HouseKeeper keeper;
    private readonly TimeProvider clock;

    internal Colleagues(IDatabase database, HouseKeeper keeper, TimeProvider clock) => (this.database, this.keeper, this.clock) = (database, keeper, clock);

    /// <summary>Those of these people who may come in, by their ids; at most a thousand are asked for at once.</summary>
    public async Task<IReadOnlyDictionary<string, Colleague>> List(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<string, Colleague>();
        }

        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(string Id, string? Mail, string Language)>(
            $"SELECT id, CASE WHEN email_confirmed THEN email END, language FROM trust_person WHERE id {(database.Engine == Engine.Sqlite ? "IN @ids" : "= ANY(@ids)")} AND locked_at IS NULL", new { ids = ids.ToArray() }, read.Transaction);
        return rows.ToDictionary(row => row.Id, row => new Colleague(row.Id, row.Mail, row.Language));
    }

    /// <summary>Those of these people who may come in and have a role, somewhere, that lets them do this now.</summary>
    public async Task<IReadOnlySet<string>> ListWhoMay(IReadOnlyCollection<string> ids, Act act, string kind, CancellationToken cancel)
    {
        var (house, now) = (keeper.House, clock.GetUtcNow());
        var known = await List(ids, cancel);
        return known.Keys.Where(id => house.GrantsOf(id, now).Any(grant => Role.Find(grant.Role)?.Permissions.Contains((act, kind)) == true)).ToHashSet();
    }

    /// <summary>What people are called, by their ids, also of those who may not come in any more; of who has no account nothing is here. At most a thousand are asked for at once.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListNames(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(string Id, string Name)>($"SELECT id, name FROM trust_person WHERE id {(database.Engine == Engine.Sqlite ? "IN @ids" : "= ANY(@ids)")}", new { ids = ids.ToArray() }, read.Transaction);
        return rows.Where(row => row.Name.Length > 0).ToDictionary(row => row.Id, row => row.Name);
    }
}
