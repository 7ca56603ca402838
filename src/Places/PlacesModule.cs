using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Places;

/// <summary>Registers and maps the shapes and names of the city.</summary>
public static class PlacesModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddPlaces(this IServiceCollection services) => services;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapPlaces(this IEndpointRouteBuilder routes) => routes;
}
