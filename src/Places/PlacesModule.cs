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

/// <summary>Registers and maps the shapes and names of the city.</summary>
public static class PlacesModule
{
    /// <summary>Adds the module's services, its tables, and Seoul's districts where they are missing.</summary>
    public static IServiceCollection AddPlaces(this IServiceCollection services)
    {
        services.AddSchema("places", typeof(PlacesModule).Assembly);
        services.AddNotPersonal("places", "the name of a district", "name_ko", "name_en");
        services.AddSingleton(new PublicTable("places"));
        services.AddSingleton<PlaceBook>();
        services.AddReaction<PlacesChanged, PlaceBook>("places.book");
        services.AddHostedService<SeoulDistricts>();
        return services;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapPlaces(this IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup("/api/places").WithTags("Places").RequireAuthorization(Policies.PublicRead);
        reading.MapGet("/{kind}", ReadPlaces.HandleAll).WithSummary("The places of a kind, as GeoJSON");
        reading.MapGet("/{kind}/{code}", ReadPlaces.HandleOne).WithSummary("One place, as a GeoJSON feature");

        var writing = routes.MapGroup("/api/places").WithTags("Places").RequireAuthorization(Policies.PlacesWrite);
        writing.MapPut("/{kind}", PutPlaces.Handle).WithSummary("Make or change places by their code, all or none").WithMetadata(new BodyLimit(PutPlaces.MaxBody));
        return routes;
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
