using System.Globalization;
using System.Text;
using Madang.Storage;

namespace Madang.Trust.Accounts.Mail;

/// <summary>Letters as <c>.eml</c> files that any mail program opens; only this server's user may read them, for they hold links that let in.</summary>
internal sealed class MailFolder(string folder, string from, TimeProvider clock) : IMailDoor
{
    public string Folder => folder;

    /// <summary>Where letters lie unless there is a mail server.</summary>
    public static string PlaceOf(AccountsOptions accounts, StorageOptions storage) => accounts.MailFolder ?? Path.Combine(storage.Data, "mail");

    public async Task Send(Letter letter, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd'T'HHmmss}-{Guid.NewGuid():N}.eml"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var text = $"Date: {now.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)}\r\nFrom: {from}\r\nTo: {OneLine(letter.To)}\r\n"
            + $"Subject: =?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(OneLine(letter.Subject)))}?=\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + letter.Text.ReplaceLineEndings("\r\n") + "\r\n";
        await using var file = new FileStream(path, options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
    }

    /// <summary>A line break in a header would begin another header.</summary>
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
