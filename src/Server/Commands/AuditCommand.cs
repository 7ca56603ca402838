using System.CommandLine;
using System.Globalization;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary><c>audit</c>: the record's log, looked at from outside; a server may run meanwhile.</summary>
internal static class AuditCommand
{
    /// <summary>The exit code when something is not as it was signed.</summary>
    private const int Found = 1;

    public static Command Create() => new("audit", "Verifies the record of who did what.") { Verify(), Key(), Export() };

    private static Command Verify()
    {
        var place = new Place();
        var key = new Option<string?>("--key") { Description = "The log's public key, kept by you. Default: the one that lies with the log, which proves less", HelpName = "VKEY" };
        var since = new Option<string[]>("--since") { Description = "A checkpoint you kept from before: the log must continue it. May be given several times", HelpName = "FILE" };
        var witness = new Option<string[]>("--witness") { Description = "The key of a witness that must have signed. May be given several times", HelpName = "VKEY" };
        var command = new Command("verify", "Recomputes every hash and says what is not as it was signed. 0: nothing; 1: something; 2: cannot be done.") { key, since, witness };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var request = place.Read(parsed) with { Key = parsed.GetValue(key), Since = parsed.GetValue(since) ?? [], Witnesses = parsed.GetValue(witness) ?? [] };
            return Say(await RecordAudit.Verify(request, null, cancel));
        });
        return command;
    }

    private static Command Key()
    {
        var place = new Place();
        var command = new Command("key", "Prints the log's public key, to be kept where nobody of this machine can change it.");
        place.AddTo(command);
        command.SetAction(parsed => Console.WriteLine(RecordAudit.ReadKey(place.Read(parsed))));
        return command;
    }

    private static Command Export()
    {
        var place = new Place();
        var to = new Option<string>("--to") { Description = "The folder to copy into; what is there already is left", HelpName = "FOLDER", Required = true };
        var command = new Command("export", "Copies the log, to be verified elsewhere with nothing but its public key.") { to };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var size = await RecordAudit.Export(place.Read(parsed), parsed.GetRequiredValue(to), cancel);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size:N0} entries copied to {parsed.GetRequiredValue(to)}."));
            return 0;
        });
        return command;
    }

    private static int Say(AuditReport report)
    {
        Console.WriteLine($"Log      {report.Origin}");
        Console.WriteLine($"Key      {report.Key}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Entries  {report.Size:N0}"));
        Console.WriteLine($"Root     {report.Root}");
        foreach (var note in report.Notes)
        {
            Console.WriteLine($"Note     {note}");
        }

        if (report.Findings.Count == 0)
        {
            Console.WriteLine("Everything is as it was signed.");
            return 0;
        }

        Console.WriteLine("NOT AS IT WAS SIGNED:");
        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"  {finding.Code}: {finding.Text}");
        }

        return Found;
    }

    /// <summary>The options that say where the log and its table are.</summary>
    private sealed class Place
    {
        private readonly Option<string?> data = new("--data") { Description = "A data folder: its log and its table. Default without --tiles and --postgres: ./data", HelpName = "DIR" };
        private readonly Option<string?> postgres = new("--postgres") { Description = "The table in PostgreSQL: an Npgsql connection string. Not together with --data", HelpName = "CONN" };
        private readonly Option<string?> tiles = new("--tiles") { Description = "The log's folder or address, where it is not the usual one; without --data and --postgres it is judged alone", HelpName = "FOLDER|URL" };

        public void AddTo(Command command)
        {
            command.Add(data);
            command.Add(postgres);
            command.Add(tiles);
            HostingOptions.RefuseBoth(command, data, postgres);
        }

        public AuditRequest Read(ParseResult parsed)
        {
            var (folder, connection, log) = (parsed.GetValue(data), parsed.GetValue(postgres), parsed.GetValue(tiles));
            return new AuditRequest { Data = folder ?? (connection is null && log is null ? "data" : null), Postgres = connection, Tiles = log };
        }
    }
}
