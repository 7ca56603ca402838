using System.Globalization;
using Madang.Kernel;
using Madang.Operations;

namespace Madang.Web.Pages.Ask;

/// <summary>Queries to begin with, about sensors that there are.</summary>
internal static class QueryExamples
{
    /// <param name="sensor">A sensor to ask about; null in an empty city.</param>
    public static IReadOnlyList<QueryExample> Of(SensorNow? sensor)
    {
        var reading = sensor?.Readings.FirstOrDefault(each => each is { Measure: "pm25", At: not null }) ?? sensor?.Readings.FirstOrDefault(each => each.At is not null) ?? (sensor is { Readings: [var first, ..] } ? first : null);
        var (stream, thing) = (reading?.Datastream ?? 1, sensor?.Thing ?? 1);
        var since = IsoTime.Write((reading?.At ?? IsoTime.Earliest).AddHours(-24));
        var (longitude, latitude) = (Degrees(sensor?.Longitude ?? 126.977), Degrees(sensor?.Latitude ?? 37.57));
        return
        [
            new("latest", "Datastreams?$select=name,unitOfMeasurement&$expand=Thing($select=name),Observations($select=phenomenonTime,result;$orderby=phenomenonTime desc;$top=1)&$top=5"),
            new("korean", "Things?$filter=contains(name,'종로') or contains(description,'미세먼지')&$select=name,description&$top=5"),
            new("near", $"Locations?$filter=geo.distance(location,geography'POINT({longitude} {latitude})') lt 1000&$select=name,location&$expand=Things($select=name)&$top=5"),
            new("hourly", Invariant($"Datastreams({stream})/Observations?$apply=filter(phenomenonTime ge {since})/groupby((bucket(phenomenonTime,PT1H)),aggregate(result with average as mean,result with max as highest,$count as n))")),
            new("thin", Invariant($"Datastreams({stream})/Observations?$thin=50&$filter=phenomenonTime ge {since}&$select=phenomenonTime,result")),
            new("expand", Invariant($"Things({thing})?$select=name,properties&$expand=Locations($select=name),Datastreams($filter=unitOfMeasurement/symbol ne '';$orderby=name;$top=3;$select=name;$expand=ObservedProperty($select=name,definition))")),
            new("count", "Observations?$filter=result gt 35 and Datastream/ObservedProperty/properties/measure eq 'pm25'&$count=true&$top=0"),
            new("csv", Invariant($"Datastreams({stream})/Observations?$orderby=phenomenonTime desc&$top=5&$select=phenomenonTime,result&$resultFormat=CSV")),
            new("wrong", "Things?$filter=name = \"종로\""),
        ];
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Degrees(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
