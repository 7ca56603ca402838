using Dapper;
using Madang.Storage;

namespace Madang.Trust.Accounts.People;

/// <summary>Who can give roles in the whole city, and can come in: an invitation that nobody opened, a locked account, a name without a person cannot.</summary>
internal static class Administrators
{
    private const string Living =
        """
        SELECT 1 FROM trust_grants g JOIN trust_person p ON p.id = g.person
        WHERE g.role = 'administrator' AND g.department_id IS NULL AND g.from_time <= @now AND (g.to_time IS NULL OR g.to_time > @now)
          AND (p.email_confirmed = @yes OR p.is_demo = @yes) AND p.locked_at IS NULL
        """;

    /// <summary>True while there is one; <paramref name="but"/> does not count.</summary>
    public static Task<bool> Exist(WriteScope scope, long now, string? but = null) =>
        scope.Connection.ExecuteScalarAsync<bool>($"SELECT EXISTS ({Living} AND p.id <> @but)", new { now, yes = true, but = but ?? "" }, scope.Transaction);

    /// <summary>True when a person has an account.</summary>
    public static Task<bool> IsPerson(WriteScope scope, string person) =>
        scope.Connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM trust_person WHERE id = @person)", new { person }, scope.Transaction);
}
