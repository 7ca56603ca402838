using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;

namespace Madang.Trust.Accounts.Mail;

/// <summary>Letters through a mail server: SMTP with STARTTLS, by the framework's own client.</summary>
internal sealed class MailServer(AccountsOptions options) : IMailDoor
{
    /// <summary>Message submission (RFC 6409).</summary>
    private const int SubmissionPort = 587;

    private const int PatienceMilliseconds = 30_000;

    public async Task Send(Letter letter, CancellationToken cancel)
    {
        var parts = options.MailServer!.Split(':');
        using var client = new SmtpClient(parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : SubmissionPort)
        {
            EnableSsl = options.MailTls, Timeout = PatienceMilliseconds,
            Credentials = options.MailName is { Length: > 0 } name ? new NetworkCredential(name, options.MailPassword) : null,
        };
        using var message = new MailMessage(options.MailFrom, letter.To, letter.Subject, letter.Text) { SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        await client.SendMailAsync(message, cancel);
    }
}
