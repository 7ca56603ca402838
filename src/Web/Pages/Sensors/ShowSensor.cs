using System.Globalization;
using Madang.Operations;
using Madang.Places;
using Madang.Sensing;
using Madang.Web.Pages.Datastreams;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Sensors;

/// <summary><c>/sensors/{id}</c>: what one sensor tells, now and before. What an address says wrongly of measure or time is not there.</summary>
internal static class ShowSensor
{
    internal static async Task<RazorComponentResult> Handle(
        Visit visit, string id, string? measure, string? span, string? from, string? to,
        SensingQueries sensing, CityNow city, PlaceBook places, Sensing.SensorHealth health, HttpContext context, SensorThingsDoor door, CancellationToken cancel)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || await sensing.FindThing(number, cancel) is not { } thing)
        {
            return MissingPage.Answer(visit);
        }

        var found = await city.FindSensor(number, cancel);
        var stream = Choose(thing, measure) is { } about
            ? await new StreamReader(sensing, city).Read(found?.Sensor, about, found?.Now.AsOf, visit, span, from, to, cancel)
            : null;
        return new RazorComponentResult<SensorPage>(new
        {
            View = new SensorView(visit, thing, found?.Sensor, found?.Now.AsOf, found?.Now.Id, await places.ListDistricts(cancel), stream) { Findings = await health.List(null, number, 0, Sensing.SensorHealth.MostListed, cancel), Multis = await ShowMultiDatastream.ListOf(number, context, door) },
        });
    }

    /// <summary>The word of a Datastream in addresses: its measure, or its number where another one measures the same.</summary>
    internal static string KeyOf(ThingAbout thing, DatastreamAbout stream) =>
        thing.Datastreams.First(other => other.Measure == stream.Measure) == stream ? stream.Measure : stream.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The Datastreams in the order in which they are offered.</summary>
    internal static IEnumerable<DatastreamAbout> Order(ThingAbout thing) => thing.Datastreams.OrderBy(stream => Measures.Rank(stream.Measure));

    private static DatastreamAbout? Choose(ThingAbout thing, string? measure) =>
        thing.Datastreams.FirstOrDefault(stream => KeyOf(thing, stream) == measure)
        ?? Order(thing).FirstOrDefault(stream => stream.LastNumber is not null) ?? Order(thing).FirstOrDefault();
}
