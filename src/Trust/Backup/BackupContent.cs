using System.Formats.Tar;
using System.Security.Cryptography;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Backup;

/// <summary>A backup's file, read from its beginning to its end; every chunk is verified before anything of it is used.</summary>
internal sealed class BackupContent : IDisposable
{
    private readonly FileStream file;
    private readonly SHA256 sha = SHA256.Create();
    private readonly CryptoStream hashed;
    private readonly Stream plain;
    private readonly TarReader tar;

    private BackupContent(FileStream file, BackupKey key)
    {
        this.file = file;
        hashed = new CryptoStream(file, sha, CryptoStreamMode.Read, leaveOpen: true);
        plain = SealedFile.Open(hashed, key);
        tar = new TarReader(plain, leaveOpen: true);
        Manifest = Next() is { } first && first.Name == Manifest.Name ? Manifest.Read(first.DataStream!) : throw new InvalidInputException("--from", "the file begins with no manifest");
    }

    public Manifest Manifest { get; }

    public long Length => file.Length;

    /// <summary>The digest of the whole file; known at its end.</summary>
    public string Sha256 => Convert.ToHexStringLower(sha.Hash!);

    public static BackupContent Open(string path, BackupKey key)
    {
        FileStream file;
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--from", $"cannot be read: {exception.Message}");
        }

        try
        {
            return new BackupContent(file, key);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads on to the end. The store goes into <paramref name="store"/>, or past when it is null; every other file to <paramref name="write"/>.</summary>
    public async Task Read(StoreTarget? store, Action<string, Stream>? write, CancellationToken cancel)
    {
        var entry = Next();
        while (entry is not null)
        {
            cancel.ThrowIfCancellationRequested();
            if (!entry.Name.StartsWith(Manifest.Store, StringComparison.Ordinal))
            {
                write?.Invoke(entry.Name, entry.DataStream ?? Stream.Null);
                entry = Next();
            }
            else if (store is null)
            {
                entry = Next();
            }
            else
            {
                await store.Fill(
                    async target =>
                    {
                        while (entry?.Name.StartsWith(Manifest.Store, StringComparison.Ordinal) == true)
                        {
                            await entry.DataStream!.CopyToAsync(target, cancel);
                            entry = Next();
                        }
                    },
                    cancel);
            }
        }

        // Behind the tar's own end: only there is it seen whether the file is whole.
        await plain.CopyToAsync(Stream.Null, cancel);
    }

    public void Dispose()
    {
        tar.Dispose();
        plain.Dispose();
        hashed.Dispose();
        sha.Dispose();
        file.Dispose();
    }

    private TarEntry? Next()
    {
        var entry = tar.GetNextEntry();
        return entry is null or { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile } ? entry : throw new InvalidInputException("--from", $"the file has an entry '{entry.Name}' that is no file");
    }
}
