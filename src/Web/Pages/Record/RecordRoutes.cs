using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Web.Pages.Record;

/// <summary>The pages of the record: all of it for those who may read it, and for everybody who signed in what concerns the own data.</summary>
internal static class RecordRoutes
{
    public static void MapRecordPages(this IEndpointRouteBuilder routes, string root)
    {
        routes.MapGet(root + "/record", ShowRecord.Show).WithTags("Web").RequireAuthorization(Policies.RecordRead).ExcludeFromDescription();
        routes.MapGet(root + "/account/record", ShowMyRecord.Show).WithTags("Web").RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();
    }
}
