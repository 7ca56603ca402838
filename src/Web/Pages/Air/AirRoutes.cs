using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Air;

/// <summary>The air-quality desk: everybody reads, and officials decide.</summary>
internal static class AirRoutes
{
    public static void MapAirPages(this IEndpointRouteBuilder routes, string root)
    {
        var seen = routes.MapGroup(root + "/air").WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check);
        seen.MapGet("", ShowAir.Show);
        var decided = routes.MapGroup(root + "/air").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.AlertsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        decided.MapPost("", ShowAir.Act);
    }
}
