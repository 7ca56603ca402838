using Madang.Operations.Automations;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Door;

/// <summary>Registers and maps what the city does by itself.</summary>
internal static class AutomationServices
{
    private const int MostBytes = 64 * 1024;

    public static IServiceCollection AddAutomations(this IServiceCollection services)
    {
        services.AddSingleton<LampHold>().AddSingleton<Doing>().AddSingleton<Undoing>().AddSingleton<AutomationRunner>().AddSingleton<NoticeRows>().AddSingleton<AutomationStarter>().AddSingleton<AutomationReaction>().AddHostedService<AutomationTicker>();
        services.AddSingleton(provider => new ReportMaker(Zone(provider)));
        services.AddSingleton(provider => new AutomationTurn(
            provider.GetRequiredService<AutomationBook>(), provider.GetRequiredService<AutomationRunner>(), provider.GetRequiredService<Undoing>(), provider.GetRequiredService<TimeProvider>(), Zone(provider), provider.GetRequiredService<ILogger<AutomationTurn>>()));
        services.AddSingleton(provider => new AutomationBook(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<StreetLights>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AutomationDesk(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<AutomationRunner>(), provider.GetRequiredService<Undoing>()));
        services.AddReaction<AlertChanged, AutomationReaction>("operations.automations").AddReaction<IncidentChanged, AutomationReaction>("operations.automations");
        return services.AddPersonal(_ => AutomationPersonal.Columns());
    }

    public static IEndpointRouteBuilder MapAutomations(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api/automations").WithTags("Automations").RequireAuthorization(Policies.AutomationsRead);
        read.MapGet("/", AutomationRoutes.List).WithSummary("What the city does by itself, each in plain words");
        read.MapGet("/{id}", AutomationRoutes.Get).WithSummary("One automation");
        read.MapGet("/{id}/revisions", AutomationRoutes.Revisions).WithSummary("Every revision of an automation, the newest first");
        read.MapGet("/{id}/runs", AutomationRoutes.Runs).WithSummary("Its runs, the newest first: what started each, and what came of it");
        read.MapGet("/reports/{report:long}", AutomationRoutes.Report).WithSummary("A report that an automation made");

        var write = routes.MapGroup("/api/automations").WithTags("Automations").RequireAuthorization(Policies.AutomationsWrite).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        write.MapPut("/{id}", AutomationRoutes.Write).Accepts<AutomationRoutes.AutomationRequest>("application/json").WithSummary("Write an automation, which begins dry; one that acts on the street waits for a second person");
        write.MapPost("/{id}/revisions/{revision:int}/review", AutomationRoutes.Review).Accepts<RuleRoutes.ReviewRequest>("application/json").WithSummary("Approve or refuse what another person wrote");
        write.MapPost("/{id}/try", AutomationRoutes.Try).WithSummary("What it would do now; nothing is done");
        write.MapPost("/{id}/runs/{run:long}/undo", AutomationRoutes.Undo).WithSummary("Take back what a run did");

        routes.MapGroup("/api/notices").WithTags("Automations").RequireAuthorization(Policies.PublicRead).MapGet("/", AutomationRoutes.Notices).WithSummary("What everybody is told now, the newest first");
        return routes;
    }

    private static TimeZoneInfo Zone(IServiceProvider provider) => provider.GetRequiredService<IOptions<SensingOptions>>().Value.FindZone();
}
