using System.Globalization;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Air;

/// <summary>A city with air quality stations that tell hours.</summary>
internal static class AirScene
{
    public const double Jongno = 126.977, Gangdong = 127.147;

    public static TestClock ClockAt(string moment) => new(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture));

    /// <summary>A station with a datastream for each measure, by its code; by default of real data that speak once an hour.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> AddStation(this Sta sta, string name, double longitude, string[] measures, int cadence = 3600, bool simulated = false)
    {
        var place = FormattableString.Invariant($"{longitude}, {(longitude == Jongno ? 37.57 : 37.55)}");
        var thing = await sta.Create("Things", $$"""
            {
              "name": "{{name}}", "description": "d", "properties": { "kind": "air-station", "simulated": {{(simulated ? "true" : "false")}} },
              "Locations": [{ "name": "l", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [{{place}}] } }],
              "Datastreams": [{{string.Join(',', measures.Select(measure => Sta.Datastream(measure, $$""", "properties": { "cadenceSeconds": {{cadence}} }""").Replace("㎍/㎥", measure.StartsWith("pm", StringComparison.Ordinal) ? "㎍/㎥" : "ppm", StringComparison.Ordinal)))}}]
            }
            """);
        var streams = (await sta.Get($"Things({thing})/Datastreams?$expand=ObservedProperty"))["value"]!.AsArray();
        return streams.ToDictionary(stream => (string)stream!["ObservedProperty"]!["properties"]!["measure"]!, stream => (long)stream!["@iot.id"]!);
    }

    /// <summary>Stores hourly means, of which the last ends then.</summary>
    public static Task Tell(this Sta sta, long datastream, DateTimeOffset end, params double[] hours) => sta.TellEvery(datastream, TimeSpan.FromHours(1), end, hours);

    /// <summary>Stores readings, of which the last is of that time.</summary>
    public static Task TellEvery(this Sta sta, long datastream, TimeSpan every, DateTimeOffset end, params double[] readings) => sta.Post(
        "CreateObservations",
        $$"""[{ "Datastream": { "@iot.id": {{datastream}} }, "components": ["phenomenonTime", "result"], "dataArray": [{{string.Join(',', readings.Select((value, index) => FormattableString.Invariant($"[\"{end - (every * (readings.Length - 1 - index)):yyyy-MM-dd'T'HH:mm:ss'Z'}\", {value}]")))}}] }]""");

    public static double[] Times(this double value, int count) => [.. Enumerable.Repeat(value, count)];
}
