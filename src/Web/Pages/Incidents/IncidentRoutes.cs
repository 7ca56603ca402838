using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Incidents;

/// <summary>Incidents for who may read them, and scenarios for everybody.</summary>
internal static class IncidentRoutes
{
    public static void MapIncidentPages(this IEndpointRouteBuilder routes, string root)
    {
        var read = routes.MapGroup(root + "/incidents").WithTags("Web").RequireAuthorization(Policies.IncidentsRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check);
        read.MapGet("", ShowIncidents.List);
        read.MapGet("/{id}", ShowIncidents.One);
        read.MapGet("/{id}/report", ShowIncidents.Report);
        read.MapGet("/{id}/report.pdf", ShowIncidents.Paper).Exports();
        read.MapGet("/{id}/calls", ShowIncidents.Calls);
        var acted = routes.MapGroup(root + "/incidents").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.IncidentsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        acted.MapPost("", ActOnIncident.Open);
        acted.MapPost("/{id}", ActOnIncident.Act);

        var seen = routes.MapGroup(root + "/scenarios").WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check);
        seen.MapGet("", ShowScenarios.List);
        seen.MapGet("/{id}", ShowScenarios.One);
        var started = routes.MapGroup(root + "/scenarios").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.IncidentsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        started.MapPost("/{id}", ShowScenarios.Act);
    }
}
