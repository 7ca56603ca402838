using System.Diagnostics;
using Madang.Tests.Hosts;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresClusterEnd))]

namespace Madang.Tests.Hosts;

/// <summary>
/// One PostgreSQL server for the whole run, made when the first test asks for it: a fresh cluster in a temporary folder,
/// reached by a Unix socket in that folder, with nothing flushed. As root it runs as the user <c>postgres</c>, since the
/// server refuses to run as root.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>Nothing is flushed, and a commit waits for nothing.</summary>
    private const string Hasty = "-c synchronous_commit=off";

    private static readonly Lazy<Task<PostgresCluster>> Started = new(() => Make(Hasty));

    private readonly string folder;
    private readonly string tools;
    private readonly string more;

    private PostgresCluster(string folder, string tools, string more) => (this.folder, this.tools, this.more) = (folder, tools, more);

    /// <summary>True when the run is told to do without PostgreSQL.</summary>
    public static bool Skipped => Environment.GetEnvironmentVariable("MADANG_SKIP_POSTGRES") == "1";

    public static Task<PostgresCluster> Get() => Started.Value;

    /// <summary>The connection string of a fresh, empty database.</summary>
    public async Task<string> CreateDatabase()
    {
        var name = $"city_{Guid.NewGuid():N}";
        await Command($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>The connection string of a copy of a database to which nobody is connected.</summary>
    public async Task<string> CopyOf(string connectionString)
    {
        var name = $"city_{Guid.NewGuid():N}";
        await Command($"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(connectionString).Database}");
        return ConnectionString(name);
    }

    public async Task DropDatabase(string connectionString)
    {
        await using (var pool = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(pool);
        }

        await Command($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    internal static async Task StopWhenStarted()
    {
        if (Started.IsValueCreated && Started.Value.IsCompletedSuccessfully)
        {
            await (await Started.Value).DisposeAsync();
        }
    }

    /// <summary>A server for one test, which stops and starts it.</summary>
    public static Task<PostgresCluster> OfOne() => Make("");

    /// <summary>Ends every connection and the server.</summary>
    public Task Stop(string mode = "fast") => Run(Path.Combine(tools, "pg_ctl"), "stop", "-D", Path.Combine(folder, "pg"), "-m", mode, "-w");

    public Task StartAgain() => Run(
        Path.Combine(tools, "pg_ctl"), "start", "-D", Path.Combine(folder, "pg"), "-w", "-t", "60", "-l", Path.Combine(folder, "log"), "-o",
        $"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=400 -c shared_buffers=64MB -c fsync=off -c full_page_writes=off -c autovacuum=on {more}");

    public async ValueTask DisposeAsync()
    {
        await Stop("immediate");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<PostgresCluster> Make(string more)
    {
        var tools = FindTools();
        var folder = Directory.CreateTempSubdirectory("madang-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", folder);
        }

        await Run(Path.Combine(tools, "initdb"), "-D", Path.Combine(folder, "pg"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        var cluster = new PostgresCluster(folder, tools, more);
        await cluster.StartAgain();
        return cluster;
    }

    /// <summary>The newest installed server, or one on the PATH.</summary>
    private static string FindTools()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return installed.OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
            .Select(path => Path.Combine(path, "bin"))
            .Concat(onPath)
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed, and these tests need it: apt-get install postgresql (or set MADANG_SKIP_POSTGRES=1 to skip them).");
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var asPostgres = Environment.IsPrivilegedProcess && program != "chown";
        var start = asPostgres ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        // The server lives on with the output it was given: it must not hold a pipe that we wait for.
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = "/";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output} {await errors}");
        }
    }

    private async Task Command(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) => $"Host={folder};Username=postgres;Database={database};Maximum Pool Size=24";
}

/// <summary>Stops the server when the last test has ended.</summary>
public sealed class PostgresClusterEnd : IAsyncLifetime
{
    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync() => await PostgresCluster.StopWhenStarted();
}
