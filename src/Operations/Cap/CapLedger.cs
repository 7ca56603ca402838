using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Cap;

/// <summary>An alert with what was said of it to other systems.</summary>
internal sealed record CapChain
{
    public required long Alert { get; init; }

    public required Rule Rule { get; init; }

    public required string Subject { get; init; }

    public required RuleText SubjectName { get; init; }

    public required bool IsSimulated { get; init; }

    public required bool IsStorm { get; init; }

    public required IReadOnlyList<CapLine> Lines { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>The line up to which it is said, and the number of the last message; 0 when nothing was said.</summary>
    public required long Line { get; init; }

    public required int Number { get; init; }

    /// <summary>The last messages, the newest first.</summary>
    public required IReadOnlyList<(CapReference Name, DateTimeOffset Expires)> Said { get; init; }
}

/// <summary>An alert whose story went on since it was said last.</summary>
/// <param name="Alert">Its number.</param>
/// <param name="IsOver">True when it ended meanwhile.</param>
internal sealed record UnsaidAlert(long Alert, bool IsOver);

/// <summary>What the messages are made from, and the messages as they were given out.</summary>
internal sealed class CapLedger(IDatabase database)
{
    private const int MostLines = 1_000, MostMembers = 1_000, MostSaid = 50;

    /// <summary>The most alerts of one turn.</summary>
    public const int AtOnce = 200;

    /// <summary>The acts that are no doing of officials.</summary>
    private const int LastPublicAct = (int)AlertAct.Folded;

    /// <summary>The newest line of all stories.</summary>
    public async Task<long> Newest(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long>("SELECT coalesce(max(id), 0) FROM alert_entries", null, read.Transaction);
    }

    /// <summary>Alerts whose story went on since they were said last, of those in force or that ended after a moment; a page of them, behind the last of the page before.</summary>
    public async Task<IReadOnlyList<UnsaidAlert>> ListUnsaid(DateTimeOffset since, long after, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<(long Id, long IsOver)>(
            $"""
            SELECT a.id, CASE WHEN a.lifted_at IS NULL THEN 0 ELSE 1 END FROM alerts a LEFT JOIN cap_chains c ON c.alert_id = a.id WHERE a.id > @after AND (a.lifted_at IS NULL OR a.lifted_at > @since)
            AND EXISTS (SELECT 1 FROM alert_entries e WHERE e.alert_id = a.id AND e.act <= {LastPublicAct} AND e.id > coalesce(c.entry_id, 0)) ORDER BY a.id LIMIT {AtOnce}
            """,
            new { since = since.ToMicros(), after },
            read.Transaction)).Select(row => new UnsaidAlert(row.Id, row.IsOver == 1)).ToList();
    }

    /// <summary>Alerts whose last message is to be renewed.</summary>
    public async Task<IReadOnlyList<long>> ListOld(DateTimeOffset now, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return (await read.Connection.QueryAsync<long>($"SELECT alert_id FROM cap_chains WHERE renew_at IS NOT NULL AND renew_at <= @now ORDER BY renew_at LIMIT {AtOnce}", new { now = now.ToMicros() }, read.Transaction)).AsList();
    }

