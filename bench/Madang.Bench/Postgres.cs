using System.Diagnostics;
using Npgsql;

namespace Madang.Bench;

/// <summary>A PostgreSQL server for one bench: a fresh cluster in a temporary folder with default durability (fsync on).</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private readonly string folder;
    private readonly string tools;
    private readonly bool isKept;

    private Postgres(string folder, string tools, bool isKept) => (this.folder, this.tools, this.isKept) = (folder, tools, isKept);

    /// <summary>Starts one; with <paramref name="kept"/> in that folder, where it finds again what it held.</summary>
    public static async Task<Postgres> Start(string? kept = null)
    {
        var tools = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(path => path, StringComparer.Ordinal).Select(path => Path.Combine(path, "bin")).First(path => File.Exists(Path.Combine(path, "initdb")))
            : throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql, or --engine sqlite.");
        var folder = kept is null ? Directory.CreateTempSubdirectory("madang-bench-pg-").FullName : Directory.CreateDirectory(kept).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", folder);
        }

        var data = Path.Combine(folder, "pg");
        if (!Directory.Exists(data))
        {
            await Run(Path.Combine(tools, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
        }

        await Run(Path.Combine(tools, "pg_ctl"), "start", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-c listen_addresses= -c unix_socket_directories={folder} -c shared_buffers=1GB -c max_wal_size=4GB");
        return new Postgres(folder, tools, kept is not null);
    }

    public Task<string> CreateDatabase() => Database($"bench_{Guid.NewGuid():N}");

    /// <summary>The database of a name, made when it is not there.</summary>
    public async Task<string> Database(string name)
    {
        await using var connection = new NpgsqlConnection($"Host={folder};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var known = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = @name", connection) { Parameters = { new("name", name) } };
        if (await known.ExecuteScalarAsync() is null)
        {
            await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
            await command.ExecuteNonQueryAsync();
        }

        return $"Host={folder};Username=postgres;Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        await Run(Path.Combine(tools, "pg_ctl"), "stop", "-D", Path.Combine(folder, "pg"), "-m", isKept ? "fast" : "immediate", "-w");
        if (!isKept)
        {
            Directory.Delete(folder, recursive: true);
        }
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
