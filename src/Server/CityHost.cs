using Madang.Operations;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Madang.Web;

namespace Madang.Server;

/// <summary>Puts the house together: every module's services, then every module's routes.</summary>
internal static class CityHost
{
    /// <summary>Builds the city without starting it; <paramref name="adjust"/> has the last word on settings and services.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = provider.ValidateOnBuild = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage().AddTrust().AddPlaces().AddSensing().AddOperations().AddWeb();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPlaces().MapSensing().MapOperations().MapWeb();
        return app;
    }
}