    /// <summary>All that is known of an alert; null when it is gone.</summary>
    public async Task<CapChain?> Find(long alert, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var row = await read.Connection.QuerySingleOrDefaultAsync<Row>(
            """
            SELECT r.body AS Body, a.subject AS Subject, a.subject_name_ko AS Ko, a.subject_name_en AS En, a.simulated AS Simulated, a.is_storm AS IsStorm, coalesce(c.entry_id, 0) AS Line, coalesce(c.number, 0) AS Number
            FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision LEFT JOIN cap_chains c ON c.alert_id = a.id WHERE a.id = @alert
            """,
            new { alert },
            read.Transaction);
        if (row is null)
        {
            return null;
        }

        var lines = await read.Connection.QueryAsync<LineRow>(
            $"SELECT id AS Id, at AS At, act AS Act, level AS Level, value AS Value, moment AS Moment, CASE WHEN act = {LastPublicAct} THEN note END AS Joined FROM alert_entries WHERE alert_id = @alert AND act <= {LastPublicAct} ORDER BY id DESC LIMIT {MostLines}",
            new { alert }, read.Transaction);
        var members = row.IsStorm == 0 ? [] : (await read.Connection.QueryAsync<string>($"SELECT subject FROM alert_members WHERE alert_id = @alert ORDER BY CASE WHEN level > 0 THEN 0 ELSE 1 END, since, subject LIMIT {MostMembers}", new { alert }, read.Transaction)).AsList();
        var said = await read.Connection.QueryAsync<(string Sender, string Id, long Sent, long Expires)>($"SELECT sender, id, sent, expires FROM cap_messages WHERE alert_id = @alert ORDER BY number DESC LIMIT {MostSaid}", new { alert }, read.Transaction);
        return new CapChain
        {
            Alert = alert, Rule = JsonSerializer.Deserialize<Rule>(row.Body, RuleForm.Options)!, Subject = row.Subject, SubjectName = new(row.Ko, row.En), IsSimulated = row.Simulated == 1, IsStorm = row.IsStorm == 1, Members = members,
            Lines = [.. lines.Reverse().Select(line => line.Line)], Line = row.Line, Number = (int)row.Number,
            Said = [.. said.Select(each => (new CapReference(each.Sender, each.Id, IsoTime.FromMicros(each.Sent)), IsoTime.FromMicros(each.Expires)))],
        };
    }

    /// <summary>Keeps messages, unless another node said the same meanwhile.</summary>
    /// <param name="chain">As it was when they were made.</param>
    /// <param name="line">Up to which line of the story it is said with them.</param>
    /// <param name="messages">In order; none when that line says nothing to the public.</param>
    /// <param name="renewAt">When the last is to be renewed; null for never.</param>
    /// <param name="cancel">Ends the work.</param>
    public Task Keep(CapChain chain, long line, IReadOnlyList<(CapMessage Message, string Body)> messages, DateTimeOffset? renewAt, CancellationToken cancel) => database.Write(
        async scope =>
        {
            var row = new { alert = chain.Alert, line, number = chain.Number + messages.Count, renew = renewAt?.ToMicros(), wasLine = chain.Line, wasNumber = chain.Number };
            var kept = await scope.Connection.ExecuteAsync(
                """
                INSERT INTO cap_chains (alert_id, entry_id, number, renew_at) VALUES (@alert, @line, @number, @renew)
                ON CONFLICT (alert_id) DO UPDATE SET entry_id = excluded.entry_id, number = excluded.number, renew_at = excluded.renew_at WHERE cap_chains.entry_id = @wasLine AND cap_chains.number = @wasNumber
                """,
                row, scope.Transaction);
            for (var each = 0; kept == 1 && each < messages.Count; each++)
            {
                var (message, body) = messages[each];
                await scope.Connection.ExecuteAsync(
                    """
                    INSERT INTO cap_messages (id, alert_id, number, entry_id, kind, simulated, sender, sent, expires, title_ko, title_en, body)
                    VALUES (@Identifier, @alert, @number, @line, @kind, @simulated, @Sender, @sent, @expires, @ko, @en, @body)
                    """,
                    new
                    {
                        message.Identifier, alert = chain.Alert, number = chain.Number + each + 1, line = message.Saying.Line, kind = (int)message.Kind, simulated = message.IsSimulated ? 1 : 0, message.Sender, sent = message.Sent.ToMicros(),
                        expires = message.Expires.ToMicros(), ko = message.Korean.Headline, en = message.English.Headline, body,
                    },
                    scope.Transaction);
            }
        },
        cancel);

    private sealed record Row
    {
        public string Body { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Ko { get; init; } = "";

        public string En { get; init; } = "";

        public long Simulated { get; init; }

        public long IsStorm { get; init; }

        public long Line { get; init; }

        public long Number { get; init; }
    }

    private sealed record LineRow
    {
        public long Id { get; init; }

        public long At { get; init; }

        public long Act { get; init; }

        public long Level { get; init; }

        public double? Value { get; init; }

        public long? Moment { get; init; }

        public string? Joined { get; init; }

        public CapLine Line => new(Id, IsoTime.FromMicros(At), (AlertAct)Act, (int)Level, Value, Moment is { } moment ? IsoTime.FromMicros(moment) : null, Joined);
    }
}
