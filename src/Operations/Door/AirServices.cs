using Madang.Operations.Air;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Door;

/// <summary>Registers and maps the air-quality desk.</summary>
internal static class AirServices
{
    public static IServiceCollection AddAir(this IServiceCollection services)
    {
        services.AddSingleton<AirStations>().AddSingleton<IndexMaker>().AddSingleton<AirQueue>().AddSingleton<AirSource>().AddSingleton<AirLedger>().AddSingleton<SheetMaker>().AddSingleton<ExposureMaker>();
        services.AddSingleton(provider => new AirReader(provider.GetRequiredService<SensingHistory>(), provider.GetRequiredService<IOptions<SensingOptions>>().Value.FindZone()));
        services.AddSingleton(provider => new AirDesk(
            provider.GetRequiredService<CityNow>(), provider.GetRequiredService<AirSource>(), provider.GetRequiredService<SheetMaker>(), provider.GetRequiredService<ExposureMaker>(),
            provider.GetRequiredService<PlaceBook>(), provider.GetRequiredService<SiteBook>(), provider.GetRequiredService<AirLedger>(), provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddReaction<AccessChanged, AirReaction>("operations.air").AddReaction<PlacesChanged, AirReaction>("operations.air").AddReaction<SitesChanged, AirReaction>("operations.air");
        services.AddReaction<AlertChanged, AirReaction>("operations.air").AddReaction<RuleChanged, AirReaction>("operations.air");
        services.AddSingleton<AirReaction>();
        return services.AddPersonal(_ => AirPersonal.Columns());
    }

    public static IEndpointRouteBuilder MapAir(this IEndpointRouteBuilder routes)
    {
        var air = routes.MapGroup("/api/air").WithTags("Air");
        air.MapGet("/index", AirRoutes.Index).RequireAuthorization(Policies.PublicRead).WithSummary("The comprehensive air-quality index of the city, its districts and its stations");
        air.MapGet("/forecasts", AirRoutes.Forecasts).RequireAuthorization(Policies.PublicRead).WithSummary("Daily means of particles that are expected tomorrow and the day after, with how good the forecasts are");
        air.MapPut("/forecasts/{day}", AirRoutes.PutForecast).Accepts<AirRoutes.ForecastRequest>("application/json").RequireAuthorization(Policies.AlertsWrite).WithSummary("Enter an official forecast, which then wins");
        air.MapGet("/reduction", AirRoutes.Sheet).RequireAuthorization(Policies.PublicRead).WithSummary("The sheet on which emergency reduction measures are decided");
        air.MapPost("/reduction/{day}/decisions", AirRoutes.Decide).Accepts<AirRoutes.DecisionRequest>("application/json").RequireAuthorization(Policies.AlertsWrite).WithSummary("Decide on emergency reduction measures");
        air.MapPut("/reduction/{day}/measures/{item}", AirRoutes.Tick).Accepts<AirRoutes.TickRequest>("application/json").RequireAuthorization(Policies.AlertsWrite).WithSummary("Say that a measure is done, or that it is not");
        air.MapGet("/exposure", AirRoutes.Exposure).RequireAuthorization(Policies.PublicRead).WithSummary("Where an advisory or warning of the air is in force, how many sensitive sites lie there, and what they do");
        air.MapGet("/seasons", AirRoutes.Seasons).RequireAuthorization(Policies.PublicRead).WithSummary("The parts of the year with measures of their own, and which of them hold on a day");
        return routes;
    }
}
