using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Lights;

/// <summary>The street lights: everybody sees them, and who may tells them how bright to be.</summary>
internal static class LightRoutes
{
    public static void MapLightPages(this IEndpointRouteBuilder routes, string root)
    {
        // What belongs to somebody alone (whether there is a form, and its token) is kept by nobody.
        var seen = routes.MapGroup(root + "/lights").WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check);
        seen.MapGet("", ShowLights.Show);
        var told = routes.MapGroup(root + "/lights").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.SensingCommand).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        told.MapPost("", ShowLights.Command);
    }
}
