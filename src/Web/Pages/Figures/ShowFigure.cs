using Madang.Operations;
using Madang.Places;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Figures;

/// <summary><c>/figures/{place}/{measure}</c>: where a figure comes from.</summary>
internal static class ShowFigure
{
    internal static async Task<RazorComponentResult> Handle(Visit visit, string place, string measure, string? data, CityNow city, PlaceBook places, CancellationToken cancel) =>
        await city.Explain(place, measure, Worlds.Parse(data), cancel) is { } origin
            ? new RazorComponentResult<FigurePage>(new { View = new FigureView(visit, origin, await places.Find(PlaceBook.District, place, cancel), measure) })
            : MissingPage.Answer(visit);
}
