namespace Madang.Trust.Record.Log;

/// <summary>A log's folder: files are written whole, flushed, put into place, and never changed.</summary>
internal sealed class TileFolder
{
    private static long drafts;

    private readonly bool isDurable;

    /// <summary>Not durable: for copies that can be made again, without the flush of each file.</summary>
    public TileFolder(string root, bool isDurable = true) => (Root, Reader, this.isDurable) = (root, new TileReader(Find), isDurable);

    public string Root { get; }

    public TileReader Reader { get; }

    /// <summary>
    /// Puts a file into place that must never change. One that is there already with these bytes is left (a crash came
    /// between tiles and checkpoint); with other bytes the log is broken.
    /// </summary>
    public void WriteOnce(string path, ReadOnlySpan<byte> bytes)
    {
        if (Find(path) is { } there)
        {
            if (!bytes.SequenceEqual(there))
            {
                throw new RecordBrokenException($"{path} is there already with other content than the record has.");
            }

            return;
        }

        Replace(path, bytes);
    }

    /// <summary>Puts a file into place of whatever is there: readers see the old one or the new one, whole.</summary>
    public void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var target = Path.Combine(Root, path);
        var draft = $"{target}.{Interlocked.Increment(ref drafts)}.new";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: isDurable);
        }

        File.Move(draft, target, overwrite: true);
    }

    /// <summary>Removes the partial forms of a tile that is full now.</summary>
    public void RemovePartial(string path)
    {
        var folder = Path.Combine(Root, path + ".p");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private byte[]? Find(string path)
    {
        var file = Path.Combine(Root, path);
        try
        {
            // The question first: an exception costs more than both.
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
