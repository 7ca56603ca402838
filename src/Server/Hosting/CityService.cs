using System.Text.Json.Serialization;
using Madang.Sensing;
using Madang.Trust;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Madang.Server.Hosting;

/// <summary>What every request passes through, whatever module answers it, and the routes that belong to no module.</summary>
internal static class CityService
{
    public static void AddCityService(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ServerOptions>().BindConfiguration("Server").ValidateDataAnnotations()
            .Validate(server => Proxies.FindWrong(server) is null, "Proxies: is a list of addresses, networks such as 10.0.0.0/24, and the word unix").ValidateOnStart();
        services.AddOptions<TelemetryOptions>().BindConfiguration("Telemetry").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerOptions>>((kestrel, server) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = server.Value.MaxBodyMegabytes * 1024L * 1024L;
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        // A misspelt member would be dropped without a word, and what it meant may have hidden or limited something.
        // And a number in quotation marks is a text: as in the standards' own doors, it is not guessed at.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddSingleton<SecurityHeaders>();
        services.AddSingleton<ProblemHandler>();
        services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Madang";
            document.Info.Version = typeof(CityService).Assembly.GetName().Version?.ToString(3);
            return Task.CompletedTask;
        }));
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/geo+json", "application/problem+json", "image/svg+xml"];
        });
        services.AddSingleton<Proxies>();
        services.AddSingleton<CallerLimits>();
        services.AddHostedService<Telemetry>();
        builder.WebHost.UseStaticWebAssets();
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = provider.ValidateOnBuild = true);
    }

    public static void UseCityService(this WebApplication app)
    {
        app.Use((RequestDelegate next) => app.Services.GetRequiredService<Proxies>().Before(next));
        app.Use((RequestDelegate next) =>
        {
            var headers = app.Services.GetRequiredService<SecurityHeaders>();
            return context =>
            {
                headers.Set(context);
                return next(context);
            };
        });
        app.UseSensingBatches();
        app.UseMiddleware<Failures>();
        app.UseResponseCompression();
        app.UseMiddleware<HeadRequests>();
        app.UseRouting();
        app.Use((RequestDelegate next) => app.Services.GetRequiredService<CallerLimits>().Before(next));
        app.UseTrust();
        app.Use(FormsOnly.Before);
    }

    public static void MapCityService(this WebApplication app)
    {
        app.MapHealth();
        app.MapOpenApi().RequireAuthorization(Policies.PublicRead);
    }
}
