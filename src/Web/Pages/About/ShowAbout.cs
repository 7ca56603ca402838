using Madang.Operations;
using Madang.Places;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.About;

/// <summary>The pages about the house itself: what it is, where its data comes from, how programs call it, who can use it.</summary>
internal static class ShowAbout
{
    internal static IResult About(Visit visit) => new RazorComponentResult<AboutPage>(new { Visit = visit });

    internal static IResult Accessibility(Visit visit) => new RazorComponentResult<AccessibilityPage>(new { Visit = visit });

    internal static async Task<IResult> Data(Visit visit, CityNow city, PlaceBook places, CancellationToken cancel) =>
        new RazorComponentResult<DataPage>(new { Visit = visit, Sensors = await ListSources(city, cancel), Places = await places.ListDistricts(cancel) });

    internal static async Task<IResult> Developers(Visit visit, CityNow city, CancellationToken cancel)
    {
        var sensors = await city.ListSensors(null, cancel);
        return new RazorComponentResult<DevelopersPage>(new { Visit = visit, Example = sensors.FirstOrDefault(sensor => sensor.Find("pm25") is not null) ?? sensors.FirstOrDefault(sensor => sensor.Readings.Count > 0) });
    }

    private static async Task<IReadOnlyList<SensorSource>> ListSources(CityNow city, CancellationToken cancel)
    {
        var sources = new List<SensorSource>();
        foreach (var data in (CityData[])[CityData.Real, CityData.Simulated])
        {
            sources.AddRange((await city.ListSensors(data, cancel))
                .GroupBy(sensor => sensor.Source)
                .Select(group => new SensorSource(data, group.Key, group.Count(), group.Max(sensor => sensor.Heard), [.. group.SelectMany(sensor => sensor.Readings).Select(reading => reading.Measure).Distinct().OrderBy(Measures.Rank)]))
                .OrderByDescending(source => source.Sensors));
        }

        return sources;
    }
}
