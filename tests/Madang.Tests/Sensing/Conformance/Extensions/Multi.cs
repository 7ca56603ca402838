namespace Madang.Tests.Sensing.Conformance.Extensions;

/// <summary>A MultiDatastream of two properties, 2 (a) and 3 (b), at a Thing that has a Datastream too.</summary>
internal static class Multi
{
    public static async Task<long> Make(Sta sta)
    {
        await sta.CreateDatastream();
        return await sta.Create("Things(1)/MultiDatastreams", """
            {
              "name": "n", "description": "d", "multiObservationDataTypes": ["OM_Measurement", "OM_Measurement"], "properties": { "p": 1 },
              "unitOfMeasurements": [{ "name": null, "symbol": null, "definition": null }, { "name": "n", "symbol": "s", "definition": "d" }],
              "Sensor": { "name": "s", "description": "d", "encodingType": "text/plain", "metadata": "none" },
              "ObservedProperties": [{ "name": "a", "definition": "d", "description": "d" }, { "name": "b", "definition": "d", "description": "d" }]
            }
            """);
    }
}
