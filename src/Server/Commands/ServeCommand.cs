using System.CommandLine;

namespace Madang.Server.Commands;

/// <summary><c>serve</c>: a city's own data, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var hosting = new HostingOptions();
        var command = new Command("serve", "Serves your own city.");
        hosting.AddTo(command);
        command.SetAction((parsed, cancel) => Run(hosting.Read(parsed), cancel));
        return command;
    }

    /// <summary>Builds, checks and runs the city; <paramref name="adjust"/> adds what a command brings along.</summary>
    public static async Task<int> Run(IReadOnlyDictionary<string, string?> settings, CancellationToken cancel, Action<WebApplicationBuilder>? adjust = null)
    {
        await using var city = CityHost.Build(settings, adjust);
        await city.PrepareCity(cancel);
        await city.StartAsync(cancel);
        CityHost.Announce(city);
        await city.WaitForShutdownAsync(cancel);
        return 0;
    }
}
