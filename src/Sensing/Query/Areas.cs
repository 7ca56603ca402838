using System.Globalization;
using System.Text.Json;

namespace Madang.Sensing.Query;

/// <summary>A Datastream's observedArea: the box around its features (OGC 18-088, table 9), as a Point when they share one place, and a LineString when the box has no width or no height: a Polygon without area is none (RFC 7946, 3.1.6).</summary>
internal static class Areas
{
    public static void Write(Utf8JsonWriter json, string box)
    {
        var edges = box.Split(' ').Select(edge => Math.Round(double.Parse(edge, CultureInfo.InvariantCulture), 7)).ToArray();
        var (west, south, east, north) = (edges[0], edges[1], edges[2], edges[3]);
        json.WriteStartObject();
        if (west == east && south == north)
        {
            json.WriteString("type", "Point");
            json.WritePropertyName("coordinates");
            Position(json, west, south);
        }
        else if (west == east || south == north)
        {
            json.WriteString("type", "LineString");
            json.WriteStartArray("coordinates");
            Position(json, west, south);
            Position(json, east, north);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("type", "Polygon");
            json.WriteStartArray("coordinates");
            json.WriteStartArray();
            Position(json, west, south);
            Position(json, east, south);
            Position(json, east, north);
            Position(json, west, north);
            Position(json, west, south);
            json.WriteEndArray();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Position(Utf8JsonWriter json, double longitude, double latitude)
    {
        json.WriteStartArray();
        json.WriteNumberValue(longitude);
        json.WriteNumberValue(latitude);
        json.WriteEndArray();
    }
}
