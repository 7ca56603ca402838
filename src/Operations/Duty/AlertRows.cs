using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>An alert in force that nobody has acknowledged.</summary>
internal sealed record OpenAlert
{
    public long Id { get; init; }

    public string RuleId { get; init; } = "";

    public long Revision { get; init; }

    public string Subject { get; init; } = "";

    public long IsStorm { get; init; }

    /// <summary>When people were told of it; null while they were not.</summary>
    public long? ToldAt { get; init; }
}

/// <summary>Something that happened to an alert and is to be told.</summary>
internal sealed record Cause
{
    public long Entry { get; init; }

    public long Act { get; init; }

    public long Level { get; init; }

    public double? Value { get; init; }

    public long Id { get; init; }

    public string RuleId { get; init; } = "";

    public long Revision { get; init; }

    public string Subject { get; init; } = "";

    public long IsStorm { get; init; }
}

/// <summary>A step of a roster to which an alert went.</summary>
internal sealed record StepTold
{
    public long Alert { get; init; }

    public string Roster { get; init; } = "";

    public long Step { get; init; }

    public string? Person { get; init; }

    public long At { get; init; }
}

/// <summary>Reads what the turn of duty goes by.</summary>
internal sealed class AlertRows
{
    /// <summary>Nobody can do anything about more; those raised first wait.</summary>
    private const int MostOpen = 2_000, MostCauses = 500, MostRules = 2_000;

    private const string Waits = "a.lifted_at IS NULL AND a.acknowledged_at IS NULL AND a.assigned_to IS NULL";

    private readonly ConcurrentDictionary<(string, long), Rule> rules = new();

    public static async Task<IReadOnlyList<Cause>> Causes(ReadScope read) => (await read.Connection.QueryAsync<Cause>(
        """
        SELECT e.id AS Entry, e.act AS Act, e.level AS Level, e.value AS Value, a.id AS Id, a.rule_id AS RuleId, a.revision AS Revision, a.subject AS Subject, a.is_storm AS IsStorm
        FROM message_causes c JOIN alert_entries e ON e.id = c.entry_id JOIN alerts a ON a.id = e.alert_id ORDER BY e.id LIMIT @most
        """,
        new { most = MostCauses }, read.Transaction)).AsList();

    public static async Task<IReadOnlyList<OpenAlert>> Open(ReadScope read) => (await read.Connection.QueryAsync<OpenAlert>(
        $"""
        SELECT a.id AS Id, a.rule_id AS RuleId, a.revision AS Revision, a.subject AS Subject, a.is_storm AS IsStorm, t.at AS ToldAt
        FROM alerts a LEFT JOIN alert_tellings t ON t.alert_id = a.id WHERE {Waits} ORDER BY a.id DESC LIMIT @most
        """,
        new { most = MostOpen }, read.Transaction)).AsList();

    public static async Task<ILookup<(long, string), StepTold>> Steps(ReadScope read) => (await read.Connection.QueryAsync<StepTold>(
        $"SELECT s.alert_id AS Alert, s.roster_id AS Roster, s.step AS Step, s.person AS Person, s.at AS At FROM alert_steps s WHERE s.alert_id IN (SELECT a.id FROM alerts a WHERE {Waits} ORDER BY a.id DESC LIMIT @most) ORDER BY s.alert_id, s.roster_id, s.step",
        new { most = MostOpen }, read.Transaction)).ToLookup(step => (step.Alert, step.Roster));

    /// <summary>True while nobody has acknowledged an alert in force; on PostgreSQL it stays so until the transaction ends.</summary>
    public static async Task<bool> StillWaits(WriteScope scope, long alert) => await scope.Connection.ExecuteScalarAsync<long?>(
        $"SELECT a.id FROM alerts a WHERE a.id = @alert AND {Waits}" + (scope.Engine == Engine.Postgres ? " FOR NO KEY UPDATE" : ""), new { alert }, scope.Transaction) is not null;

    /// <summary>A rule as it was in a revision, whose words never change.</summary>
    public async Task<Rule> Rule(ReadScope read, string id, long revision)
    {
        if (rules.TryGetValue((id, revision), out var known))
        {
            return known;
        }

        if (rules.Count >= MostRules)
        {
            rules.Clear();
        }

        var body = await read.Connection.ExecuteScalarAsync<string>("SELECT body FROM rule_revisions WHERE rule_id = @id AND revision = @revision", new { id, revision }, read.Transaction);
        return rules[(id, revision)] = JsonSerializer.Deserialize<Rule>(body!, RuleForm.Options)!;
    }
}
