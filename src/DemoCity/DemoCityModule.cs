using Madang.DemoCity.Run;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.DemoCity;

/// <summary>The simulated city.</summary>
public static class DemoCityModule
{
    /// <summary>Starts the simulation when the server has started, and ends it before the server.</summary>
    public static IServiceCollection AddDemoCity(this IServiceCollection services, DemoOptions options) =>
        services.AddSingleton(options).AddHostedService<DemoCityService>();
}
