using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record.Log;

namespace Madang.Trust.Backup;

/// <summary>Puts one backup back.</summary>
internal sealed class BackupRestorer(CityPlaces places, string file, BackupKey key, IReadOnlyCollection<string> scripts, TimeProvider clock)
{
    public async Task<BackupReport> Run(CancellationToken cancel)
    {
        var staging = new Staging(places);
        StoreTarget? target = null;
        try
        {
            BackupReport report;
            using (var content = BackupContent.Open(file, key))
            {
                Refuse(content.Manifest);
                staging.Begin(places);
                target = places.Engine == Engine.Sqlite ? StoreTarget.OfFolder(staging.Place(places.Data)) : await StoreTarget.OfPostgres(places.Postgres!, cancel);
                // A database cannot be filled aside: the file is read to its end first, and a second time into it.
                await content.Read(places.Engine == Engine.Sqlite ? target : null, staging.Write, cancel);
                var manifest = content.Manifest;
                report = new BackupReport(content.Sha256, content.Length, manifest.Made, manifest.Madang, manifest.Tables, manifest.Signed, manifest.Notes);
            }

            if (places.Engine == Engine.Postgres)
            {
                using var again = BackupContent.Open(file, key);
                await again.Read(target, null, cancel);
            }

            Compare(report.Tables, await target.Digest(cancel));
            if (report.Tables.Any(table => table.Name == "trust_record"))
            {
                await target.Write(scope => BackupEntry.Write(scope, BackupEntry.Of("backup.restore", report.Sha256), staging.Place(places.Record), clock), cancel);
            }

            staging.Commit();
            return report with { Notes = [.. report.Notes, .. await Verify(cancel)] };
        }
        catch
        {
            staging.Discard();
            await (target?.Discard() ?? Task.CompletedTask);
            throw;
        }
    }

    private void Refuse(Manifest manifest)
    {
        var unknown = manifest.Scripts.Except(scripts).FirstOrDefault();
        if (manifest.Format > Manifest.Now || unknown is not null)
        {
            throw new InvalidInputException("--from", $"the file was made by a newer Madang ({manifest.Madang}{(unknown is null ? "" : $", with the script {unknown}")}): restore it with that one");
        }

        if (manifest.Engine != places.Engine.ToString())
        {
            throw new InvalidInputException("--from", manifest.Engine == nameof(Engine.Sqlite)
                ? "the file holds an embedded store: restore it with --data into a folder"
                : "the file holds a store of PostgreSQL: restore it with --postgres into an empty database");
        }
    }

    private static void Compare(IReadOnlyList<TableDigest> expected, IReadOnlyList<TableDigest> found)
    {
        if (expected.Except(found).Concat(found.Except(expected)).Select(table => table.Name).Distinct().ToList() is { Count: > 0 } wrong)
        {
            throw new InvalidInputException("--from", $"what came out is not what was put in: the digest differs of {string.Join(", ", wrong)}");
        }
    }

    /// <summary>The city is back; what was wrong with its record when the backup was made is wrong still, and said.</summary>
    private async Task<IReadOnlyList<string>> Verify(CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(places.Record, TilePath.Checkpoint)))
        {
            return [];
        }

        var audit = await RecordAudit.Verify(
            new AuditRequest { Data = places.Engine == Engine.Sqlite ? places.Data : null, Postgres = places.Postgres, Tiles = places.Record }, null, cancel);
        return [.. audit.Findings.Select(finding => $"The record is not as it was signed: {finding.Code}: {finding.Text}")];
    }
}
