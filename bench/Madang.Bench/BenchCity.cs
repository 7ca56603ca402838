using Madang.Server;
using Madang.Trust;
using Madang.Trust.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Bench;

/// <summary>A city in a process of its own for <see cref="AccessBench"/>: closed, with a key in a file, and with a second door where nobody is asked who he is.</summary>
internal static class BenchCity
{
    /// <summary>Who may do everything.</summary>
    public static Caller Everybody { get; } = new(
        CallerKind.Local, RecordEntry.Local, House.Empty, Role.All.SelectMany(role => role.Permissions).Distinct().Select(allowed => new Permission(allowed.Act, allowed.Kind, null, null, "bench", "bench")));

    public static async Task<int> Serve(string url, string unguarded, string keyFile, string option, string store)
    {
        var settings = new Dictionary<string, string?> { ["urls"] = $"{url};{unguarded}", [option == "--data" ? "Storage:Data" : "Storage:Postgres"] = store, ["Trust:AddressRequestsPerSecond"] = "0" };
        await using var city = CityHost.Build(settings, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton(new Unguarded(Everybody, new Uri(unguarded).Port));
            // The routes still name their policies; behind the second door nobody asks after them.
            builder.Services.Configure<RouteOptions>(routing => routing.SuppressCheckForUnhandledSecurityMetadata = true);
        });
        await city.PrepareCity(CancellationToken.None);
        await city.StartAsync();
        Caller.Enter(new Asking(Everybody, null, null, null));
        var key = await city.Services.GetRequiredService<DeviceKeys>().Make("bench", null, ["read", "write"], 0, 0, null, CancellationToken.None);
        await File.WriteAllTextAsync(keyFile + ".new", key.Secret);
        File.Move(keyFile + ".new", keyFile);
        await city.WaitForShutdownAsync();
        return 0;
    }
}
