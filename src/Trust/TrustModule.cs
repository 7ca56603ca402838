using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        services.AddSchema("trust", typeof(TrustModule).Assembly);
        services.AddAccounts();
        services.AddAuthentication(AccountServices.Caller)
            .AddScheme<AuthenticationSchemeOptions, LocalOrKeyHandler>(LocalOrKeyHandler.Scheme, _ => { });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsNoRoute).Build())
            .AddPolicy(Policies.PublicRead, policy => policy.RequireAssertion(_ => true))
            .AddPolicy(Policies.SensingWrite, policy => policy.RequireRole(Callers.Writer))
            .AddPolicy(Policies.PlacesWrite, policy => policy.RequireRole(Callers.Writer))
            .AddPolicy(Policies.SignedIn, policy => policy.AddAuthenticationSchemes(SignedIn.Scheme).RequireClaim(SignedIn.Subject));
        return services;
    }

    /// <summary>Finds out who calls and whether he may; stands between routing and the routes.</summary>
    public static IApplicationBuilder UseTrust(this IApplicationBuilder app) => app.UseMiddleware<DeviceGate>().Use(Https).UseAuthentication().UseAuthorization();

    /// <summary>The link that makes the first administrator; null when the city has people. Asked for by <c>serve</c> alone, which has no demo people: those of an earlier demo go.</summary>
    public static async Task<string?> OfferAdministrator(this IHost host, CancellationToken cancel)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstPeople>().OfferAdministrator(cancel);
    }

    /// <summary>Makes the demo's made-up people where they are missing, and answers them with their passwords.</summary>
    public static async Task<IReadOnlyList<DemoPerson>> MakeDemoPeople(this IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstPeople>().MakeDemoPeople();
    }

    /// <summary>
    /// Marks routes that devices call thousands of times a second. They are protected by the same policies, decided once for
    /// each known caller; they take no cookies and no forms.
    /// </summary>
    public static TBuilder ForDevices<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ForDevices());

    /// <summary>Behind the proxy of the public address a request is what the browser sent: HTTPS, for cookies, links and passkeys.</summary>
    private static RequestDelegate Https(RequestDelegate next) => context =>
    {
        if (!context.Request.IsHttps && context.RequestServices.GetRequiredService<Addresses>().IsSecure(context.Request))
        {
            context.Request.Scheme = "https";
        }

        return next(context);
    };

    /// <summary>Where no route is, there is nothing to protect: the answer is 404, or 405 from the router's own endpoint.</summary>
    private static bool IsNoRoute(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
