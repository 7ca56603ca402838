using System.CommandLine;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary><c>witness</c>: a server of its own, best on another machine, that signs what continues what it saw.</summary>
internal static partial class WitnessCommand
{
    private const long MostBytes = 64 * 1024;

    public static Command Create()
    {
        var key = new Option<string[]>("--key") { Description = "The public key of a log to watch (./madang audit key). May be given several times", HelpName = "VKEY", Required = true };
        var origin = new Option<string?>("--origin") { Description = "The log's name, where it is not its key's", HelpName = "NAME" };
        var name = new Option<string>("--name") { Description = "This witness's own name, taken when its key is made. Default: madang.local/witness", HelpName = "NAME", DefaultValueFactory = _ => "madang.local/witness" };
        var data = new Option<string>("--data") { Description = "The folder of its key and of what it has seen. Default: ./witness", HelpName = "DIR", DefaultValueFactory = _ => "witness" };
        var listen = new Option<string>("--listen") { Description = "Where to listen. Default: http://127.0.0.1:8090", HelpName = "URLS", DefaultValueFactory = _ => "http://127.0.0.1:8090" };
        var command = new Command("witness", "Watches another machine's record and signs what continues it.") { key, origin, name, data, listen };
        command.SetAction((parsed, cancel) => Run(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(name), parsed.GetRequiredValue(key), parsed.GetValue(origin), parsed.GetRequiredValue(listen), cancel));
        return command;
    }

    private static async Task<int> Run(string data, string name, string[] keys, string? origin, string listen, CancellationToken cancel)
    {
        using var witness = RecordWitness.Open(data, name, keys, origin, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(listen).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        await using var server = builder.Build();
        witness.Map(server);
        await server.StartAsync(cancel);
        var urls = string.Join(", ", server.Urls);
        var folder = Path.GetFullPath(data);
        Watching(server.Logger, urls, folder, witness.Key);
        await server.WaitForShutdownAsync(cancel);
        return 0;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The witness listens on {Urls}, what it sees is kept in {Data}; its key for Trust:Witnesses is {Key}")]
    private static partial void Watching(ILogger log, string urls, string data, string key);
}
