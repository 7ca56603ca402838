using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Web;

/// <summary>Registers and maps the pages.</summary>
public static class WebModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services) => services;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapWeb(this IEndpointRouteBuilder routes) => routes;
}
