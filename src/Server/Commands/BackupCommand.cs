using System.CommandLine;
using System.Globalization;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary><c>backup</c>: a whole city in one encrypted file, while it runs.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var to = new Option<string?>("--to") { Description = "The file to make; it appears when it is whole, and none is written over", HelpName = "FILE" };
        var makeKey = new Option<string?>("--make-key") { Description = "Only make a key file, readable by its owner alone, and end. Keep it elsewhere: without it a backup is worth nothing", HelpName = "FILE" };
        var options = new BackupOptions(
            "The data folder of the city. Default: as serve has it, ./data",
            "The city's data in PostgreSQL: an Npgsql connection string. Needs pg_dump (postgresql-client). Not together with --data");
        var command = new Command("backup", "Puts store, record and keys into one encrypted file, while the city runs. 0: done; 1: done, and something is amiss; 2: cannot be done.") { to, makeKey };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(to) is null == result.GetResult(makeKey) is null)
            {
                result.AddError("backup needs --to FILE, or --make-key FILE alone");
            }
        });
        command.SetAction((parsed, cancel) => parsed.GetValue(makeKey) is { } key
            ? Task.FromResult(MakeKey(key))
            : BackupOptions.Run(stop => Make(options, parsed, parsed.GetValue(to)!, stop), cancel));
        return command;
    }

    /// <summary>Says what a backup holds; answers the exit code.</summary>
    public static int Say(BackupReport report, string head, string file)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{head,-9} {file} ({report.Bytes:N0} bytes)"));
        Console.WriteLine($"Digest    sha256:{report.Sha256}");
        Console.WriteLine($"State of  {IsoTime.Write(report.Made)}, Madang {report.Madang}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Tables    {report.Tables.Count:N0} with {report.Tables.Sum(table => table.Rows):N0} rows"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Record    {report.Entries:N0} signed entries"));
        foreach (var note in report.Notes)
        {
            Console.WriteLine($"AMISS     {note}");
        }

        return report.Notes.Count == 0 ? 0 : CommandLine.Partly;
    }

    private static int MakeKey(string path)
    {
        BackupKey.MakeFile(path);
        Console.WriteLine($"{path} is made. Keep a copy where neither this machine nor its backups are: without it they cannot be opened.");
        return 0;
    }

    private static async Task<int> Make(BackupOptions options, ParseResult parsed, string file, CancellationToken cancel)
    {
        var key = options.ReadKey(parsed);
        return Say(await CityBackup.Make(options.ReadPlaces(parsed).Places, file, key, TimeProvider.System, cancel), "Backup", Path.GetFullPath(file));
    }
}
