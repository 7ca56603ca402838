using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Accounts.People;

/// <summary>A row of the list of people.</summary>
internal sealed class PersonRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Email { get; init; }

    public bool IsDemo { get; init; }

    public bool EmailConfirmed { get; init; }

    public bool HasPassword { get; init; }

    public long? LockedAt { get; init; }
}

/// <summary>Finds people page by page, in one order on both engines.</summary>
internal static class PeopleRows
{
    /// <summary>The people of a page and one more, where there is one.</summary>
    /// <param name="read">The transaction.</param>
    /// <param name="engine">Which engine it is.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="departments">The departments in one of which they must have a role; null where none is needed.</param>
    /// <param name="now">The moment at which roles hold.</param>
    public static async Task<IReadOnlyList<PersonRow>> List(ReadScope read, Engine engine, PeopleQuery query, IReadOnlyList<long>? departments, DateTimeOffset now)
    {
        var collation = engine == Engine.Postgres ? " COLLATE \"C\"" : "";
        var conditions = new List<string>();
        if (query.Text is not null)
        {
            conditions.Add("(LOWER(p.name) LIKE @text ESCAPE '\\' OR p.normalized_email LIKE @mail ESCAPE '\\' OR p.normalized_user_name LIKE @mail ESCAPE '\\')");
        }

        if (query.Role is not null || departments is not null)
        {
            var role = query.Role is null ? "" : " AND g.role = @role";
            var where = departments is null ? "" : $" AND {engine.IsAmong("g.department_id", "@departments")}";
            conditions.Add($"EXISTS (SELECT 1 FROM trust_grants g WHERE g.person = p.id AND g.from_time <= @now AND (g.to_time IS NULL OR g.to_time > @now){role}{where})");
        }

        if (query.After is not null)
        {
            conditions.Add($"(p.name{collation}, p.id{collation}) > (SELECT a.name, a.id FROM trust_person a WHERE a.id = @after)");
        }

        return [.. await read.Connection.QueryAsync<PersonRow>(
            $"""
            SELECT p.id AS Id, p.name AS Name, p.email AS Email, p.is_demo AS IsDemo, p.email_confirmed AS EmailConfirmed, p.password_hash IS NOT NULL AS HasPassword, p.locked_at AS LockedAt
            FROM trust_person p {(conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions))} ORDER BY p.name{collation}, p.id{collation} LIMIT @most
            """,
            new
            {
                text = Like(query.Text?.ToLowerInvariant()), mail = Like(query.Text?.ToUpperInvariant()), role = query.Role, departments = departments is null ? null : engine.Ids(departments), now = now.ToMicros(), after = query.After,
                most = query.Top + 1,
            },
            read.Transaction)];
    }

    private static string Like(string? text) =>
        $"%{text?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
