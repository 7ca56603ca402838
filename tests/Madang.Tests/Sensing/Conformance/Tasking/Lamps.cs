namespace Madang.Tests.Sensing.Conformance.Tasking;

/// <summary>A Thing with a lamp whose level can be set from 0 to 100, and one Task.</summary>
internal static class Lamps
{
    public const string Root = "/sta/tasking/v1.1";

    public const string Capability = """
        {
          "name": "level", "description": "d", "properties": { "p": 1 },
          "taskingParameters": { "type": "DataRecord", "field": [{ "name": "level", "type": "Quantity", "constraint": { "type": "AllowedValues", "interval": [[0, 100]] } }] },
          "Actuator": { "name": "dimmer", "description": "d", "encodingType": "text/plain", "metadata": "none", "properties": { "p": 1 } }
        }
        """;

    public static async Task Make(Sta sta)
    {
        await sta.CreateDatastream();
        await sta.Create($"{Root}/Things(1)/TaskingCapabilities", Capability);
        await sta.Create($"{Root}/TaskingCapabilities(1)/Tasks", """{ "taskingParameters": { "level": 70 } }""");
    }
}
