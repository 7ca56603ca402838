using System.CommandLine;
using System.Net.Sockets;
using Madang.Import;
using Madang.Kernel;

namespace Madang.Server.Commands;

/// <summary>
/// The options by which a command reaches a city, and the way there: a running server by its address, or a city started for
/// this command alone. Both are asked through the same HTTP interface; the second listens only on a socket in a private folder.
/// </summary>
internal sealed class CityAccess
{
    private readonly Option<Uri?> url = new("--url") { Description = "A running Madang, such as http://localhost:8080", HelpName = "URL", CustomParser = ReadUrl };
    private readonly Option<string?> data = new("--data") { Description = "Straight into a data folder that no server holds. Default without --url: ./data", HelpName = "DIR" };
    private readonly Option<string?> postgres = new("--postgres") { Description = "Straight into PostgreSQL: an Npgsql connection string. Not together with --data", HelpName = "CONN" };
    private readonly Option<string?> key = new("--key") { Description = "The write key of a city on another machine; better in the environment as MADANG_KEY", HelpName = "KEY" };

    public void AddTo(Command command)
    {
        command.Add(url);
        command.Add(data);
        command.Add(postgres);
        command.Add(key);
        HostingOptions.RefuseBoth(command, data, postgres);
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is not null && (result.GetResult(data) is not null || result.GetResult(postgres) is not null))
            {
                result.AddError("--url and --data or --postgres exclude each other: one is a running city, the other its store");
            }
        });
    }

    /// <summary>Opens the way, does the work, and closes what was opened. Answers the exit code.</summary>
    public async Task<int> Use(ParseResult parsed, Func<HttpClient, string?, Task<int>> work, CancellationToken cancel)
    {
        var secret = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("MADANG_KEY");
        try
        {
            if (parsed.GetValue(url) is { } address)
            {
                using var client = new HttpClient { BaseAddress = address };
                return await work(client, secret);
            }

            return await UseStore(parsed, client => work(client, null), cancel);
        }
        catch (ImportException failure)
        {
            await Console.Error.WriteLineAsync($"madang: {failure.Message}");
            return CommandLine.BadInput;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("madang: stopped. What was stored is kept; start the import again to go on.");
            return CommandLine.Stopped;
        }
    }

    private async Task<int> UseStore(ParseResult parsed, Func<HttpClient, Task<int>> work, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("madang-import-");
        try
        {
            var socket = Path.Combine(folder.FullName, "city.sock");
            await using var city = CityHost.Build(Settings(parsed, socket));
            await Prepare(city, cancel);
            await city.Begin(cancel);
            try
            {
                using var client = Client(socket);
                return await work(client);
            }
            finally
            {
                // Also after a failure: what was acknowledged is stored, but background work must end in good order.
                await city.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task Prepare(WebApplication city, CancellationToken cancel)
    {
        try
        {
            await city.PrepareCity(cancel);
        }
        catch (InvalidInputException held) when (held.Reason.EndsWith("in use by another running Madang", StringComparison.Ordinal))
        {
            throw new ImportException($"{held.Message}. Import into that server: --url http://localhost:8080 (or where it listens) in place of --data.", held);
        }
    }

    private Dictionary<string, string?> Settings(ParseResult parsed, string socket)
    {
        var settings = new Dictionary<string, string?>
        {
            ["urls"] = $"http://unix:{socket}",
            ["Logging:LogLevel:Default"] = "Warning",
            // Only this command can reach the socket.
            ["Trust:Open"] = "true",
        };
        Add("Storage:Data", parsed.GetValue(data));
        // A folder that was asked for is used, also where the environment names PostgreSQL.
        Add("Storage:Postgres", parsed.GetValue(data) is null ? parsed.GetValue(postgres) : "");
        return settings;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                settings[name] = value;
            }
        }
    }

    private static HttpClient Client(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = new Uri("http://localhost/") };

    private static Uri? ReadUrl(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        result.AddError($"--url: '{text}' is not an address such as http://localhost:8080");
        return null;
    }
}
