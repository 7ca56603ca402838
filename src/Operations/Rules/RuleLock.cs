using Dapper;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>
/// What is said of a rule, and what it says, change one after the other. SQLite has one writer; on PostgreSQL a lock of the
/// transaction sees to it, taken in order of the rules' ids so that nobody waits for who waits for him.
/// </summary>
internal static class RuleLock
{
    /// <summary>The class of these locks among all of the database.</summary>
    private const int Class = 0x52554c45;

    public static async Task Take(WriteScope scope, IEnumerable<string> rules)
    {
        if (scope.Engine == Engine.Postgres)
        {
            foreach (var rule in rules.Distinct().Order(StringComparer.Ordinal))
            {
                await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@Class, hashtext(@rule))", new { Class, rule }, scope.Transaction);
            }
        }
    }

    /// <summary>Waits for who changes a rule, and for nobody else who only waits so.</summary>
    public static async Task Share(WriteScope scope, string rule)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock_shared(@Class, hashtext(@rule))", new { Class, rule }, scope.Transaction);
        }
    }
}
