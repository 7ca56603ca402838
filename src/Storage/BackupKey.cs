using System.Security.Cryptography;
using System.Text;
using Madang.Kernel;

namespace Madang.Storage;

/// <summary>What opens and closes a backup: a key file of 32 random bytes, or a passphrase.</summary>
public sealed class BackupKey
{
    /// <summary>The fewest letters of a passphrase: NIST SP 800-63B-4, 3.1.1.2, for one that stands alone.</summary>
    public const int FewestLetters = 15;

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA-512 for a passphrase. OWASP's Password Storage Cheat Sheet asks for 210,000; a backup is
    /// guessed at without anybody noticing and opened once in years, so it gets more.
    /// </summary>
    internal const int Rounds = 600_000;

    /// <summary>More rounds than any backup has: a changed header must not keep a machine busy for days.</summary>
    internal const int MostRounds = 20_000_000;

    internal const int Length = 32;

    private const string Prefix = "MADANG-BACKUP-KEY-1 ";
    private const int MostBytes = 4096;

    private readonly byte[] secret;

    private BackupKey(byte[] secret, bool isPassphrase) => (this.secret, IsPassphrase) = (secret, isPassphrase);

    internal bool IsPassphrase { get; }

    /// <summary>Makes a key file that only its owner may read; refuses to write over one.</summary>
    public static void MakeFile(string path)
    {
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnersFiles.File;
        }

        try
        {
            using var file = new FileStream(path, how);
            file.Write(Encoding.ASCII.GetBytes(Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--make-key", File.Exists(path) ? $"'{path}' is there already; a key that is lost makes its backups worthless, so none is written over" : exception.Message);
        }
    }

    /// <summary>Reads a key file.</summary>
    public static BackupKey ReadFile(string path)
    {
        var text = ReadText("--key", path);
        var bytes = new byte[Length];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..].Trim(), bytes, out var length) && length == Length
            ? new BackupKey(bytes, isPassphrase: false)
            : throw new InvalidInputException("--key", $"'{path}' is no key file of ./madang backup --make-key");
    }

    /// <summary>Reads a passphrase: the first line of a file.</summary>
    public static BackupKey ReadPassphrase(string path) => OfPassphrase(ReadText("--passphrase-file", path).Split('\n')[0].TrimEnd('\r'), "--passphrase-file");

    /// <summary>Takes a passphrase; <paramref name="field"/> says where it came from.</summary>
    public static BackupKey OfPassphrase(string passphrase, string field)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        return passphrase.Length >= FewestLetters
            ? new BackupKey(Encoding.UTF8.GetBytes(passphrase), isPassphrase: true)
            : throw new InvalidInputException(field, $"a passphrase has {FewestLetters} letters or more");
    }

    /// <summary>Tells key files apart without telling anything of them; nothing of a passphrase, which could be guessed by it.</summary>
    internal byte[] Id(int length) => IsPassphrase ? new byte[length] : SHA256.HashData([.. "madang-backup key id"u8, .. secret])[..length];

    /// <summary>The secret from which a backup's own keys are derived.</summary>
    internal byte[] Derive(byte[] salt, int rounds) =>
        IsPassphrase ? Rfc2898DeriveBytes.Pbkdf2(secret, salt, rounds, HashAlgorithmName.SHA512, Length) : secret;

    private static string ReadText(string field, string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length <= MostBytes ? new StreamReader(file, Encoding.UTF8).ReadToEnd() : throw new InvalidInputException(field, $"'{path}' is too long for a key or a passphrase");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(field, $"cannot be read: {exception.Message}");
        }
    }
}
