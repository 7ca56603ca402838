using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Messages;
using Madang.Operations.Rules;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Whom to tell beside the addresses of accounts; for those who act on alerts. To look at them is recorded, for they are people's.</summary>
public sealed partial class ContactDesk
{
    /// <summary>The most contacts of a city.</summary>
    public const int Most = 500;

    private const int LongestName = 100, LongestMail = 254, LongestPerson = 64, MostRules = 100;

    /// <summary>Without addresses: what they are is nobody's digest.</summary>
    private const string Image = "SELECT id, language, rules, quiet_from, quiet_until FROM message_contacts WHERE id = @id";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly Colleagues colleagues;
    private readonly OutwardCalls calls;
    private readonly TimeProvider clock;

    internal ContactDesk(IDatabase database, Recorder recorder, Colleagues colleagues, OutwardCalls calls, TimeProvider clock) =>
        (this.database, this.recorder, this.colleagues, this.calls, this.clock) = (database, recorder, colleagues, calls, clock);

    /// <summary>Every contact, in order of their numbers.</summary>
    public async Task<IReadOnlyList<MessageContact>> List(CancellationToken cancel)
    {
        DutyRights.Demand();
        IReadOnlyList<ContactRow> rows;
        await using (var read = await database.Read(cancel))
        {
            rows = await ContactRow.List(read);
        }

        await recorder.Record(Caller.Current.Entry("contacts.list", Act.Write, Kinds.Alert) with { Kind = "contact" });
        return [.. rows.Select(row => row.Contact)];
    }

    /// <summary>Adds a contact, and answers its number and, for one that is called, the secret that signs its calls: the only time that is told.</summary>
    /// <exception cref="InvalidInputException">Something of it cannot be: by the name of the field.</exception>
    /// <exception cref="CityRuleException">The person has one already, or there are as many as a city may have (409).</exception>
    public async Task<(long Id, string? Secret)> Make(ContactForm form, CancellationToken cancel)
    {
        DutyRights.Demand();
        Check(form);
        if (form.Person is { } person && !(await colleagues.List([person], cancel)).ContainsKey(person))
        {
            throw new InvalidInputException("person", "has no account here that may come in");
        }

        var url = form.Url is null ? null : await calls.Check(form.Url, cancel);
        var secret = url is null ? null : OutwardCalls.MakeSecret();
        var id = await database.Write(
            async scope =>
            {
                if (await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM message_contacts", null, scope.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-contacts", $"A city has at most {Most} contacts.");
                }

                var made = await scope.Connection.ExecuteScalarAsync<long?>(
                    """
                    INSERT INTO message_contacts (name, person, email, phone, url, secret, language, rules, quiet_from, quiet_until, changed_by, changed_at)
                    VALUES (@name, @Person, @Email, @Phone, @url, @secret, @Language, @rules, @from, @until, @by, @now) ON CONFLICT DO NOTHING RETURNING id
                    """,
                    new
                    {
                        name = form.Name.Trim(), form.Person, form.Email, form.Phone, url, secret, form.Language, rules = JsonSerializer.Serialize(form.Rules, RuleForm.Options), from = Minutes(form.QuietFrom), until = Minutes(form.QuietUntil),
                        by = Caller.Current.Id, now = clock.GetUtcNow().ToMicros(),
                    },
                    scope.Transaction) ?? throw new CityRuleException("contact-taken", "This person has a contact already; delete it first.");
                await recorder.Record(scope, Entry("contact.make", made) with { After = await RowImage.Read(scope, Image, new { id = made }) });
                return made;
            },
            cancel);
        return (id, secret);
    }

    /// <summary>Deletes a contact; what waits for it fails.</summary>
    /// <exception cref="CityRuleException">There is none of this number (404).</exception>
    public Task Delete(long id, CancellationToken cancel)
    {
        DutyRights.Demand();
        return database.Write(
            async scope =>
            {
                var before = await RowImage.Read(scope, Image, new { id }) ?? throw new CityRuleException("not-found", FormattableString.Invariant($"Contact {id} is not here."), 404);
                await scope.Connection.ExecuteAsync("DELETE FROM message_contacts WHERE id = @id", new { id }, scope.Transaction);
                await recorder.Record(scope, Entry("contact.delete", id) with { Before = before });
            },
            cancel);
    }

    private static void Check(ContactForm form)
    {
        Need(!string.IsNullOrWhiteSpace(form.Name) && form.Name.Length <= LongestName && !form.Name.Any(char.IsControl), "name", $"is required: one line of at most {LongestName} characters");
        Need(form.Email is null || (form.Email.Length <= LongestMail && MailAddress.TryCreate(form.Email, out var mail) && mail.Address == form.Email), "email", "is no address of e-mail");
        Need(form.Phone is null || PhoneForm().IsMatch(form.Phone), "phone", "is a telephone number: digits and hyphens, such as 010-0000-0000");
        Need(form.Language is "ko" or "en", "language", "is ko or en");
        Need(form.Rules.Count <= MostRules && form.Rules.All(rule => rule == "*" || RuleCheck.IsWord(rule)), "rules", $"are at most {MostRules} ids of rules, or *");
        Need(form.QuietFrom is null == form.QuietUntil is null, "quietUntil", "is given with 'quietFrom', or neither is");
        Need(form.QuietFrom is null || (form.QuietFrom != form.QuietUntil && IsMinute(form.QuietFrom.Value) && IsMinute(form.QuietUntil!.Value)), "quietFrom", "and 'quietUntil' are two different whole minutes, such as 22:00");
        if (form.Person is { } person)
        {
            Need(person is { Length: > 0 and <= LongestPerson }, "person", "is the id of an account");
            Need(form is { Email: null, Url: null, Rules.Count: 0 }, "person", "has a telephone and quiet hours alone: the e-mail is the account's, and duty decides of which alerts it is told");
            Need(form.Phone is not null || form.QuietFrom is not null, "phone", "or quiet hours are needed");
        }
        else
        {
            Need(form.Email is not null || form.Phone is not null || form.Url is not null, "email", "or 'phone' or 'url' is needed");
            Need(form.Rules.Count > 0, "rules", "are needed: of which alerts it is told");
        }
    }

    private static bool IsMinute(TimeOnly time) => time.Ticks % TimeSpan.TicksPerMinute == 0;

    private static long? Minutes(TimeOnly? time) => time is { } at ? at.Ticks / TimeSpan.TicksPerMinute : null;

    private static void Need(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }

    private static RecordEntry Entry(string action, long id) => Caller.Current.Entry(action, Act.Write, Kinds.Alert) with { Kind = "contact", Thing = id.ToString(CultureInfo.InvariantCulture) };

    [GeneratedRegex(@"\A\+?[0-9][0-9-]{6,18}[0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneForm();
}
