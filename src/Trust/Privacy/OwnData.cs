using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Privacy;

/// <summary>What Trust itself holds of a person: account, ways in, devices, roles, keys, and what the record tells.</summary>
internal sealed class OwnData(IDatabase database, RecordedSubjects subjects, TimeProvider clock) : IPersonalData
{
    /// <summary>Entries of the record in one export; older ones are told of by number.</summary>
    public const int MostEntries = 100_000;

    private const int EntriesAtOnce = 1_000;

    /// <summary>Lists of one account that are longer than this are nobody's account.</summary>
    private const int MostRows = 10_000;

    /// <summary>What is told, in which words: no secret is among it, and no digest of one.</summary>
    private static readonly (string Name, string Sql)[] Lists =
    [
        ("account", "SELECT id, user_name AS \"signInName\", name, email, email_confirmed AS \"emailConfirmed\", language, made AS \"@made\", starting_role AS \"startingRole\", is_demo AS \"demo\", password_changed AS \"@passwordChanged\", totp_since AS \"@authenticatorAppSince\" FROM trust_person WHERE id = @person"),
        ("passkeys", "SELECT data FROM trust_person_passkey WHERE user_id = @person"),
        ("linkedAccounts", "SELECT login_provider AS \"provider\", provider_key AS \"numberThere\", provider_display_name AS \"title\" FROM trust_person_login WHERE user_id = @person"),
        ("recoveryCodes", "SELECT count(*) AS \"left\" FROM trust_recovery_code WHERE person = @person"),
        ("sessions", "SELECT made AS \"@made\", seen AS \"@seen\", ends AS \"@ends\", address, agent, method FROM trust_session WHERE person = @person ORDER BY made"),
        ("links", "SELECT kind, made AS \"@made\", ends AS \"@ends\", CASE WHEN kind = 'address' THEN data END AS \"newEmail\" FROM trust_ticket WHERE person = @person ORDER BY made"),
        ("roles", "SELECT role, department_id AS \"department\", purpose, from_time AS \"@from\", to_time AS \"@to\" FROM trust_grants WHERE person = @person ORDER BY id"),
        ("rolesGiven", "SELECT id, role, from_time AS \"@from\" FROM trust_grants WHERE given_by = @subject ORDER BY id"),
        ("limits", "SELECT per_second AS \"perSecond\", burst, note, from_time AS \"@from\", to_time AS \"@to\" FROM trust_limits WHERE kind = 'account' AND subject = @person ORDER BY id"),
        ("keysMade", "SELECT id, name, made_at AS \"@made\" FROM trust_keys WHERE made_by = @subject ORDER BY made_at"),
    ];

    public string Part => "trust";

    public async Task Export(Utf8JsonWriter json, string person, CancellationToken cancel)
    {
        json.WriteStartObject();
        await using (var read = await database.Read(cancel))
        {
            foreach (var (name, sql) in Lists)
            {
                var rows = await read.Connection.QueryAsync(new CommandDefinition($"{sql} LIMIT {MostRows}", new { person, subject = PersonalDesk.SubjectOf(person) }, read.Transaction, cancellationToken: read.Cancel));
                json.WriteStartArray(name);
                foreach (IDictionary<string, object?> row in rows)
                {
                    ExportRow.Write(json, row);
                }

                json.WriteEndArray();
            }
        }

        json.WriteStartArray("record");
        if (await subjects.FindDigest(PersonalDesk.SubjectOf(person), cancel) is { } digest)
        {
            await WriteEntries(json, digest, cancel);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task Forget(WriteScope scope, string person)
    {
        var row = new { person, now = clock.GetUtcNow().ToMicros(), citizen = "citizen", by = "erasure" };
        if (await scope.Connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM trust_grants WHERE person = @person AND role <> @citizen)", row, scope.Transaction))
        {
            // Whoever was entrusted with something stays known by name, apart from all else, as long as the law asks for it.
            await scope.Connection.ExecuteAsync("INSERT INTO trust_departed (person, name, left_at) SELECT id, name, @now FROM trust_person WHERE id = @person", row, scope.Transaction);
            await scope.Connection.ExecuteAsync("UPDATE trust_grants SET to_time = @now, ended_by = @by WHERE person = @person AND (to_time IS NULL OR to_time > @now)", row, scope.Transaction);
        }
        else
        {
            await scope.Connection.ExecuteAsync("DELETE FROM trust_grants WHERE person = @person", row, scope.Transaction);
            await subjects.Forget(scope, PersonalDesk.SubjectOf(person));
        }

        await scope.Connection.ExecuteAsync("DELETE FROM trust_limits WHERE kind = @account AND subject = @person", new { person, account = Limit.Account }, scope.Transaction);
        // Sessions, passkeys, links and codes go with it.
        await scope.Connection.ExecuteAsync("DELETE FROM trust_person WHERE id = @person", row, scope.Transaction);
    }

    /// <summary>The person's own acts, and others' to her data; of the others their role and purpose, not who they are.</summary>
    private async Task WriteEntries(Utf8JsonWriter json, string digest, CancellationToken cancel)
    {
        foreach (var (mine, condition) in ((bool, string)[])[(true, "who = @digest"), (false, "kind = 'person' AND thing = @digest AND who <> @digest")])
        {
            var before = long.MaxValue;
            for (var told = 0; told < MostEntries; told += EntriesAtOnce)
            {
                await using var read = await database.Read(cancel);
                var rows = (await read.Connection.QueryAsync<(long Seq, long Moment, string Action, string? Role, string? Purpose, string? Kind, string? Thing, string Result)>(
                    $"SELECT seq, moment, action, role, purpose, kind, thing, result FROM trust_record WHERE {condition} AND seq < @before ORDER BY seq DESC LIMIT @most", new { digest, before, most = EntriesAtOnce }, read.Transaction)).AsList();
                foreach (var row in rows)
                {
                    ExportRow.Write(json, new Dictionary<string, object?>
                    {
                        ["number"] = row.Seq, ["@at"] = row.Moment, ["by"] = mine ? "me" : "another", ["action"] = row.Action, ["role"] = row.Role, ["purpose"] = row.Purpose, ["kind"] = row.Kind,
                        ["thing"] = row.Thing == digest ? "me" : mine ? row.Thing : null, ["result"] = row.Result,
                    });
                }

                await json.FlushAsync(cancel);
                if (rows.Count < EntriesAtOnce)
                {
                    break;
                }

                before = rows[^1].Seq;
            }
        }
    }
}
