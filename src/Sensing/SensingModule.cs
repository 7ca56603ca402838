using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Sensing;

/// <summary>Registers and maps what the city's sensors tell.</summary>
public static class SensingModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddSensing(this IServiceCollection services) => services;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapSensing(this IEndpointRouteBuilder routes) => routes;
}
