using Madang.Trust.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Trust;

/// <summary>Registers who may do what. Deny by default: a route without a policy is refused.</summary>
public static class TrustModule
{
    /// <summary>Adds authentication, the policies of <see cref="Policies"/>, and <see cref="Visibility"/>.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services)
    {
        services.AddOptions<TrustOptions>().BindConfiguration("Trust").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Visibility>();
        services.AddSingleton<Callers>();
        services.AddAuthentication(LocalOrKeyHandler.Scheme)
            .AddScheme<AuthenticationSchemeOptions, LocalOrKeyHandler>(LocalOrKeyHandler.Scheme, _ => { });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsNoRoute).Build())
            .AddPolicy(Policies.PublicRead, policy => policy.RequireAssertion(_ => true))
            .AddPolicy(Policies.SensingWrite, policy => policy.RequireRole(Callers.Writer))
            .AddPolicy(Policies.PlacesWrite, policy => policy.RequireRole(Callers.Writer));
        return services;
    }

    /// <summary>Finds out who calls and whether he may; stands between routing and the routes.</summary>
    public static IApplicationBuilder UseTrust(this IApplicationBuilder app) => app.UseMiddleware<DeviceGate>().UseAuthentication().UseAuthorization();

    /// <summary>
    /// Marks routes that devices call thousands of times a second. They are protected by the same policies, decided once for
    /// each known caller; they take no cookies and no forms.
    /// </summary>
    public static TBuilder ForDevices<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ForDevices());

    /// <summary>Where no route is, there is nothing to protect: the answer is 404, or 405 from the router's own endpoint.</summary>
    private static bool IsNoRoute(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
