using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Operations;

/// <summary>Registers and maps what is so in the city now.</summary>
public static class OperationsModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) => services;

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapOperations(this IEndpointRouteBuilder routes) => routes;
}
