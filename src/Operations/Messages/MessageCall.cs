using System.Globalization;
using System.Net.Mail;
using Madang.Operations.Duty;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Messages;

/// <summary>A message that is due.</summary>
internal sealed record DueMessage
{
    public long Id { get; init; }

    public long Kind { get; init; }

    public string Recipient { get; init; } = "";

    public long Channel { get; init; }

    public string Facts { get; init; } = "";

    public long Urgent { get; init; }

    public long Attempts { get; init; }

    public long NextAt { get; init; }

    public long MadeAt { get; init; }
}

/// <summary>Where a message goes, found when it is sent: what was changed since holds.</summary>
/// <param name="Mail">The address of e-mail.</param>
/// <param name="Contact">What the recipient gave; null for a person who gave nothing.</param>
/// <param name="Language">The language.</param>
internal sealed record Whereto(string? Mail, ContactRow? Contact, string Language)
{
    /// <summary>False for a person who may not act on alerts any more, where the message is about one.</summary>
    public bool MayHear { get; init; } = true;
}

/// <summary>Hands one message to its door.</summary>
internal sealed class MessageCall(IDatabase database, Colleagues colleagues, DutyHolders holders, IMailDoor mail, SmsDoor sms, OutwardCalls calls, IOptions<AccountsOptions> accounts, TimeZoneInfo zone)
{
    /// <summary>What comes of a message that has nowhere to go, and of one to somebody who lost the role.</summary>
    public const string NoAddress = "no-address", NoRole = "no-role";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Finds where it goes; null when there is nobody any more.</summary>
    public async Task<Whereto?> Find(MessageKind about, string recipient, CancellationToken cancel)
    {
        var (kind, id) = recipient.Split(':') is [var first, var second] ? (first, second) : ("", "");
        var person = kind == "person" ? id : null;
        ContactRow? contact;
        await using (var read = await database.Read(cancel))
        {
            contact = await ContactRow.Find(read, person is null && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, person);
        }

        return person is null ? contact is null ? null : new(contact.Email, contact, contact.Language)
            : (await colleagues.List([person], cancel)).GetValueOrDefault(person) is { } colleague
                ? new(colleague.Mail, contact, colleague.Language) { MayHear = about == MessageKind.Task || (await holders.List([person], cancel)).Contains(person) } : null;
    }

    /// <summary>Until when the recipient is left in peace; null when a message may go.</summary>
    public DateTimeOffset? QuietUntil(Whereto whereto, DateTimeOffset now) => whereto.Contact?.Quiet?.EndAfter(now, zone);

    public Task<CallOutcome> Send(DueMessage message, Whereto? whereto, CancellationToken cancel)
    {
        var (kind, facts, origin) = ((MessageKind)message.Kind, MessageFacts.Read(message.Facts), accounts.Value.PublicAddress);
        var id = FormattableString.Invariant($"message-{message.Id}");
        if (kind == MessageKind.Notice && facts.Data == CityData.Simulated)
        {
            // Words of an exercise stand in the store, and in the folder of text messages; nobody is sent them.
            return message.Channel == (long)MessageChannel.Sms && whereto is { Contact.Phone: { } phone } ? sms.PutAside(id, phone, MessageText.Line(kind, facts, whereto.Language, origin), cancel) : Task.FromResult(new CallOutcome(true, SmsDoor.Simulated));
        }

        return ((MessageChannel)message.Channel, whereto) switch
        {
            (_, { MayHear: false }) => Task.FromResult(new CallOutcome(false, NoRole)),
            (MessageChannel.Email, { Mail: { } to, Language: var language }) => Mail(new Letter(to, MessageText.Title(kind, facts, language), MessageText.Letter(kind, facts, language, zone, origin)), cancel),
            (MessageChannel.Sms, { Contact.Phone: { } to, Language: var language }) => sms.Send(id, to, MessageText.Line(kind, facts, language, origin), cancel),
            (MessageChannel.Webhook, { Contact: { Url: { } url, Secret: { } secret } }) => calls.Tell(url, secret, id, MessageText.Json(id, kind, facts, Kernel.IsoTime.FromMicros(message.MadeAt), origin), cancel),
            _ => Task.FromResult(new CallOutcome(false, NoAddress)),
        };
    }

    /// <summary>What a mail door says may hold the address, so only the kind of failure is kept.</summary>
    private async Task<CallOutcome> Mail(Letter letter, CancellationToken cancel)
    {
        try
        {
            // A mail server that takes the call and says nothing holds up no other message.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience);
            await mail.Send(letter, patience.Token);
            return new(true, "taken");
        }
        catch (SmtpException exception)
        {
            return new(false, "mail server: " + exception.StatusCode);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            return new(false, exception.GetType().Name);
        }
    }
}
