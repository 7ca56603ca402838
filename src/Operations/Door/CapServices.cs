using Madang.Operations.Cap;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Door;

/// <summary>Registers and maps the Common Alerting Protocol.</summary>
internal static class CapServices
{
    public static IServiceCollection AddCap(this IServiceCollection services)
    {
        services.AddSingleton<CapLedger>().AddSingleton<CapPlaces>().AddSingleton<CapPublisher>().AddSingleton<CapFeed>().AddHostedService<CapTicker>().AddSingleton<FeedPuller>().AddHostedService<FeedTicker>();
        services.AddSingleton(provider =>
        {
            var sensing = provider.GetRequiredService<IOptions<SensingOptions>>().Value;
            return CapAuthor.Of(provider.GetRequiredService<IOptions<OperationsOptions>>().Value, sensing.PublicUrl, sensing.FindZone());
        });
        services.AddSingleton(provider => new CapDesk(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CapFeedDesk(provider.GetRequiredService<FeedPuller>()));
        return services.AddPersonal(_ => CapPersonal.Columns());
    }

    public static IEndpointRouteBuilder MapCap(this IEndpointRouteBuilder routes)
    {
        var given = routes.MapGroup("/cap").WithTags("CAP");
        given.MapGet("/feed", CapRoutes.Feed).RequireAuthorization(Policies.PublicRead).WithSummary("Alerts as an Atom feed of CAP 1.2 messages");
        given.MapGet("/{id}.xml", CapRoutes.Message).RequireAuthorization(Policies.PublicRead).WithSummary("One CAP 1.2 message, as it was given out");
        given.MapPost("/in", CapRoutes.Take).Accepts<string>(CapXml.MediaType, "application/xml", "text/xml").RequireAuthorization(Policies.WarningsWrite).WithSummary("Hand in a CAP 1.2 message of another agency");

        var taken = routes.MapGroup("/api/cap").WithTags("CAP").RequireAuthorization(Policies.PublicRead);
        taken.MapGet("/received", CapRoutes.List).WithSummary("Warnings of other agencies, those that came last first");
        taken.MapGet("/received/{id:long}", CapRoutes.Get).WithSummary("One warning of another agency");
        taken.MapGet("/received/{id:long}/xml", CapRoutes.Original).WithSummary("One warning of another agency, byte for byte as it came");
        return routes;
    }
}
