using System.Runtime.InteropServices;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Storage.Backup;
using Madang.Tests.Hosts;
using Npgsql;

namespace Madang.Tests.Trust.Backup;

/// <summary>The commands as an operator types them, beside a server of its own process.</summary>
public sealed class BackupCommandTests
{
    [Fact]
    public async Task A_running_server_is_backed_up_with_a_passphrase_and_its_copy_starts()
    {
        using var scene = new BackupScene();
        await using var store = await TestStore.Create(Engine.Sqlite);
        var (data, words) = (Path.Combine(store.Folder, "city"), scene.PathOf("words"));
        await File.WriteAllTextAsync(words, "열다섯 글자가 넘는 긴 암호입니다\n둘째 줄", TestContext.Current.CancellationToken);
        await using (var server = RealServer.Start(null, "serve", "--open", "--data", data, "--urls", "http://127.0.0.1:0"))
        {
            await server.UntilServing();
            var (code, said) = await Run(["backup", "--to", scene.PathOf("b"), "--data", data, "--passphrase-file", words]);
            Assert.Equal((0, true), (code, said.Contains("Digest    sha256:", StringComparison.Ordinal)));
        }

        var copy = Path.Combine(store.Folder, "copy");
        var (wrong, why) = await Run(["restore", "--from", scene.PathOf("b"), "--data", copy], new() { ["MADANG_BACKUP_PASSPHRASE"] = "quite another passphrase" });
        Assert.Equal((2, "madang: --from: the file cannot be opened: the passphrase is wrong, or the header was changed"), (wrong, why));
        Assert.False(Directory.Exists(copy) || Directory.Exists(copy + ".new"));

        var (restored, says) = await Run(["restore", "--from", scene.PathOf("b"), "--data", copy, "--passphrase-file", words]);
        Assert.Equal(0, restored);
        Assert.Contains("tables have the digests they were put in with", says, StringComparison.Ordinal);
        await using var again = RealServer.Start(null, "serve", "--open", "--data", copy, "--urls", "http://127.0.0.1:0");
        await again.UntilServing();
        AssertOwners(copy);
    }

    [Theory]
    [InlineData("backup needs --to FILE, or --make-key FILE alone", "backup")]
    [InlineData("backup needs --to FILE, or --make-key FILE alone", "backup", "--to", "x", "--make-key", "y")]
    [InlineData("--key: is missing: a backup is always encrypted", "backup", "--to", "/tmp/madang-no-backup")]
    [InlineData("--key and --passphrase-file exclude each other", "backup", "--to", "x", "--key", "y", "--passphrase-file", "z")]
    [InlineData("Unrecognized command or argument '--passphrase'", "backup", "--to", "x", "--passphrase", "y")]
    [InlineData("--data and --postgres exclude each other", "restore", "--from", "x", "--data", "y", "--postgres", "Host=z")]
    [InlineData("--data: is missing: say where to restore to", "restore", "--from", "x")]
    [InlineData("Option '--from' is required.", "restore", "--data", "x")]
    public async Task What_cannot_be_done_is_said_in_a_line(string says, params string[] arguments)
    {
        var (code, said) = await Run(arguments);
        Assert.Equal(2, code);
        Assert.StartsWith("madang: " + says, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_of_PostgreSQL_that_are_missing_or_too_old_are_named()
    {
        Assert.Contains("is not an Npgsql connection string", Assert.Throws<InvalidInputException>(() => PostgresTools.Find("pg_dump", "nonsense")).Message, StringComparison.Ordinal);
        var nowhere = Assert.Throws<InvalidInputException>(() => PostgresTools.Find("pg_dump", "Host=x", ["/nowhere"]));
        Assert.Contains("apt-get install postgresql-client", nowhere.Message, StringComparison.Ordinal);

        await using var store = await TestStore.Create(Engine.Postgres);
        var tools = PostgresTools.Find("pg_dump", store.Postgres!);
        tools.RefuseOlderThan(new Version(tools.Version, 9));
        var old = Assert.Throws<InvalidInputException>(() => tools.RefuseOlderThan(new Version(tools.Version + 1, 0)));
        Assert.Contains($"install postgresql-client-{tools.Version + 1} or newer", old.Message, StringComparison.Ordinal);

        var failed = await Assert.ThrowsAsync<InvalidInputException>(() => tools.Run(["--table=no_such_table"], (_, output) => output.CopyToAsync(Stream.Null), TestContext.Current.CancellationToken));
        Assert.Contains("pg_dump failed: pg_dump: error: no matching tables were found", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_is_stopped_leaves_nothing()
    {
        using var scene = new BackupScene();
        await using var store = await TestStore.Create(Engine.Postgres);
        await (await TestCity.Start(store)).DisposeAsync();
        await using var blocking = new NpgsqlConnection(store.Postgres);
        await blocking.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await blocking.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await blocking.ExecuteAsync("LOCK TABLE things IN ACCESS EXCLUSIVE MODE", transaction: transaction);

        await using var command = RealServer.Start(new Dictionary<string, string> { ["Trust__RecordFolder"] = store.RecordFolder }, "backup", "--to", scene.PathOf("b"), "--postgres", store.Postgres!, "--key", scene.KeyFile);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await blocking.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE relation = 'things'::regclass AND NOT granted", transaction: transaction) == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        command.Signal(PosixSignal.SIGTERM);
        Assert.Equal(130, await command.UntilEnd());
        Assert.Equal("madang: stopped. Nothing was left behind.", command.Output.Trim());
        Assert.Equal([scene.KeyFile], Directory.GetFiles(Path.GetDirectoryName(scene.KeyFile)!));
    }

    /// <summary>Store, log and keys hold what is nobody else's business.</summary>
    private static void AssertOwners(string data)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var (name, mode) in new[] { ("", OwnersFiles.Folder), ("audit.secret", OwnersFiles.Folder), ("audit.secret/signing.key", OwnersFiles.File), ("madang.db", OwnersFiles.File), ("madang.db-wal", OwnersFiles.File), ("madang.db-shm", OwnersFiles.File) })
        {
            Assert.Equal((name, mode), (name, File.GetUnixFileMode(Path.Combine(data, name))));
        }
    }

    private static async Task<(int Code, string Said)> Run(string[] arguments, Dictionary<string, string>? environment = null)
    {
        await using var command = RealServer.Start(environment, arguments);
        var code = await command.UntilEnd();
        return (code, command.Output.Trim());
    }
}
