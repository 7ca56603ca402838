using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Server;

/// <summary>The real binary: a bad start says why in a line, a good one stops in good order.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task It_serves_until_it_is_asked_to_stop(PosixSignal signal)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var server = RealServer.Start(null, "serve", "--data", store.Folder, "--urls", "http://127.0.0.1:0");
        await server.UntilServing();
        using var client = new HttpClient { BaseAddress = server.Url };
        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken));

        server.Signal(signal);

        Assert.Equal(0, await server.UntilEnd());
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_of_nothing_is_refused()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var server = RealServer.Start(new Dictionary<string, string> { ["MADANG__Server__MaxBodyMegabytes"] = "0" }, "serve", "--data", store.Folder);

        Assert.Equal(2, await server.UntilEnd());
        Assert.Contains("Server:MaxBodyMegabytes", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage__QueryLimitSeconds", "abc", "Storage:QueryLimitSeconds: 'abc' is not a whole number")]
    [InlineData("MADANG__Storage__QueryLimitSeconds", "0", "Storage:QueryLimitSeconds: The field QueryLimitSeconds must be between 1 and 3600.")]
    [InlineData("Trust__WriteKey", "short", "Trust:WriteKey")]
    [InlineData("Telemetry__OtlpEndpoint", "nowhere", "Telemetry:OtlpEndpoint")]
    [InlineData("Telemetry__OtlpProtocol", "smoke", "Telemetry:OtlpProtocol")]
    [InlineData("Storage__Postgres", "Host=127.0.0.1;Port=1;Timeout=2", "Storage:Postgres: the database cannot be reached")]
    [InlineData("Storage__Postgres", "nonsense", "Storage:Postgres: is not an Npgsql connection string")]
    [InlineData("Storage__Data", "/dev/null/city", "Storage:Data: the folder '/dev/null/city' cannot be made")]
    [InlineData("Sensing__QueueLmit", "5", "Sensing:QueueLmit: there is no such setting; there is Sensing:QueueLimit")]
    [InlineData("Sensing__TimeZone", "Mars", "Sensing:TimeZone: 'Mars' is not a time zone of this machine")]
    [InlineData("MADANG__TRUST__KEY", "5", "Trust:KEY: there is no such setting; there is Trust:Open")]
    [InlineData("Server__Proxies__0", "10.0.0.0/33", "Server: Proxies: is a list of addresses")]
    [InlineData("urls", "nonsense", "--urls: Invalid url")]
    [InlineData("urls", "http://127.0.0.1:99999", "--urls: a port is a number")]
    public async Task A_bad_value_stops_the_start_with_the_name_of_its_option(string variable, string value, string expected)
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        var environment = new Dictionary<string, string> { ["Storage__Data"] = store.Folder, [variable] = value };
        await using var server = RealServer.Start(environment, "serve");

        Assert.Equal(2, await server.UntilEnd());
        Assert.Contains(server.Output.Split('\n'), line => line.StartsWith("madang: " + expected, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_said()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var server = RealServer.Start(null, "serve", "--data", store.Folder, "--urls", $"http://{taken.LocalEndpoint}");

        Assert.Equal(2, await server.UntilEnd());
        Assert.Contains("address already in use", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await using var server = RealServer.Start(null, "serve", "--data", city.Store.Folder, "--urls", "http://127.0.0.1:0");

        Assert.Equal(2, await server.UntilEnd());
        Assert.Contains("in use by another running Madang", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve --data x --postgres Host=db")]
    [InlineData("import places x.json --data x --postgres Host=db")]
    public async Task A_folder_and_PostgreSQL_together_are_refused_in_one_line(string words)
    {
        await using var server = RealServer.Start(null, words.Split(' '));

        Assert.Equal(2, await server.UntilEnd());
        Assert.Equal("madang: --data and --postgres exclude each other: with PostgreSQL nothing is kept in a folder", server.Output.Trim());
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("serve --data")]
    [InlineData("")]
    public async Task An_unknown_word_on_the_command_line_ends_with_2(string words)
    {
        await using var server = RealServer.Start(null, words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, await server.UntilEnd());
        Assert.StartsWith("madang: ", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    public async Task Each_command_explains_itself(string command)
    {
        await using var server = RealServer.Start(null, command, "--help");

        Assert.Equal(0, await server.UntilEnd());
        Assert.Contains("--data", server.Output, StringComparison.Ordinal);
        Assert.Contains($"madang {command} [options]", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Madang.Server", server.Output, StringComparison.Ordinal);
    }
}
