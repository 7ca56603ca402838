using Madang.Operations.Duty;
using Madang.Operations.Incidents;
using Madang.Operations.Scenarios;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Operations.Door;

/// <summary>Registers and maps incidents, scenarios and tasks.</summary>
internal static class IncidentServices
{
    /// <summary>The longest body: a title, a place, all stages, and some room.</summary>
    private const int MostBytes = 64 * 1024;

    public static IServiceCollection AddIncidents(this IServiceCollection services)
    {
        services.AddSingleton<IncidentPen>().AddSingleton<ScenarioStarter>().AddSingleton<ScenarioReaction>();
        services.AddSingleton(provider => new IncidentDesk(provider.GetRequiredService<IncidentPen>(), provider.GetRequiredService<AlertDesk>(), provider.GetRequiredService<PlaceBook>(), provider.GetRequiredService<SiteBook>(), provider.GetRequiredService<CityNow>(), provider.GetRequiredService<StreetLights>()));
        services.AddSingleton(provider => new IncidentReports(
            provider.GetRequiredService<IncidentPen>(), provider.GetRequiredService<IncidentDesk>(), provider.GetRequiredService<AlertDesk>(), provider.GetRequiredService<RuleBook>(), provider.GetRequiredService<CityNow>(),
            provider.GetRequiredService<AlertRows>()));
        services.AddSingleton(provider => new CallListDesk(provider.GetRequiredService<IncidentPen>(), provider.GetRequiredService<Departments>(), provider.GetRequiredService<DutyHolders>(), provider.GetRequiredService<Recorder>()));
        services.AddSingleton(provider => new IncidentCourse(provider.GetRequiredService<IncidentPen>()));
        services.AddSingleton(provider => new DispatchDesk(provider.GetRequiredService<IncidentPen>(), provider.GetRequiredService<PlaceBook>()));
        services.AddSingleton(provider => new ScenarioDesk(provider.GetRequiredService<IncidentPen>(), provider.GetRequiredService<DutyHolders>(), provider.GetRequiredService<TimeProvider>()));
        services.AddReaction<AlertChanged, ScenarioReaction>("operations.scenarios");
        return services.AddPersonal(_ => IncidentPersonal.Columns());
    }

    public static IEndpointRouteBuilder MapIncidents(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api/incidents").WithTags("Incidents").RequireAuthorization(Policies.IncidentsRead);
        read.MapGet("/", IncidentRoutes.List).WithSummary("Incidents, those opened last first");
        read.MapGet("/{id:long}", IncidentRoutes.Get).WithSummary("One incident with all that happened to it");
        read.MapGet("/{id:long}/calls", IncidentRoutes.Calls).WithSummary("Whom to call about it now");
        routes.MapGroup("/api/incidents").WithTags("Incidents").RequireAuthorization(Policies.PublicRead).MapGet("/kinds", IncidentRoutes.Kinds).WithSummary("The kinds of incidents, with their stages and golden times");

        var write = routes.MapGroup("/api/incidents").WithTags("Incidents").RequireAuthorization(Policies.IncidentsWrite).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        write.MapPost("/", IncidentRoutes.Open).Accepts<NewIncident>("application/json").WithSummary("Open an incident");
        write.MapPost("/{id:long}/stage", IncidentRoutes.Stage).Accepts<IncidentRoutes.StageRequest>("application/json").WithSummary("Enter a stage, correct its time, or go back to it");
        write.MapPost("/{id:long}/notes", IncidentRoutes.Note).Accepts<IncidentRoutes.NoteRequest>("application/json").WithSummary("Write something down");
        write.MapPost("/{id:long}/orders", IncidentRoutes.Order).Accepts<IncidentRoutes.OrderRequest>("application/json").WithSummary("Give an order");
        write.MapPost("/{id:long}/orders/{order:int}/answer", IncidentRoutes.Answer).Accepts<IncidentRoutes.AnswerRequest>("application/json").WithSummary("Answer an order");
        write.MapPost("/{id:long}/link", IncidentRoutes.Link).Accepts<IncidentRoutes.LinkRequest>("application/json").WithSummary("Link it to an alert");
        write.MapPost("/{id:long}/merge", IncidentRoutes.Merge).Accepts<IncidentRoutes.MergeRequest>("application/json").WithSummary("Put it into another incident");
        write.MapPost("/{id:long}/split", IncidentRoutes.Split).Accepts<NewIncident>("application/json").WithSummary("Take a part out of it");
        write.MapPost("/{id:long}/close", IncidentRoutes.Close).Accepts<IncidentRoutes.CloseRequest>("application/json").WithSummary("Close it");
        write.MapPost("/{id:long}/reopen", IncidentRoutes.Reopen).Accepts<IncidentRoutes.ReasonRequest>("application/json").WithSummary("Open it again");

        routes.MapGroup("/api/incidents").WithTags("Incidents").RequireAuthorization(Policies.DispatchWrite).WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .MapPut("/from/{system}/{externalId}", IncidentRoutes.Dispatch).Accepts<DispatchReport>("application/json").WithSummary("What a dispatch system says of an incident; as often and in any order");
        var scenarios = routes.MapGroup("/api/scenarios").WithTags("Scenarios");
        scenarios.MapGet("/", ScenarioRoutes.List).RequireAuthorization(Policies.PublicRead).WithSummary("The scenarios, with their stages, tasks and sources");
        scenarios.MapGet("/{id}", ScenarioRoutes.Get).RequireAuthorization(Policies.PublicRead).WithSummary("One scenario");
        scenarios.MapPost("/{id}/start", ScenarioRoutes.Start).Accepts<ScenarioRoutes.StartRequest>("application/json").RequireAuthorization(Policies.IncidentsWrite).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).WithSummary("Start a stage of a scenario");

        var tasks = routes.MapGroup("/api/tasks").WithTags("Scenarios");
        tasks.MapGet("/", ScenarioRoutes.Tasks).RequireAuthorization(Policies.IncidentsRead).WithSummary("Tasks of scenarios, the newest first");
        tasks.MapPost("/{id:long}/answer", ScenarioRoutes.Answer).Accepts<ScenarioRoutes.TaskRequest>("application/json").RequireAuthorization(Policies.IncidentsWrite).WithMetadata(new RequestSizeLimitAttribute(MostBytes)).WithSummary("Say what became of a task");
        return routes;
    }
}
