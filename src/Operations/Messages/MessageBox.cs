using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Messages;

/// <summary>Puts messages to be sent into the store, in the transaction of what causes them: one for a cause, a recipient and a channel, ever.</summary>
internal static class MessageBox
{
    /// <summary>What came of a message that was never sent, because what it tells was over.</summary>
    public const string Superseded = "superseded";

    /// <summary>A condition for messages that call to an alert which is over: raised, upgraded, escalated, or a scenario that it started.</summary>
    public const string IsStale = "(kind IN (1, 2, 4) OR (kind = 7 AND cause LIKE 'scenario:%')) AND EXISTS (SELECT 1 FROM alerts a WHERE a.id = messages.alert_id AND a.lifted_at IS NOT NULL)";

    /// <summary>What is the same for all who are told.</summary>
    /// <param name="Cause">Its word, such as <c>alert:5:raised</c>.</param>
    /// <param name="Kind">What is told.</param>
    /// <param name="Alert">The alert; null for none.</param>
    /// <param name="Facts">What it says.</param>
    /// <param name="IsUrgent">True when it breaks through quiet hours.</param>
    public sealed record Letter(string Cause, MessageKind Kind, long? Alert, MessageFacts Facts, bool IsUrgent);

    /// <summary>Tells a person: by e-mail, and by text message who gave a telephone.</summary>
    public static async Task ToPerson(WriteScope scope, Letter letter, string person, DateTimeOffset now)
    {
        await Put(scope, letter, "person:" + person, MessageChannel.Email, now);
        if (await scope.Connection.ExecuteScalarAsync<string?>("SELECT phone FROM message_contacts WHERE person = @person", new { person }, scope.Transaction) is not null)
        {
            await Put(scope, letter, "person:" + person, MessageChannel.Sms, now);
        }
    }

    /// <summary>Tells all who want to know of a rule, by each way they gave.</summary>
    public static async Task ToContacts(WriteScope scope, Letter letter, string rule, DateTimeOffset now)
    {
        var contacts = (await scope.Connection.QueryAsync<Ways>($"SELECT {Ways.Columns} FROM message_contacts WHERE person IS NULL ORDER BY id", null, scope.Transaction)).AsList();
        foreach (var contact in contacts.Where(contact => JsonSerializer.Deserialize<string[]>(contact.Rules, RuleForm.Options) is { } wanted && (wanted.Contains(rule) || wanted.Contains("*"))))
        {
            await Put(scope, letter, contact, now);
        }
    }

    /// <summary>Tells one contact, by each way it gave; false when there is none of this number.</summary>
    public static async Task<bool> ToContact(WriteScope scope, Letter letter, long contact, DateTimeOffset now)
    {
        if (await scope.Connection.QuerySingleOrDefaultAsync<Ways>($"SELECT {Ways.Columns} FROM message_contacts WHERE id = @contact AND person IS NULL", new { contact }, scope.Transaction) is not { } ways)
        {
            return false;
        }

        await Put(scope, letter, ways, now);
        return true;
    }

    private static async Task Put(WriteScope scope, Letter letter, Ways contact, DateTimeOffset now)
    {
        foreach (var (has, channel) in ((long, MessageChannel)[])[(contact.Email, MessageChannel.Email), (contact.Phone, MessageChannel.Sms), (contact.Url, MessageChannel.Webhook)])
        {
            if (has == 1)
            {
                await Put(scope, letter, FormattableString.Invariant($"contact:{contact.Id}"), channel, now);
            }
        }
    }

    /// <summary>What tells of an alert that is over, and was not taken yet, is not sent any more: what ended it is the news. Answers how many.</summary>
    /// <param name="scope">The transaction.</param>
    /// <param name="which">Which messages, by <c>@id</c>.</param>
    /// <param name="id">The message, or the alert.</param>
    public static Task<int> Supersede(WriteScope scope, string which, long id) => scope.Connection.ExecuteAsync(
        $"UPDATE messages SET state = 4, outcome = '{Superseded}' WHERE {which} AND state = 1 AND {IsStale}", new { id }, scope.Transaction);

    /// <summary>One message; nothing when it was put before.</summary>
    public static Task Put(WriteScope scope, Letter letter, string recipient, MessageChannel channel, DateTimeOffset now) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO messages (cause, kind, alert_id, recipient, channel, facts, urgent, state, next_at, made_at) VALUES (@Cause, @kind, @Alert, @recipient, @channel, @facts, @urgent, 1, @now, @now)
        ON CONFLICT (cause, recipient, channel) DO NOTHING
        """,
        new { letter.Cause, kind = (int)letter.Kind, letter.Alert, recipient, channel = (int)channel, facts = letter.Facts.Write(), urgent = letter.IsUrgent ? 1 : 0, now = now.ToMicros() },
        scope.Transaction);

    /// <summary>By which ways a contact can be told.</summary>
    private sealed record Ways
    {
        public const string Columns = "id AS Id, rules AS Rules, CASE WHEN email IS NULL THEN 0 ELSE 1 END AS Email, CASE WHEN phone IS NULL THEN 0 ELSE 1 END AS Phone, CASE WHEN url IS NULL THEN 0 ELSE 1 END AS Url";

        public long Id { get; init; }

        public string Rules { get; init; } = "";

        public long Email { get; init; }

        public long Phone { get; init; }

        public long Url { get; init; }
    }
}
