using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.House;

/// <summary><c>/house</c>: what somebody may do here, and by which roles.</summary>
internal static class ShowHouse
{
    internal static IResult Show(Visit visit, Grants grants, Departments departments) =>
        new RazorComponentResult<HousePage>(new { Visit = visit, Grants = grants.List(visit.Me!.Person), Departments = departments });
}
