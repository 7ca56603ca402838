using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.House;

/// <summary>The pages for those who run the house: people and roles, departments, providers, keys and limits.</summary>
internal static class HouseRoutes
{
    public static void MapHousePages(this IEndpointRouteBuilder routes, string root)
    {
        // Who is not signed in is led to the door by this policy; each page asks for its own beside it.
        var house = routes.MapGroup(root + "/house").WithTags("Web").RequireAuthorization(Policies.SignedIn).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        house.MapGet("", ShowHouse.Show);

        var seen = house.MapGroup("/people").RequireAuthorization(Policies.PeopleRead);
        seen.MapGet("", ShowPeople.List);
        seen.MapGet("/{id}", ShowPerson.Show);
        var people = house.MapGroup("/people").RequireAuthorization(Policies.PeopleManage);
        people.MapGet("/invite", ShowInvite.Show);
        people.MapPost("/invite", ShowInvite.Invite);
        people.MapPost("/{id}/roles", ShowPerson.Give);
        people.MapGet("/{id}/roles/{grant:long}/end", ShowPerson.AskEnd);
        people.MapPost("/{id}/roles/{grant:long}/end", ShowPerson.End);
        people.MapPost("/{id}/letter", ShowPerson.Resend);
        people.MapPost("/{id}/unlock", ShowPerson.Unlock);
        people.MapGet("/{id}/act/{act}", ShowPerson.Ask);
        people.MapPost("/{id}/act/{act}", ShowPerson.Do);

        house.MapGet("/departments", ShowDepartments.List).RequireAuthorization(Policies.DepartmentsRead);
        house.MapGet("/departments/{id:long}", ShowDepartments.Show).RequireAuthorization(Policies.DepartmentsRead);
        var departments = house.MapGroup("/departments").RequireAuthorization(Policies.DepartmentsManage);
        departments.MapGet("/new", ShowDepartments.New);
        departments.MapPost("/new", ShowDepartments.Make);
        departments.MapPost("/{id:long}", ShowDepartments.Change);
        departments.MapGet("/{id:long}/close", ShowDepartments.AskClose);
        departments.MapPost("/{id:long}/close", ShowDepartments.Close);

        house.MapGet("/providers", ShowProviders.List).RequireAuthorization(Policies.ProvidersRead);
        house.MapGet("/providers/{id:long}", ShowProviders.Show).RequireAuthorization(Policies.ProvidersRead);
        var providers = house.MapGroup("/providers").RequireAuthorization(Policies.ProvidersManage);
        providers.MapGet("/new", ShowProviders.New);
        providers.MapPost("/new", ShowProviders.Make);
        providers.MapPost("/{id:long}", ShowProviders.Change);
        providers.MapGet("/{id:long}/close", ShowProviders.AskClose);
        providers.MapPost("/{id:long}/close", ShowProviders.Close);

        var keys = house.MapGroup("/keys").RequireAuthorization(Policies.ProvidersManage);
        keys.MapGet("", ShowKeys.List);
        keys.MapGet("/new", ShowKeys.New);
        keys.MapPost("/new", ShowKeys.Make);
        keys.MapGet("/{id}/rotate", ShowKeys.AskRotate);
        keys.MapPost("/{id}/rotate", ShowKeys.Rotate);
        keys.MapGet("/{id}/revoke", ShowKeys.AskRevoke);
        keys.MapPost("/{id}/revoke", ShowKeys.Revoke);

        var doors = house.MapGroup("/doors").RequireAuthorization(Policies.SensingWrite, Policies.ProvidersManage);
        doors.MapGet("", ShowDoors.List);
        doors.MapGet("/new", ShowDoors.New);
        doors.MapPost("/new", ShowDoors.Make);
        doors.MapGet("/{name}", ShowDoors.Show);
        doors.MapPost("/{name}", ShowDoors.Change);
        doors.MapPost("/{name}/delete", ShowDoors.Delete);
        doors.MapPost("/{name}/kept/replay", ShowKept.ReplayAll);
        doors.MapPost("/{name}/kept/delete", ShowKept.DeleteAll);
        doors.MapPost("/{name}/kept/{id:long}/replay", ShowKept.Replay);
        doors.MapPost("/{name}/kept/{id:long}/delete", ShowKept.Delete);

        var retention = house.MapGroup("/retention").RequireAuthorization(Policies.SensingWrite);
        retention.MapGet("", ShowRetention.List);
        retention.MapPost("", ShowRetention.Set);
        retention.MapGet("/{id:long}/remove", ShowRetention.AskRemove);
        retention.MapPost("/{id:long}/remove", ShowRetention.Remove);

        var deletions = house.MapGroup("/deletions").RequireAuthorization(Policies.SensingWrite);
        deletions.MapGet("", ShowDeletions.List);
        deletions.MapPost("", ShowDeletions.Preview);
        deletions.MapGet("/{id:long}/start", ShowDeletions.AskStart);
        deletions.MapPost("/{id:long}/start", ShowDeletions.Start);
        deletions.MapPost("/{id:long}/stop", ShowDeletions.Stop);

        var webhooks = house.MapGroup("/webhooks").RequireAuthorization(Policies.SensingWrite);
        webhooks.MapGet("", ShowWebhooks.List);
        webhooks.MapPost("", ShowWebhooks.Make);
        webhooks.MapPost("/{id:long}/state", ShowWebhooks.Switch);
        webhooks.MapGet("/{id:long}/delete", ShowWebhooks.AskDelete);
        webhooks.MapPost("/{id:long}/delete", ShowWebhooks.Delete);

        var limits = house.MapGroup("/limits").RequireAuthorization(Policies.LimitsManage);
        limits.MapGet("", ShowLimits.Show);
        limits.MapPost("", ShowLimits.Set);
        limits.MapPost("/{id:long}/end", ShowLimits.End);
    }
}
