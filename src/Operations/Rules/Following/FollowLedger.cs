using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Rules;

/// <summary>Where the judging of a rule that goes by others stands.</summary>
internal sealed record FollowState
{
    public string Rule { get; init; } = "";

    public long Revision { get; init; }

    public long JudgedUntil { get; init; }

    public long Changes { get; init; }
}

/// <summary>
/// Keeps up to when rules that go by others are judged. Whoever changes what they go by sets them back in his own transaction; so
/// nothing is missed whenever a server stops, and what was judged from what is past is not kept.
/// </summary>
internal static class FollowLedger
{
    public static async Task<IReadOnlyList<FollowState>> List(ReadScope read) =>
        [.. await read.Connection.QueryAsync<FollowState>(new CommandDefinition("SELECT rule_id AS Rule, revision AS Revision, judged_until AS JudgedUntil, changes AS Changes FROM rule_follows", null, read.Transaction, cancellationToken: read.Cancel))];

    /// <summary>A revision comes into force: its rule begins anew, and so do those that go by it.</summary>
    public static async Task Begin(WriteScope scope, RuleRevision revision, DateTimeOffset now)
    {
        await Hold(scope, [revision.Id], revision.Id);
        await scope.Connection.ExecuteAsync("DELETE FROM rule_uses WHERE rule_id = @Id", new { revision.Id }, scope.Transaction);
        await scope.Connection.ExecuteAsync("DELETE FROM rule_follows WHERE rule_id = @Id", new { revision.Id }, scope.Transaction);
        if (revision.IsOn && revision.Rule.Follows())
        {
            await scope.Connection.ExecuteAsync("INSERT INTO rule_follows (rule_id, revision, judged_until, changes) VALUES (@Id, @Revision, @until, 1)", new { revision.Id, revision.Revision, until = now.ToMicros() - 1 }, scope.Transaction);
            foreach (var used in Following.KeysOf(revision.Rule))
            {
                await scope.Connection.ExecuteAsync("INSERT INTO rule_uses (rule_id, used) VALUES (@Id, @used)", new { revision.Id, used }, scope.Transaction);
            }
        }

        await Changed(scope, revision.Id, now.ToMicros());
    }

    /// <summary>Holds the states that a transaction will change, all at once and in order of id, so that nobody waits for who waits for him.</summary>
    public static async Task Hold(WriteScope scope, IEnumerable<string> used, string? own = null)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync(
                "SELECT 1 FROM rule_follows WHERE rule_id = @own OR rule_id IN (SELECT rule_id FROM rule_uses WHERE used = ANY(@used)) ORDER BY rule_id FOR UPDATE", new { used = used.Distinct().ToArray(), own }, scope.Transaction);
        }
    }

    /// <summary>What others go by is another from a moment on. The caller holds them.</summary>
    public static Task Changed(WriteScope scope, string used, long at) => scope.Connection.ExecuteAsync(
        "UPDATE rule_follows SET changes = changes + 1, judged_until = CASE WHEN judged_until >= @at THEN @at - 1 ELSE judged_until END WHERE rule_id IN (SELECT rule_id FROM rule_uses WHERE used = @used)", new { used, at }, scope.Transaction);

    /// <summary>A fact came, was changed or went.</summary>
    public static async Task Tell(WriteScope scope, string facts, long at)
    {
        await RuleLock.Share(scope, facts);
        await Hold(scope, [facts]);
        await Changed(scope, facts, at);
    }

    /// <summary>A rule is judged up to a moment; false when what it goes by changed since it was read, so that nothing of it is to be kept.</summary>
    public static async Task<bool> Judged(WriteScope scope, FollowState state, DateTimeOffset until) => await scope.Connection.ExecuteAsync(
        "UPDATE rule_follows SET judged_until = @until WHERE rule_id = @Rule AND revision = @Revision AND changes = @Changes", new { state.Rule, state.Revision, state.Changes, until = until.ToMicros() }, scope.Transaction) == 1;
}
