using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Duty;

/// <summary>Duty, maintenance and messages, for those who act on alerts.</summary>
internal static class DutyRoutes
{
    public static void MapDutyPages(this IEndpointRouteBuilder routes, string root)
    {
        var duty = routes.MapGroup(root + "/duty").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.AlertsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        duty.MapGet("", ShowDuty.Show);
        duty.MapPost("", ShowDuty.Act);
        duty.MapGet("/messages", ShowMessages.Show);
        duty.MapPost("/messages", ShowMessages.Act);
    }
}
