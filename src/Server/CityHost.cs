using Madang.Operations;
using Madang.Places;
using Madang.Sensing;
using Madang.Server.Hosting;
using Madang.Storage;
using Madang.Trust;
using Madang.Web;
using Microsoft.Extensions.Options;

namespace Madang.Server;

/// <summary>Puts the house together: every module's services, then every module's routes.</summary>
internal static partial class CityHost
{
    /// <summary>Where the server listens unless it is told otherwise: this machine only.</summary>
    public const string DefaultUrls = "http://127.0.0.1:8080";

    /// <summary>Builds the city without starting it; <paramref name="adjust"/> has the last word on settings and services.</summary>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(CityHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.AddCitySettings(settings);
        builder.AddCityService();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddCity();
        adjust?.Invoke(builder);
        UnknownSettings.Refuse(builder.Configuration, builder.Services);

        var app = builder.Build();
        app.UseCityService();
        app.MapCityService();
        app.MapTrust().MapPlaces().MapSensing().MapOperations().MapWeb();
        return app;
    }

    /// <summary>Every module's services; from the lowest floor up.</summary>
    public static IServiceCollection AddCity(this IServiceCollection services) => services.AddStorage().AddTrust().AddPlaces().AddSensing().AddOperations().AddWeb();

    /// <summary>Checks every setting and brings the store's tables up to date, before the first request.</summary>
    public static async Task PrepareCity(this WebApplication city, CancellationToken cancel)
    {
        city.Services.GetService<IStartupValidator>()?.Validate();
        await city.PrepareStore(cancel);
    }

    /// <summary>Starts the city and does what belongs to its start. When that fails, what has begun ends before the store is taken from under it.</summary>
    public static async Task Begin(this WebApplication city, CancellationToken cancel, Func<WebApplication, CancellationToken, Task>? welcome = null)
    {
        try
        {
            await city.StartAsync(cancel);
            await (welcome?.Invoke(city, cancel) ?? Task.CompletedTask);
        }
        catch
        {
            // Why it failed is what matters; parts that never began may not know how to end.
            await city.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Tells the operator where the city is to be found.</summary>
    public static void Announce(WebApplication city)
    {
        var storage = city.Services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var data = city.Services.GetRequiredService<IDatabase>().Engine == Engine.Postgres ? "PostgreSQL" : Path.GetFullPath(storage.Data);
        var urls = string.Join(", ", city.Urls).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Serving(city.Logger, urls, data);
        if (city.Services.GetRequiredService<IOptions<TrustOptions>>().Value.Open)
        {
            Opened(city.Logger);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "OPEN: every program on this machine may read, change and delete everything here, without a key and without a name. This is for a laptop. Leave out --open (Trust:Open) where anybody else can log in.")]
    private static partial void Opened(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Madang serves on {Urls}, data in {Data}. Ctrl-C stops it.")]
    private static partial void Serving(ILogger log, string urls, string data);
}
