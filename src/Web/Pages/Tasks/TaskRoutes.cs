using Madang.Trust;
using Madang.Web.Pages.Account;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Tasks;

/// <summary>The tasks of all departments, for who may read incidents.</summary>
internal static class TaskRoutes
{
    public static void MapTaskPages(this IEndpointRouteBuilder routes, string root)
    {
        routes.MapGroup(root + "/tasks").WithTags("Web").RequireAuthorization(Policies.IncidentsRead).ExcludeFromDescription().AddEndpointFilter(FormDoor.Check).MapGet("", ShowTasks.Show);
        routes.MapGroup(root + "/tasks").WithTags("Web").RequireAuthorization(Policies.SignedIn, Policies.IncidentsWrite).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check).MapPost("", ShowTasks.Answer);
    }
}
