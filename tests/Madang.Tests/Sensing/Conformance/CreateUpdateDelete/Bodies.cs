using System.Text;

namespace Madang.Tests.Sensing.Conformance.CreateUpdateDelete;

/// <summary>An entity of every set, over a city that has a Datastream, number 1.</summary>
internal static class Bodies
{
    /// <summary>What an entity may do without.</summary>
    public static readonly string[] Optional = ["FeatureOfInterest", "properties"];

    public static readonly (string Set, string Body)[] One =
    [
        ("Things", """{ "name": "n", "description": "d", "properties": { "a": 1 } }"""),
        ("Locations", """{ "name": "n", "description": "d", "encodingType": "application/geo+json", "location": { "type": "Point", "coordinates": [127, 37.5] } }"""),
        ("HistoricalLocations", """{ "time": "2020-01-01T00:00:00Z", "Thing": { "@iot.id": 1 }, "Locations": [{ "@iot.id": 1 }] }"""),
        ("Sensors", """{ "name": "n", "description": "d", "encodingType": "application/pdf", "metadata": "http://example.org/sheet.pdf" }"""),
        ("ObservedProperties", """{ "name": "n", "definition": "http://example.org/n", "description": "d" }"""),
        ("Datastreams", """{ "name": "n", "description": "d", "observationType": "OM_Measurement", "unitOfMeasurement": { "name": "n", "symbol": "s", "definition": "d" }, "Thing": { "@iot.id": 1 }, "Sensor": { "@iot.id": 1 }, "ObservedProperty": { "@iot.id": 1 } }"""),
        ("FeaturesOfInterest", """{ "name": "n", "description": "d", "encodingType": "application/geo+json", "feature": { "type": "Point", "coordinates": [127, 37.5] } }"""),
        ("Observations", """{ "result": 5, "Datastream": { "@iot.id": 1 }, "FeatureOfInterest": { "@iot.id": 1 } }"""),
    ];

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
