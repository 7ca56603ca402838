using Madang.Trust;
using Madang.Web.Pages.Account;
using Madang.Web.Pages.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Alerts;

/// <summary>Alerts and rules: everybody reads, and officials act on alerts.</summary>
internal static class AlertRoutes
{
    public static void MapAlertPages(this IEndpointRouteBuilder routes, string root)
    {
        var seen = routes.MapGroup(root).WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check);
        seen.MapGet("/alerts", ShowAlerts.List);
        seen.MapGet("/alerts/{id}", ShowAlerts.One);
        seen.MapGet("/rules", ShowRules.List);
        seen.MapGet("/rules/{id}", ShowRule.One);
        var acted = routes.MapGroup(root + "/alerts").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.AlertsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        acted.MapPost("/{id}", ShowAlerts.Act);
        var written = routes.MapGroup(root + "/rules").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.RulesWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        written.MapPost("/{id}", ShowRule.Act);
        written.MapGet("/new", WriteRule.New);
        written.MapPost("/new", WriteRule.Act);
        written.MapGet("/{id}/change", WriteRule.Change);
        written.MapPost("/{id}/change", WriteRule.Act);
    }
}
