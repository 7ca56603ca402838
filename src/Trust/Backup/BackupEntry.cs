using Madang.Storage;
using Madang.Trust.Record;
using Madang.Trust.Record.Keeper;

namespace Madang.Trust.Backup;

/// <summary>Records that a backup was made or put back, from a process of its own.</summary>
internal static class BackupEntry
{
    public static RecordEntry Of(string action, string sha256) =>
        new(action) { Who = RecordEntry.Local, Purpose = "backup", Kind = "backup", Thing = "sha256:" + sha256 };

    /// <summary>Gives the entry the next place; under the lock of the engine, so that a server beside it gives it to nobody else.</summary>
    public static async Task Write(WriteScope scope, RecordEntry entry, string recordFolder, TimeProvider clock)
    {
        var rows = await new RecordRows(new Subjects(new RecordPlace(recordFolder)), clock).Read(scope, [entry]);
        await RecordRows.Append(scope, rows);
    }
}
