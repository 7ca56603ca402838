namespace Madang.Server.Hosting;

/// <summary>Where settings come from; what stands later wins.</summary>
internal static class CitySettings
{
    /// <summary>
    /// The shipped appsettings.json, the one in the folder where the server is started, the environment
    /// (<c>Storage__Data</c> or <c>MADANG__Storage__Data</c>), and <paramref name="settings"/> from the command line.
    /// </summary>
    public static void AddCitySettings(this WebApplicationBuilder builder, IReadOnlyDictionary<string, string?> settings)
    {
        builder.Configuration.AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true, reloadOnChange: false);
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddEnvironmentVariables("ASPNETCORE_");
        builder.Configuration.AddEnvironmentVariables("MADANG__");
        builder.Configuration.AddInMemoryCollection(settings);
        if (string.IsNullOrWhiteSpace(builder.Configuration["urls"]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(CityHost.DefaultUrls);
        }
        else if (builder.Configuration["urls"] is { Length: > 0 } urls)
        {
            builder.WebHost.UseUrls(urls);
        }

        // A start that fails says why in one line (StartFailure); the host's own report with its stack trace would drown it.
        var started = false;
        builder.Services.AddHostedService(provider => new WhenStarted(provider.GetRequiredService<IHostApplicationLifetime>(), () => started = true));
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Warning);
    }

    private sealed class WhenStarted(IHostApplicationLifetime lifetime, Action then) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStarted.Register(then);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
