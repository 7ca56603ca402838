using System.CommandLine;
using System.Globalization;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary><c>restore</c>: a backup into a place that is empty.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The backup", HelpName = "FILE", Required = true };
        var options = new BackupOptions(
            "The folder to make; one that is there must be empty",
            "An empty database in PostgreSQL: an Npgsql connection string. Needs pg_restore (postgresql-client). The record's log goes to Trust:RecordFolder, ./audit. Not together with --data");
        var command = new Command("restore", "Puts a backup back into an empty place and compares every table with what was put in. 0: done; 1: done, and something is amiss; 2: cannot be done, and nothing is left.") { from };
        options.AddTo(command);
        command.SetAction((parsed, cancel) => BackupOptions.Run(stop => Restore(options, parsed, parsed.GetRequiredValue(from), stop), cancel));
        return command;
    }

    private static async Task<int> Restore(BackupOptions options, ParseResult parsed, string file, CancellationToken cancel)
    {
        if (!options.HasPlace(parsed))
        {
            throw new InvalidInputException("--data", "is missing: say where to restore to, with --data DIR or --postgres CONN");
        }

        var key = options.ReadKey(parsed);
        var (places, scripts) = options.ReadPlaces(parsed);
        var report = await CityBackup.Restore(places, file, key, scripts, TimeProvider.System, cancel);
        var code = BackupCommand.Say(report, "Restored", places.Engine == Engine.Sqlite ? places.Data : "into PostgreSQL");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Compared  all {report.Tables.Count} tables have the digests they were put in with."));
        return code;
    }
}
