using System.CommandLine;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary><c>serve</c>: a city's own data, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var hosting = new HostingOptions();
        var command = new Command("serve", "Serves your own city.");
        hosting.AddTo(command);
        command.SetAction((parsed, cancel) => Run(hosting.Read(parsed), OfferAdministrator, cancel));
        return command;
    }

    /// <summary>Builds, checks and runs the city; <paramref name="welcome"/> says who is there first, <paramref name="adjust"/> adds what a command brings along.</summary>
    public static async Task<int> Run(
        IReadOnlyDictionary<string, string?> settings, Func<WebApplication, CancellationToken, Task> welcome, CancellationToken cancel, Action<WebApplicationBuilder>? adjust = null)
    {
        await using var city = CityHost.Build(settings, adjust);
        await city.PrepareCity(cancel);
        await city.Begin(cancel, welcome);
        CityHost.Announce(city);
        await city.WaitForShutdownAsync(cancel);
        return 0;
    }

    /// <summary>Said on the console and nowhere else: who reads the log must not become administrator.</summary>
    private static async Task OfferAdministrator(WebApplication city, CancellationToken cancel)
    {
        if (await city.OfferAdministrator(cancel) is { } link)
        {
            await Console.Out.WriteLineAsync($"Nobody is administrator of this city. This link makes one, once, within 24 hours:\n  {link}");
        }
    }
}
