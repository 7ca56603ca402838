using Madang.Operations;
using Madang.Places;
using Madang.Web.Draw;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.District;

/// <summary><c>/districts/{code}</c>: one district, by its administrative standard code.</summary>
internal static class ShowDistrict
{
    internal static async Task<RazorComponentResult> Handle(Visit visit, string code, string? data, string? measure, CityNow city, PlaceBook places, CancellationToken cancel)
    {
        var districts = await places.ListDistricts(cancel);
        if (districts.FirstOrDefault(district => district.Code == code) is not { } place)
        {
            return MissingPage.Answer(visit);
        }

        var catalogue = await city.OpenCatalogue(Worlds.Parse(data), cancel);
        var view = new DistrictView(
            new CityView(visit, catalogue.Now, districts), place, measure is not null && Measures.Main.Contains(measure) ? measure : Measures.Main[0],
            await city.ReadDay(catalogue.Now.Data, cancel), catalogue.Find(new SensorQuery { District = code }).Sensors, Neighbours.Of(place, districts));
        return new RazorComponentResult<DistrictPage>(new { View = view });
    }
}
