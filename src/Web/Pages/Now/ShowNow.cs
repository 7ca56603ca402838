using Madang.Operations;
using Madang.Places;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Now;

/// <summary><c>/</c>: what is so at the moment of the request; all of it can be read without JavaScript.</summary>
internal static class ShowNow
{
    internal static async Task<RazorComponentResult<FrontPage>> Handle(Visit visit, string? data, CityNow city, PlaceBook places, CancellationToken cancel)
    {
        var view = new CityView(visit, await city.Read(Worlds.Parse(data), cancel), await places.ListDistricts(cancel));
        return new RazorComponentResult<FrontPage>(new { View = view });
    }
}
