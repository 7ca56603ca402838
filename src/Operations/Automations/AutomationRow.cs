using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>Reads and writes revisions of automations.</summary>
internal static class AutomationRow
{
    private const string Columns = "r.automation_id AS Id, " + RevisionRow.Columns;

    private const string Newest = "r.state = 2 AND r.revision = (SELECT max(n.revision) FROM automation_revisions n WHERE n.automation_id = r.automation_id AND n.state = 2)";

    public static string Write(Automation automation) => JsonSerializer.Serialize(automation, RuleForm.Options);

    /// <summary>What is in force of each automation, and what waits; or of one alone.</summary>
    public static async Task<IReadOnlyList<KnownAutomation>> Known(ReadScope read, string? id = null)
    {
        var rows = (await read.Connection.QueryAsync<RevisionRow>($"SELECT {Columns} FROM automation_revisions r WHERE (({Newest}) OR r.state = 1) AND {(id is null ? "1 = 1" : "r.automation_id = @id")} ORDER BY r.automation_id, r.revision", new { id }, read.Transaction)).Select(row => row.Automation);
        var pauses = (await read.Connection.QueryAsync<(string Id, long At)>("SELECT automation_id, at FROM automation_pauses", null, read.Transaction)).ToDictionary(pause => pause.Id, pause => IsoTime.FromMicros(pause.At));
        return
        [
            .. rows.GroupBy(revision => revision.Id).Select(each => new KnownAutomation(
                each.Key, each.LastOrDefault(revision => revision.State == RuleReview.Approved), each.LastOrDefault(revision => revision.State == RuleReview.Proposed), pauses.TryGetValue(each.Key, out var at) ? at : null)),
        ];
    }

    /// <summary>Every revision, the newest first.</summary>
    public static async Task<IReadOnlyList<AutomationRevision>> Revisions(ReadScope read, string id) =>
        [.. (await read.Connection.QueryAsync<RevisionRow>($"SELECT {Columns} FROM automation_revisions r WHERE r.automation_id = @id ORDER BY r.revision DESC", new { id }, read.Transaction)).Select(row => row.Automation)];

    /// <summary>The revision that waits for review; null when none of this number does.</summary>
    public static async Task<AutomationRevision?> Waiting(WriteScope scope, string id, int revision) =>
        (await scope.Connection.QuerySingleOrDefaultAsync<RevisionRow>($"SELECT {Columns} FROM automation_revisions r WHERE r.automation_id = @id AND r.revision = @revision AND r.state = 1", new { id, revision }, scope.Transaction))?.Automation;

    /// <summary>Adds a revision; what comes into force ends a pause.</summary>
    public static async Task<AutomationRevision> Add(WriteScope scope, string id, Automation automation, bool isOn, RuleReview state, string? by, DateTimeOffset now)
    {
        var number = await scope.Connection.ExecuteScalarAsync<int>("SELECT coalesce(max(revision), 0) + 1 FROM automation_revisions WHERE automation_id = @id", new { id }, scope.Transaction);
        var force = state == RuleReview.Approved ? now : (DateTimeOffset?)null;
        await scope.Connection.ExecuteAsync(
            "INSERT INTO automation_revisions (automation_id, revision, body, is_on, state, made_by, made_at, in_force_at) VALUES (@id, @number, @body, @on, @state, @by, @now, @force)",
            new { id, number, body = Write(automation), on = isOn ? 1 : 0, state = (int)state, by, now = now.ToMicros(), force = force?.ToMicros() }, scope.Transaction);
        if (force is not null)
        {
            await EndPause(scope, id);
        }

        return new AutomationRevision(id, number, automation, isOn, state, by, now) { InForceAt = force };
    }

    public static Task<int> EndPause(WriteScope scope, string id) => scope.Connection.ExecuteAsync("DELETE FROM automation_pauses WHERE automation_id = @id", new { id }, scope.Transaction);
}
