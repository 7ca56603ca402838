using System.Globalization;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Lights;

/// <summary><c>/lights</c>: the street lights by street; one lamp, some, or a whole street can be told how bright to be. A whole street is told after one has seen how many lamps that are.</summary>
internal static class ShowLights
{
    private const string Path = "/lights";

    internal static Task<IResult> Show(Visit visit, StreetLights lights, [FromQuery] string? told, CancellationToken cancel) =>
        Page(visit, lights, Filled.Empty, int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null, cancel);

    internal static async Task<IResult> Command(Visit visit, IFormCollection form, StreetLights lights, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var level = (int)(filled.Number("level") ?? throw new InvalidInputException("level", "is required"));
                var chosen = filled["act"] == "street" ? null : filled.All("light").Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var thing) ? thing : throw new InvalidInputException("lights", "is no id")).ToList();
                if (chosen is null)
                {
                    var street = (await lights.List(cancel)).Where(light => light.MayCommand && light.Street == (filled["street"] ?? "")).ToList();
                    chosen = [.. street.Select(light => light.Thing)];
                    if (level <= 100 && street.Count > 0 && filled.Number("sure") != street.Count)
                    {
                        return new RazorComponentResult<LightsAskPage>(new { Visit = visit, Street = street[0].Street, Lights = street, Level = level });
                    }
                }

                return TypedResults.LocalRedirect(visit.To(FormattableString.Invariant($"{Path}?told={await lights.Command(chosen, level, cancel)}")));
            },
            wrong => Page(visit, lights, wrong, null, cancel));
    }

    private static async Task<IResult> Page(Visit visit, StreetLights lights, Filled filled, int? told, CancellationToken cancel) =>
        new RazorComponentResult<LightsPage>(new { Visit = visit, Lights = await lights.List(cancel), Filled = filled, Told = told }) { StatusCode = HouseForm.StatusOf(filled) };
}
