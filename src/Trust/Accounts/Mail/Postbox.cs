using System.Net.Mail;
using System.Threading.Channels;
using Madang.Kernel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Trust.Accounts.Mail;

/// <summary>
/// Letters wait here for the door, so that a page answers at once, and as quickly where nobody is written to. A letter that
/// cannot be sent is tried three times; it is lost with the process, and the person asks for another.
/// </summary>
internal sealed partial class Postbox(IMailDoor door, TimeProvider clock, ILogger<Postbox> log) : BackgroundService
{
    private const int Room = 1000, Tries = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Channel<Letter> letters = Channel.CreateBounded<Letter>(new BoundedChannelOptions(Room) { SingleReader = true });

    /// <summary>Puts a letter in; a full box is answered with 503.</summary>
    public void Put(Letter letter)
    {
        if (!letters.Writer.TryWrite(letter))
        {
            throw new UnavailableException("mail-busy", "Too many letters wait to be sent.", TimeSpan.FromSeconds(60));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (door is MailFolder { Folder: var folder })
        {
            InFolder(log, folder);
        }

        await foreach (var letter in letters.Reader.ReadAllAsync(stoppingToken))
        {
            await Send(letter, stoppingToken);
        }
    }

    private async Task Send(Letter letter, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await door.Send(letter, cancel);
                return;
            }
            catch (Exception exception) when (exception is SmtpException or IOException or UnauthorizedAccessException or FormatException)
            {
                if (attempt == Tries)
                {
                    Lost(log, exception);
                    return;
                }

                await Task.Delay(Pause * attempt, clock, cancel);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No mail server is set (Accounts:MailServer): letters, and the links in them, are files in {Folder}.")]
    private static partial void InFolder(ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "A letter could not be sent.")]
    private static partial void Lost(ILogger log, Exception cause);
}
