using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Kernel;

namespace Madang.Storage.Backup;

/// <summary>pg_dump or pg_restore, run as a child. What is secret goes by its environment: a command line can be read by everybody on the machine.</summary>
internal sealed partial class PostgresTools
{
    private const int MostErrors = 4096;

    private readonly string program;
    private readonly Dictionary<string, string?> environment;

    private PostgresTools(string program, int version, Dictionary<string, string?> environment) => (this.program, Version, this.environment) = (program, version, environment);

    /// <summary>The first number of its version.</summary>
    public int Version { get; }

    /// <summary>Finds a program: the newest of Debian's folders, or one on the PATH.</summary>
    public static PostgresTools Find(string name, string postgres, IEnumerable<string>? folders = null)
    {
        var program = (folders ?? Folders()).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidInputException("--postgres", $"{name} is not installed, and a backup of PostgreSQL needs it: apt-get install postgresql-client");
        return new PostgresTools(program, ReadVersion(program), Environment(postgres));
    }

    /// <summary>A server cannot be dumped by a program older than itself.</summary>
    public void RefuseOlderThan(Version server)
    {
        if (Version < server.Major)
        {
            throw new InvalidInputException("--postgres", $"{Path.GetFileName(program)} is {Version} and the server {server.Major}: install postgresql-client-{server.Major} or newer");
        }
    }

    /// <summary>Runs it; <paramref name="talk"/> writes its input or reads its output. Throws with its own words when it fails.</summary>
    public async Task Run(IReadOnlyList<string> arguments, Func<Stream, Stream, Task> talk, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var child = Process.Start(start)!;
        try
        {
            var errors = ReadErrors(child.StandardError);
            var broken = await Talk(child, talk);
            await child.WaitForExitAsync(cancel);
            if (child.ExitCode != 0)
            {
                throw new InvalidInputException("--postgres", $"{Path.GetFileName(program)} failed: {await errors}");
            }

            if (broken is not null)
            {
                throw new InvalidInputException("--postgres", $"{Path.GetFileName(program)} ended before its work was done: {broken.Message}");
            }
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill();
            }
        }
    }

    /// <summary>A child that fails closes its pipe; why it did stands in what it said, not in the pipe's error.</summary>
    private static async Task<IOException?> Talk(Process child, Func<Stream, Stream, Task> talk)
    {
        try
        {
            await talk(child.StandardInput.BaseStream, child.StandardOutput.BaseStream);
            child.StandardInput.Close();
            return null;
        }
        catch (IOException broken) when (broken.Message.Contains("pipe", StringComparison.OrdinalIgnoreCase))
        {
            return broken;
        }
    }

    private static async Task<string> ReadErrors(StreamReader reader)
    {
        var said = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (said.Length < MostErrors)
            {
                said.Append(said.Length == 0 ? "" : " ").Append(line);
            }
        }

        return said.ToString();
    }

    private static IEnumerable<string> Folders()
    {
        const string Debian = "/usr/lib/postgresql";
        var installed = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return installed.OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0).Select(path => Path.Combine(path, "bin"))
            .Concat((System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
    }

    private static int ReadVersion(string program)
    {
        using var child = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return VersionNumber().Match(said) is { Success: true } match
            ? int.Parse(match.Value, CultureInfo.InvariantCulture)
            : throw new InvalidInputException("--postgres", $"{program} does not say its version: {said}");
    }

    /// <summary>Npgsql's words for a server as libpq's variables; what is not said stays as libpq finds it.</summary>
    private static Dictionary<string, string?> Environment(string postgres)
    {
        var said = ReadOnlyStore.Words(postgres);
        var variables = new Dictionary<string, string?>
        {
            ["PGHOST"] = said.Host,
            ["PGPORT"] = said.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = said.Username,
            ["PGPASSWORD"] = said.Password,
            ["PGPASSFILE"] = said.Passfile,
            ["PGDATABASE"] = said.Database ?? said.Username,
            ["PGSSLMODE"] = SslMode(said.SslMode),
            ["PGSSLROOTCERT"] = said.RootCertificate,
            ["PGSSLCERT"] = said.SslCertificate,
            ["PGSSLKEY"] = said.SslKey,
            ["PGOPTIONS"] = said.Options,
        };
        return variables.Where(one => !string.IsNullOrEmpty(one.Value)).ToDictionary();
    }

    private static string SslMode(Npgsql.SslMode mode) => mode switch
    {
        Npgsql.SslMode.Disable => "disable",
        Npgsql.SslMode.Allow => "allow",
        Npgsql.SslMode.Require => "require",
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        _ => "prefer",
    };

    [GeneratedRegex(@"\d+")]
    private static partial Regex VersionNumber();
}
