using Madang.Operations.Duty;
using Madang.Operations.Rules;
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

/// <summary>Registers and maps rules and alerts.</summary>
internal static class RuleServices
{
    private const string NameOfPlace = "a datastream, district or region, not a person";

    public static IServiceCollection AddRules(this IServiceCollection services)
    {
        services.AddSingleton<WatchFinder>().AddSingleton<MoveLedger>().AddSingleton<RuleJudge>().AddSingleton<StepTurn>().AddSingleton<FollowFinder>().AddSingleton<FollowTurn>().AddSingleton<LateTurn>().AddSingleton<WatchKeeper>().AddSingleton<RuleWatch>().AddHostedService<RuleTicker>();
        services.AddSingleton(provider => new StepClock(Zone(provider)));
        services.AddSingleton(provider => new RuleHistory(provider.GetRequiredService<SensingQueries>(), provider.GetRequiredService<SensingHistory>(), provider.GetRequiredService<TimeProvider>(), Zone(provider)));
        services.AddSingleton(provider => new RuleDesk(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<RuleBook>(), provider.GetRequiredService<WatchFinder>(), provider.GetRequiredService<FollowFinder>(), provider.GetRequiredService<RuleHistory>()));
        services.AddSingleton(provider => new RuleBook(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AlertDesk(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<MaintenanceCover>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AlertBoard(provider.GetRequiredService<AlertDesk>(), provider.GetRequiredService<Automations.NoticeRows>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new WatchMaker(
            provider.GetRequiredService<RuleBook>(), provider.GetRequiredService<WatchFinder>(), provider.GetRequiredService<FollowFinder>(), provider.GetRequiredService<SensingQueries>(), provider.GetRequiredService<MoveLedger>(), provider.GetRequiredService<TimeProvider>(), Zone(provider)));
        services.AddReaction<ObservationsStored, RuleWatch>("operations.rules").AddReaction<ObservationsChanged, RuleWatch>("operations.rules").AddReaction<StationsChanged, RuleWatch>("operations.rules")
            .AddReaction<PlacesChanged, RuleWatch>("operations.rules").AddReaction<AccessChanged, RuleWatch>("operations.rules").AddReaction<RuleChanged, RuleWatch>("operations.rules");
        foreach (var table in (string[])["rule_moves", "rule_watermarks", "alerts", "alert_members"])
        {
            services.AddNotPersonal(table, NameOfPlace, "subject");
        }

        services.AddNotPersonal("alerts", NameOfPlace, "subject_name_ko", "subject_name_en").AddNotPersonal("alert_members", NameOfPlace, "name_ko", "name_en");
        return services.AddPersonal(_ => RulePersonal.Columns());
    }

    public static IEndpointRouteBuilder MapRules(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/api/rules").WithTags("Rules");
        rules.MapGet("/", RuleRoutes.List).RequireAuthorization(Policies.PublicRead).WithSummary("The rules by which the city watches itself, each in plain words");
        rules.MapGet("/{id}", RuleRoutes.Get).RequireAuthorization(Policies.PublicRead).WithSummary("One rule");
        rules.MapGet("/{id}/revisions", RuleRoutes.Revisions).RequireAuthorization(Policies.RulesWrite).WithSummary("Every revision of a rule, the newest first");
        rules.MapPut("/{id}", RuleRoutes.Write).Accepts<RuleRoutes.WriteRequest>("application/json").RequireAuthorization(Policies.RulesWrite).WithSummary("Write a rule; one that gives orders waits for a second person");
        rules.MapPost("/{id}/revisions/{revision:int}/review", RuleRoutes.Review).Accepts<RuleRoutes.ReviewRequest>("application/json").RequireAuthorization(Policies.RulesWrite).WithSummary("Approve or refuse what another person wrote");
        rules.MapPost("/try", RuleRoutes.Try).Accepts<RuleRoutes.TryRequest>("application/json").RequireAuthorization(Policies.RulesWrite).WithSummary("What a rule would have done over a time that is past; nothing is stored");

        var alerts = routes.MapGroup("/api/alerts").WithTags("Alerts");
        alerts.MapGet("/", AlertRoutes.List).RequireAuthorization(Policies.PublicRead).WithSummary("Alerts, those raised last first");
        alerts.MapGet("/{id:long}", AlertRoutes.Get).RequireAuthorization(Policies.PublicRead).WithSummary("One alert with all that happened to it");
        alerts.MapPost("/{id:long}/acknowledge", AlertRoutes.Acknowledge).RequireAuthorization(Policies.AlertsWrite).WithSummary("Say that one has seen an alert");
        alerts.MapPost("/{id:long}/take", AlertRoutes.Take).RequireAuthorization(Policies.AlertsWrite).WithSummary("Take an alert upon oneself");
        alerts.MapPost("/{id:long}/notes", AlertRoutes.Note).RequireAuthorization(Policies.AlertsWrite).WithSummary("Write something down about an alert");
        return routes;
    }

    private static TimeZoneInfo Zone(IServiceProvider provider) => provider.GetRequiredService<IOptions<SensingOptions>>().Value.FindZone();
}
