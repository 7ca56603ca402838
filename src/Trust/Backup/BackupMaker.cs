using System.Security.Cryptography;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record;

namespace Madang.Trust.Backup;

/// <summary>Makes one backup.</summary>
internal sealed class BackupMaker(CityPlaces places, string file, BackupKey key, TimeProvider clock)
{
    /// <summary>A letter is short; what is longer is none.</summary>
    private const long MostLetterBytes = 64 * 1024 * 1024;

    public async Task<BackupReport> Run(CancellationToken cancel)
    {
        RefusePlace();
        var draft = file + ".new";
        try
        {
            await using var moment = await LogMoment.Find(places, cancel);
            var hasRecord = await moment.Store.HasTable("trust_record");
            var manifest = await Describe(moment, cancel);
            string sha256;
            long bytes;
            await using (var target = OpenDraft(draft))
            {
                sha256 = await Write(target, moment, manifest, cancel);
                bytes = target.Length;
            }

            if (hasRecord)
            {
                // Before it has its name: no backup lies about that the record does not know.
                await BesideStore.Write(places.Data, places.Postgres, scope => BackupEntry.Write(scope, BackupEntry.Of("backup.make", sha256), places.Record, clock), cancel);
            }

            File.Move(draft, file, overwrite: false);
            return new BackupReport(sha256, bytes, manifest.Made, manifest.Madang, manifest.Tables, manifest.Signed, manifest.Notes);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private async Task<Manifest> Describe(LogMoment moment, CancellationToken cancel)
    {
        var made = clock.GetUtcNow();
        var scripts = await moment.Store.Scripts();
        var notes = new List<string>();
        if (moment.Problem is { } problem)
        {
            notes.Add(problem);
        }

        if (moment.Signed > 0 && !File.Exists(new RecordPlace(places.Record).SigningKey))
        {
            notes.Add($"The record's signing key {new RecordPlace(places.Record).SigningKey} is absent: the log of a restored city could not go on.");
        }

        var tables = await moment.Store.Take(cancel);
        var version = typeof(BackupMaker).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        return new Manifest(Manifest.Now, version, places.Engine.ToString(), moment.Store.Tool, made, scripts, tables, moment.Signed, notes);
    }

    private async Task<string> Write(FileStream target, LogMoment moment, Manifest manifest, CancellationToken cancel)
    {
        using var sha = SHA256.Create();
        await using var hashed = new CryptoStream(target, sha, CryptoStreamMode.Write, leaveOpen: true);
        await using var closed = SealedFile.Seal(hashed, key);
        using (var tar = new BackupTar(closed, manifest.Made))
        {
            tar.Add(Manifest.Name, manifest.Write());
            await tar.AddParts(Manifest.Store, parts => moment.Store.CopyTo(parts, cancel));
            await Task.Run(() => AddFiles(tar, moment, cancel), cancel);
        }

        closed.Complete();
        await hashed.FlushFinalBlockAsync(cancel);
        target.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(sha.Hash!);
    }

    private void AddFiles(BackupTar tar, LogMoment moment, CancellationToken cancel)
    {
        foreach (var (path, bytes) in moment.Files())
        {
            cancel.ThrowIfCancellationRequested();
            tar.Add(Manifest.Record + path, bytes);
        }

        foreach (var (folder, prefix) in new[] { (new RecordPlace(places.Record).Secrets, Manifest.Secret), (places.Mail, Manifest.Mail) })
        {
            foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            {
                cancel.ThrowIfCancellationRequested();
                if (!path.EndsWith(".new", StringComparison.Ordinal) && Find(path) is { } bytes)
                {
                    tar.Add(prefix + Path.GetRelativePath(folder, path).Replace('\\', '/'), bytes);
                }
            }
        }
    }

    /// <summary>Null for a letter that somebody took away meanwhile.</summary>
    private static byte[]? Find(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostLetterBytes ? File.ReadAllBytes(path) : throw new InvalidInputException("--data", $"'{path}' is too large for a letter or a key; what does it do there?");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private void RefusePlace()
    {
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new InvalidInputException("--to", $"'{file}' is there already; a backup is never written over");
        }

        foreach (var folder in places.Engine == Engine.Sqlite ? [places.Data, places.Record] : new[] { places.Record })
        {
            if (Inside.Is(file, folder))
            {
                throw new InvalidInputException("--to", $"'{file}' lies in the folder '{folder}' that it shall be the backup of, and would be lost with it");
            }
        }

        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            throw new InvalidInputException("--to", $"there is no folder '{Path.GetDirectoryName(file)}'");
        }
    }

    private static FileStream OpenDraft(string draft)
    {
        try
        {
            return OwnersFiles.Write(draft, FileMode.Create);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--to", $"cannot be written: {exception.Message}");
        }
    }
}
