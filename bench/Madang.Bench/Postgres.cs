using System.Diagnostics;
using Npgsql;

namespace Madang.Bench;

/// <summary>A PostgreSQL server for one bench: a fresh cluster in a temporary folder with default durability (fsync on).</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private readonly string folder;
    private readonly string tools;

    private Postgres(string folder, string tools) => (this.folder, this.tools) = (folder, tools);

    public static async Task<Postgres> Start()
    {
        var tools = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(path => path, StringComparer.Ordinal).Select(path => Path.Combine(path, "bin")).First(path => File.Exists(Path.Combine(path, "initdb")))
            : throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql, or --engine sqlite.");
        var folder = Directory.CreateTempSubdirectory("madang-bench-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", folder);
        }

        var data = Path.Combine(folder, "pg");
        await Run(Path.Combine(tools, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
        await Run(Path.Combine(tools, "pg_ctl"), "start", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-c listen_addresses= -c unix_socket_directories={folder} -c shared_buffers=1GB -c max_wal_size=4GB");
        return new Postgres(folder, tools);
    }

    public async Task<string> CreateDatabase()
    {
        var name = $"bench_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection($"Host={folder};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return $"Host={folder};Username=postgres;Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        await Run(Path.Combine(tools, "pg_ctl"), "stop", "-D", Path.Combine(folder, "pg"), "-m", "immediate", "-w");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var asPostgres = Environment.IsPrivilegedProcess && program != "chown";
        var start = asPostgres ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
        }
    }
}
