using Madang.Operations.Door;
using Madang.Operations.Live;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Operations;

/// <summary>Registers and maps what is so in the city now.</summary>
public static class OperationsModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddOptions<OperationsOptions>().BindConfiguration("Operations").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CityNow>();
        services.AddSingleton<StreamCity>();
        services.AddSingleton<ReadCity>();
        services.AddSingleton<DownloadCity>();
        services.AddSingleton<CityReaction>();
        services.AddHostedService<CityTicker>();
        services.AddSchema("operations", typeof(OperationsModule).Assembly);
        services.AddRules().AddCap().AddIncidents().AddAir().AddDuty().AddAutomations();
        services.AddReaction<ObservationsStored, CityReaction>("operations.city-now");
        services.AddReaction<StationsChanged, CityReaction>("operations.city-now");
        services.AddReaction<SensorHealthChanged, CityReaction>("operations.city-now");
        services.AddReaction<PlacesChanged, CityReaction>("operations.city-now");
        services.AddReaction<AccessChanged, CityReaction>("operations.city-now");
        return services;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapOperations(this IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup("").WithTags("Operations").RequireAuthorization(Policies.PublicRead);
        reading.MapGet("/api/city/now", ReadCity.Now).WithSummary("What is so in the city now");
        reading.MapGet("/api/city/now.csv", DownloadCity.Now).Exports().WithSummary("The table of districts as CSV");
        reading.MapGet("/api/city/now/{place}/{measure}", ReadCity.Explain).WithSummary("A figure and every datastream it is the mean of");
        reading.MapGet("/api/city/sensors", FindSensors.Handle).WithSummary("Sensors by name, measure, district and health, a page at a time");
        reading.MapGet("/api/city/sensors.csv", FindSensors.Csv).Exports().WithSummary("The readings of all the sensors found, as CSV");
        reading.MapGet("/api/city/sensors/map", FindSensors.Map).WithSummary("All the sensors found, in short rows for a map");
        reading.MapGet("/api/city/stations", ReadCity.Stations).WithSummary("Every sensor with what it says of a measure now");
        reading.MapGet("/api/city/at", ReadCity.At).WithSummary("Every sensor with what it said of a measure at a time of the last day");
        reading.MapGet("/api/city/day", ReadCity.Day).WithSummary("The last day of the city and of each district, by ten minutes");
        reading.MapGet("/api/city/day.csv", DownloadCity.Day).Exports().WithSummary("The last day of the city and of each district as CSV");
        reading.MapGet("/live/city", StreamCity.Handle).Produces<string>(contentType: "text/event-stream").IsNoUse().WithSummary("What is so in the city, as server-sent events");
        routes.MapRules().MapCap().MapIncidents().MapAir().MapDuty().MapAutomations();
        return routes;
    }
}
