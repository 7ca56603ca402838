using Madang.Trust.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
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
        services.AddAuthentication(LocalOrKeyHandler.Scheme)
            .AddScheme<AuthenticationSchemeOptions, LocalOrKeyHandler>(LocalOrKeyHandler.Scheme, _ => { });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build())
            .AddPolicy(Policies.PublicRead, policy => policy.RequireAssertion(_ => true))
            .AddPolicy(Policies.SensingWrite, policy => policy.RequireRole(LocalOrKeyHandler.Writer))
            .AddPolicy(Policies.PlacesWrite, policy => policy.RequireRole(LocalOrKeyHandler.Writer));
        return services;
    }
}
