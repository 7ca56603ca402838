using Madang.Operations;
using Madang.Places;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Madang.Web.Pages;

/// <summary>Answers each page with what is so at the moment of the request; all of it can be read without JavaScript.</summary>
internal static class ShowPages
{
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    internal static Func<string?, CityNow, PlaceBook, TimeProvider, IOptions<SensingOptions>, HttpContext, CancellationToken, Task<RazorComponentResult<FrontPage>>> Front(Language language) =>
        async (data, city, places, clock, sensing, context, cancel) =>
        {
            var view = new CityView(language, await city.Read(Parse(data), cancel), await places.ListDistricts(cancel), clock.GetUtcNow(), sensing.Value.FindZone());
            Protect(context.Response);
            return new RazorComponentResult<FrontPage>(new { View = view });
        };

    internal static Func<string, string, string?, CityNow, PlaceBook, IOptions<SensingOptions>, HttpContext, CancellationToken, Task<RazorComponentResult>> Figure(Language language) =>
        async (place, measure, data, city, places, sensing, context, cancel) =>
        {
            Protect(context.Response);
            var origin = await city.Explain(place, measure, Parse(data), cancel);
            return origin is null
                ? new RazorComponentResult<MissingPage>(new { Language = language }) { StatusCode = StatusCodes.Status404NotFound }
                : new RazorComponentResult<FigurePage>(new { View = new FigureView(language, origin, await places.Find(PlaceBook.District, place, cancel), measure, sensing.Value.FindZone()) });
        };

    /// <summary>A page is lenient: a choice that does not exist is no choice.</summary>
    private static CityData? Parse(string? data) => data switch
    {
        "real" => CityData.Real,
        "simulated" => CityData.Simulated,
        _ => null,
    };

    private static void Protect(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
    }
}
