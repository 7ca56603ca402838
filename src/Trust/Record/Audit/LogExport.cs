using System.Text;
using Madang.Kernel;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Retention;

namespace Madang.Trust.Record.Audit;

/// <summary>Copies what a checkpoint speaks for: the files that anybody may have.</summary>
internal static class LogExport
{
    public const string PublicKey = "key.pub";

    public static string ReadKey(AuditRequest request)
    {
        using var source = LogSource.Open(request);
        return source.Reader.Find(PublicKey) is { } key
            ? NoteVerifier.Parse(Encoding.UTF8.GetString(key), PublicKey).ToString()
            : throw new InvalidInputException("--data", $"{source.Name} has no {PublicKey}");
    }

    public static long Run(AuditRequest request, string folder, CancellationToken cancel)
    {
        using var source = LogSource.Open(request);
        var target = new TileFolder(Path.GetFullPath(folder), isDurable: false);
        // The checkpoint first and written last: what is copied in between is at least what it speaks for.
        var note = source.Reader.Find(TilePath.Checkpoint);
        if (note is null || SignedNote.TryParse(Encoding.UTF8.GetString(note)) is not { } signed || Checkpoint.TryParse(signed.Text) is not { Size: var size })
        {
            throw new InvalidInputException("--data", $"{source.Name} has no checkpoint");
        }

        var gone = new Lazy<HashSet<string>>(() => Removed(source.Reader, size));
        foreach (var (path, bytes) in Files(source.Reader, size))
        {
            cancel.ThrowIfCancellationRequested();
            if (!File.Exists(Path.Combine(target.Root, path)))
            {
                if (bytes() is { } there)
                {
                    target.Replace(path, there);
                }
                else if (!gone.Value.Contains(path))
                {
                    throw new InvalidInputException("--data", $"{source.Name}: {path} is absent; ./madang audit verify tells more");
                }
            }
        }

        if (source.Reader.Find(PublicKey) is { } key)
        {
            target.Replace(PublicKey, key);
        }

        target.Replace(TilePath.Checkpoint, note);
        return size;
    }

    /// <summary>The bundles that the log says were removed. What it says is believed here, and judged by who verifies the copy.</summary>
    private static HashSet<string> Removed(TileReader log, long size)
    {
        var said = new Destructions();
        var full = TilePath.Full(size, 0);
        for (var index = 0L; index <= full; index++)
        {
            ReadOnlySpan<byte> rest = log.FindEntries(index, index < full ? TilePath.Width : Math.Max(1, TilePath.Partial(size, 0)));
            while (Bundle.TryTake(ref rest, out var entry))
            {
                if (Destruction.IsOne(entry))
                {
                    said.Add(index, entry.ToArray(), TimeProvider.System.GetUtcNow(), new Findings());
                }
            }
        }

        return [.. Enumerable.Range(0, (int)full).Where(index => said.CoversBundle(index)).Select(index => TilePath.Entries(index))];
    }

    /// <summary>Every file of a tree of this size, by the names a checkpoint of this size gives them.</summary>
    public static IEnumerable<(string Path, Func<byte[]?> Bytes)> Files(TileReader log, long size)
    {
        for (var level = 0; level < TilePath.Levels(size); level++)
        {
            var full = TilePath.Full(size, level);
            var partial = TilePath.Partial(size, level);
            for (var index = 0L; index < full + (partial > 0 ? 1 : 0); index++)
            {
                var (at, tileLevel, width) = (index, level, index < full ? TilePath.Width : partial);
                yield return (TilePath.Tile(tileLevel, at, width), () => log.FindTile(tileLevel, at, width));
                if (tileLevel == 0)
                {
                    yield return (TilePath.Entries(at, width), () => log.FindEntries(at, width) is { } bundle ? Bundle.Cut(bundle, width) : null);
                }
            }
        }
    }
}
