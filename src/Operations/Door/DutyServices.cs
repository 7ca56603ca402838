using Madang.Operations.Duty;
using Madang.Operations.Messages;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Door;

/// <summary>Registers and maps duty, maintenance and messages.</summary>
internal static class DutyServices
{
    public static IServiceCollection AddDuty(this IServiceCollection services)
    {
        services.AddOptions<SmsOptions>().BindConfiguration("Sms").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DutyHolders>().AddSingleton<MaintenanceCover>().AddSingleton<AlertRows>().AddSingleton<AlertCover>().AddSingleton<DutyTeller>().AddSingleton<DutyTurn>().AddHostedService<DutyTicker>();
        services.AddSingleton<SmsDoor>().AddSingleton<MessageSender>().AddHostedService(provider => provider.GetRequiredService<MessageSender>());
        services.AddSingleton(provider => new MessageCall(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Colleagues>(), provider.GetRequiredService<DutyHolders>(), provider.GetRequiredService<IMailDoor>(), provider.GetRequiredService<SmsDoor>(), provider.GetRequiredService<OutwardCalls>(),
            provider.GetRequiredService<IOptions<AccountsOptions>>(), provider.GetRequiredService<IOptions<SensingOptions>>().Value.FindZone()));
        services.AddSingleton(provider => new MaintenanceDesk(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DutyDesk(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<DutyHolders>(), provider.GetRequiredService<Departments>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MessageDesk(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ContactDesk(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<Colleagues>(), provider.GetRequiredService<OutwardCalls>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPersonalData, DutyPersonal>();
        services.AddNotPersonal("message_contacts", "signs messages to a program; it tells of no person", "secret");
        return services.AddPersonal(provider => DutyPersonal.Columns(provider.GetRequiredService<IOptions<SmsOptions>>().Value));
    }

    public static IEndpointRouteBuilder MapDuty(this IEndpointRouteBuilder routes)
    {
        var duty = routes.MapGroup("/api/duty").WithTags("Duty").RequireAuthorization(Policies.AlertsWrite);
        duty.MapGet("/", DutyRoutes.Now).WithSummary("Who is on duty, now or at a moment");
        duty.MapGet("/rosters", DutyRoutes.Rosters).WithSummary("Every roster with its shifts");
        duty.MapGet("/rosters/{id}", DutyRoutes.Roster).WithSummary("One roster with its shifts");
        duty.MapPut("/rosters/{id}", DutyRoutes.Write).Accepts<DutyPlan>("application/json").WithSummary("Write a roster; shifts that are over stay as they were; If-Match keeps from writing over another's change");
        duty.MapDelete("/rosters/{id}", DutyRoutes.Delete).WithSummary("Delete a roster with its shifts");

        var maintenance = routes.MapGroup("/api/maintenance").WithTags("Duty").RequireAuthorization(Policies.AlertsWrite);
        maintenance.MapGet("/", DutyRoutes.Windows).WithSummary("Maintenance windows, those made last first");
        maintenance.MapPost("/", DutyRoutes.Begin).Accepts<DutyRoutes.BeginRequest>("application/json").WithSummary("Begin work on something: its alerts message nobody");
        maintenance.MapPost("/{id:long}/end", DutyRoutes.End).WithSummary("End work before its time");

        var messages = routes.MapGroup("/api/messages").WithTags("Messages").RequireAuthorization(Policies.AlertsWrite);
        messages.MapGet("/", MessageRoutes.List).WithSummary("Who was told what and when, the newest first");
        messages.MapPost("/{id:long}/retry", MessageRoutes.Retry).WithSummary("Try a message again that failed");
        messages.MapGet("/contacts", MessageRoutes.Contacts).WithSummary("Whom to tell beside the addresses of accounts");
        messages.MapPost("/contacts", MessageRoutes.Make).Accepts<ContactForm>("application/json").NeedsProof().WithSummary("Add a contact; the secret of one that is called is told this once");
        messages.MapDelete("/contacts/{id:long}", MessageRoutes.Delete).NeedsProof().WithSummary("Delete a contact");
        return routes;
    }
}
