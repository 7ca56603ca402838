using Madang.Places.Door;
using Madang.Places.Seed;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Places;

/// <summary>Registers and maps the shapes, names and points of the city.</summary>
public static class PlacesModule
{
    /// <summary>Adds the module's services, its tables, and Seoul's districts where they are missing.</summary>
    public static IServiceCollection AddPlaces(this IServiceCollection services)
    {
        services.AddSchema("places", typeof(PlacesModule).Assembly);
        services.AddNotPersonal("places", "the name of a district", "name_ko", "name_en");
        services.AddNotPersonal("sites", "the name and address of a public place", "name", "name_en", "address");
        services.AddSingleton(new PublicTable("places")).AddSingleton(new PublicTable("sites"));
        services.AddSingleton<PlaceBook>().AddSingleton<SiteBook>();
        services.AddReaction<PlacesChanged, PlaceBook>("places.book");
        services.AddReaction<SitesChanged, SiteBook>("places.sites");
        services.AddHostedService<SeoulDistricts>();
        return services;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapPlaces(this IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup("/api/places").WithTags("Places").RequireAuthorization(Policies.PublicRead);
        reading.MapGet("/{kind}", ReadPlaces.HandleAll).WithSummary("The places of a kind, as GeoJSON");
        reading.MapGet("/sites", ReadSites.HandleCounts).WithSummary("The kinds of sites, and how many there are by district");
        reading.MapGet("/sites/{kind}", ReadSites.HandleKind).WithSummary("The sites of a kind, as GeoJSON, a page at a time");
        reading.MapGet("/sites/near", ReadSites.HandleNear).WithSummary("The sites near a point, the nearest first");
        reading.MapGet("/{kind}/{code}", ReadPlaces.HandleOne).WithSummary("One place, as a GeoJSON feature");

        var writing = routes.MapGroup("/api/places").WithTags("Places").RequireAuthorization(Policies.PlacesWrite);
        writing.MapPut("/{kind}", PutPlaces.Handle).WithSummary("Make or change places by their code, all or none").WithMetadata(new BodyLimit(PutPlaces.MaxBody));
        writing.MapPut("/sites/{kind}", PutSites.Handle).WithSummary("Make or change sites by their code, all or none").WithMetadata(new BodyLimit(PutPlaces.MaxBody));
        writing.MapDelete("/sites/{kind}/{code}", DeleteSite.Handle).WithSummary("Take a site away");
        return routes;
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
