using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Automation;

/// <summary>What the city does by itself, for who may read it.</summary>
internal static class AutomationWebRoutes
{
    public static void MapAutomationPages(this IEndpointRouteBuilder routes, string root)
    {
        var read = routes.MapGroup(root + "/automations").WithTags("Web").RequireAuthorization(Policies.AutomationsRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check);
        read.MapGet("", ShowAutomations.List);
        read.MapGet("/{id}", ShowAutomations.One);
        read.MapGet("/reports/{report}", ShowAutomations.Report);
        var written = routes.MapGroup(root + "/automations").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.AutomationsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        written.MapPost("/{id}", ShowAutomations.Act);
        written.MapGet("/new", WriteAutomation.New);
        written.MapPost("/new", WriteAutomation.Act);
        written.MapGet("/{id}/change", WriteAutomation.Change);
        written.MapPost("/{id}/change", WriteAutomation.Act);
    }
}
