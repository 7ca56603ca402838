using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Cap;

/// <summary>Keeps a message of another agency, and ends those in whose place it came.</summary>
internal sealed class CapInbox(WriteScope scope, Recorder recorder)
{
    /// <summary>The number under which it is kept, and whether it is new.</summary>
    public async Task<(long Id, bool IsNew)> Keep(CapLetter letter, byte[] body, DateTimeOffset now)
    {
        var name = new { letter.Name.Sender, letter.Name.Identifier, sent = letter.Name.Sent.ToMicros() };
        // Looked at before its end: what came in time and comes again is answered as before.
        if (await FindKept(name, body) is { } before)
        {
            return (before, false);
        }

        if (letter.Kind != "Cancel" && !(letter.Expires > now))
        {
            throw new InvalidInputException("alert.info.expires", "lies in the past: it is over already");
        }

        var provider = Caller.Current.Provider;
        var id = await scope.Connection.ExecuteScalarAsync<long?>(
            """
            INSERT INTO cap_received (sender, identifier, sent, status, kind, scope, expires, provider_id, received_at, told, body)
            VALUES (@Sender, @Identifier, @sent, @Status, @Kind, @Scope, @expires, @provider, @now, @told, @body) ON CONFLICT (sender, identifier, sent) DO NOTHING RETURNING id
            """,
            new { name.Sender, name.Identifier, name.sent, letter.Status, letter.Kind, letter.Scope, expires = letter.Expires?.ToMicros(), provider, now = now.ToMicros(), told = JsonSerializer.Serialize(letter.Told), body },
            scope.Transaction);
        if (id is not { } kept)
        {
            // Somebody brought it at the same moment.
            return (await FindKept(name, body) ?? throw new UnavailableException("warning-busy", "The same warning is being taken in.", TimeSpan.FromSeconds(1)), false);
        }

        foreach (var reference in letter.References.Distinct())
        {
            await scope.Connection.ExecuteAsync(
                "INSERT INTO cap_received_references (received_id, sender, identifier, sent) VALUES (@kept, @Sender, @Identifier, @sent)", new { kept, reference.Sender, reference.Identifier, sent = reference.Sent.ToMicros() }, scope.Transaction);
        }

        await End(letter, kept, provider, now);
        var thing = kept.ToString(CultureInfo.InvariantCulture);
        await recorder.Record(scope, Caller.Current.Entry("warning.take", Act.Write, Kinds.Warning) with { Thing = thing, After = body });
        return (kept, true);
    }

    private async Task<long?> FindKept(object name, byte[] body)
    {
        var known = await scope.Connection.QuerySingleOrDefaultAsync<Known>("SELECT id AS Id, body AS Body FROM cap_received WHERE sender = @Sender AND identifier = @Identifier AND sent = @sent", name, scope.Transaction);
        return known is null ? null : known.Body.AsSpan().SequenceEqual(body) ? known.Id
            : throw new CityRuleException("warning-differs", "A message of this sender, identifier and time is here already, and says something else. A message that was sent never changes: send an Update.");
    }

    /// <summary>
    /// An Update or a Cancel ends what it names, whichever came first. A key of one agency ends only what the same agency
    /// brought, and only an Actual message ends an Actual one: an exercise that cancels a real warning does nothing.
    /// </summary>
    private async Task End(CapLetter letter, long kept, long? provider, DateTimeOffset now)
    {
        var values = new { kept, now = now.ToMicros(), provider, letter.Status, letter.Name.Sender, letter.Name.Identifier, sent = letter.Name.Sent.ToMicros() };
        await scope.Connection.ExecuteAsync(
            $"""
            UPDATE cap_received SET ended_at = @now, ended_by = @kept WHERE ended_at IS NULL AND id <> @kept AND status = @Status AND {(provider is null ? "1 = 1" : "provider_id = @provider")}
            AND EXISTS (SELECT 1 FROM cap_received_references r WHERE r.received_id = @kept AND r.sender = cap_received.sender AND r.identifier = cap_received.identifier AND r.sent = cap_received.sent)
            """,
            values, scope.Transaction);
        await scope.Connection.ExecuteAsync(
            $"""
            UPDATE cap_received SET ended_at = @now, ended_by = (SELECT min(r.received_id) FROM cap_received_references r JOIN cap_received l ON l.id = r.received_id WHERE {Names}) WHERE id = @kept
            AND EXISTS (SELECT 1 FROM cap_received_references r JOIN cap_received l ON l.id = r.received_id WHERE {Names})
            """,
            values, scope.Transaction);
    }

    /// <summary>A message that came before and names this one.</summary>
    private const string Names = "r.sender = @Sender AND r.identifier = @Identifier AND r.sent = @sent AND r.received_id <> @kept AND l.status = @Status AND (l.provider_id IS NULL OR l.provider_id = cap_received.provider_id)";

    private sealed record Known
    {
        public long Id { get; init; }

        public byte[] Body { get; init; } = [];
    }
}
