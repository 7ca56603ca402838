using Madang.Storage;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Record;

/// <summary>Where the log and its secrets lie. The log's folder may be copied and shown to anybody; the other one never.</summary>
internal sealed class RecordPlace(string folder)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite, OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Checkpoint, tiles and public key.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The signing key and the key of the digests, beside the log and for the owner alone.</summary>
    public string Secrets => Folder + ".secret";

    public string SigningKey => Path.Combine(Secrets, "signing.key");

    public string DigestKey => Path.Combine(Secrets, "digest.key");

    public string PublicKey => Path.Combine(Folder, "key.pub");

    public static RecordPlace Of(TrustOptions trust, StorageOptions storage) =>
        new(!string.IsNullOrWhiteSpace(trust.RecordFolder) ? trust.RecordFolder : string.IsNullOrWhiteSpace(storage.Postgres) ? Path.Combine(storage.Data, "audit") : "audit");

    public static RecordPlace Of(IOptions<TrustOptions> trust, IOptions<StorageOptions> storage) => Of(trust.Value, storage.Value);

    /// <summary>Reads a secret, or makes it: whole, on the disk, and readable by its owner alone.</summary>
    public string ReadOrMakeSecret(string path, Func<string> make)
    {
        if (!File.Exists(path))
        {
            MakeOwnersFolder();
            var draft = path + ".new";
            var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                how.UnixCreateMode = OwnerFile;
            }

            using (var file = new FileStream(draft, how))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(make() + "\n"));
                file.Flush(flushToDisk: true);
            }

            // Never over one that another process made in between: what it signed could not be verified any more.
            File.Move(draft, path, overwrite: false);
        }

        return File.ReadAllText(path).Trim();
    }

    private void MakeOwnersFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Secrets);
        }
        else
        {
            Directory.CreateDirectory(Secrets, OwnerFolder);
        }
    }
}
