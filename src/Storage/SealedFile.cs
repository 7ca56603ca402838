using Madang.Storage.Backup;

namespace Madang.Storage;

/// <summary>
/// A file that is encrypted and authenticated as a stream: a header, then chunks of AES-256-GCM whose nonces count them and
/// mark the last. Nothing of a chunk is given out before it was verified; a cut, changed or reordered file is named as that.
/// </summary>
public static class SealedFile
{
    /// <summary>Begins a sealed file; whoever writes calls <see cref="SealingStream.Complete"/>, without which it counts as cut off.</summary>
    public static SealingStream Seal(Stream file, BackupKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var (header, payload) = SealedHeader.Make(key);
        file.Write(header);
        return new SealingStream(file, payload);
    }

    /// <summary>Opens a sealed file for reading from its beginning; throws when the key or the header is wrong.</summary>
    public static Stream Open(Stream file, BackupKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new OpeningStream(file, SealedHeader.Read(file, key));
    }
}
