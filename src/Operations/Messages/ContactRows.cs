using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Messages;

/// <summary>A contact as it stands in the store, with the secret that signs what it is told.</summary>
internal sealed record ContactRow
{
    private const string Columns =
        "id AS Id, name AS Name, person AS Person, email AS Email, phone AS Phone, url AS Url, secret AS Secret, language AS Language, rules AS Rules, quiet_from AS QuietFrom, quiet_until AS QuietUntil, changed_at AS ChangedAt";

    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string? Person { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public string? Url { get; init; }

    public string? Secret { get; init; }

    public string Language { get; init; } = "";

    public string Rules { get; init; } = "";

    public long? QuietFrom { get; init; }

    public long? QuietUntil { get; init; }

    public long ChangedAt { get; init; }

    public QuietHours? Quiet => (QuietFrom, QuietUntil) is ({ } from, { } until) ? new QuietHours(Time(from), Time(until)) : null;

    public MessageContact Contact => new(
        Id,
        new ContactForm
        {
            Name = Name, Person = Person, Email = Email, Phone = Phone, Url = Url, Language = Language, Rules = JsonSerializer.Deserialize<string[]>(Rules, RuleForm.Options)!, QuietFrom = Quiet?.From, QuietUntil = Quiet?.Until,
        },
        IsoTime.FromMicros(ChangedAt));

    public static async Task<IReadOnlyList<ContactRow>> List(ReadScope read) => (await read.Connection.QueryAsync<ContactRow>($"SELECT {Columns} FROM message_contacts ORDER BY id", null, read.Transaction)).AsList();

    /// <summary>The contact of a recipient: itself, or what a person gave; null for none.</summary>
    public static Task<ContactRow?> Find(ReadScope read, long? id, string? person) =>
        read.Connection.QuerySingleOrDefaultAsync<ContactRow>($"SELECT {Columns} FROM message_contacts WHERE {(person is null ? "id = @id" : "person = @person")}", new { id, person }, read.Transaction);

    private static TimeOnly Time(long minutes) => TimeOnly.MinValue.AddMinutes(minutes);
}
