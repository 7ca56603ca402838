using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Record;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Witness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>Registers who may do what, and the record of what was done. Deny by default: a route without a policy is refused.</summary>
public static class TrustModule
{
    /// <summary>Adds authentication, the policies of <see cref="Policies"/>, and <see cref="Visibility"/>.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services)
    {
        services.AddOptions<TrustOptions>().BindConfiguration("Trust").ValidateDataAnnotations().Validate(WitnessCalls.CanBeAsked).ValidateOnStart();
        services.AddSingleton<Visibility>();
        services.AddSingleton<Callers>();
        services.AddAuthentication(LocalOrKeyHandler.Scheme)
            .AddScheme<AuthenticationSchemeOptions, LocalOrKeyHandler>(LocalOrKeyHandler.Scheme, _ => { });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsNoRoute).Build())
            .AddPolicy(Policies.PublicRead, policy => policy.RequireAssertion(_ => true))
            .AddPolicy(Policies.SensingWrite, policy => policy.RequireRole(Callers.Writer))
            .AddPolicy(Policies.PlacesWrite, policy => policy.RequireRole(Callers.Writer));
        return services.AddRecord();
    }

    /// <summary>The record and its log. The log is registered first and so stops last: what the recorder stored at its end is still signed.</summary>
    private static IServiceCollection AddRecord(this IServiceCollection services)
    {
        services.AddSchema("trust", typeof(TrustModule).Assembly);
        services.AddSingleton(provider => RecordPlace.Of(provider.GetRequiredService<IOptions<TrustOptions>>(), provider.GetRequiredService<IOptions<StorageOptions>>()));
        services.AddSingleton<RecordBell>().AddSingleton<Subjects>().AddSingleton<RecordRows>();
        services.AddSingleton(provider => new RecordedSubjects(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Subjects>()));
        services.AddSingleton(provider => new RecordHealth(provider.GetRequiredService<RecordLog>()));
        services.AddSingleton<LogTable>().AddSingleton<LogKey>().AddSingleton<RecordLog>().AddHostedService(provider => provider.GetRequiredService<RecordLog>());
        services.AddSingleton<WitnessCalls>().AddHostedService(provider => provider.GetRequiredService<WitnessCalls>());
        services.AddSingleton(provider => new Recorder(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<RecordRows>(), provider.GetRequiredService<RecordBell>(), provider.GetRequiredService<IOptions<TrustOptions>>(), provider.GetRequiredService<ILogger<Recorder>>()));
        return services.AddHostedService(provider => provider.GetRequiredService<Recorder>());
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
