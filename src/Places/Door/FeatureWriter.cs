using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Madang.Kernel;
using Madang.Places.Book;

namespace Madang.Places.Door;

/// <summary>Places as GeoJSON features (RFC 7946).</summary>
internal static class FeatureWriter
{
    public const string MediaType = "application/geo+json";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static byte[] WriteAll(IReadOnlyList<Place> places, bool withShapes, bool kostat)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteString("codes", kostat ? "kostat" : "adm");
            json.WriteStartArray("features");
            foreach (var place in places)
            {
                Write(json, place, withShapes, kostat);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] WriteOne(Place place, bool withShape, bool kostat)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, place, withShape, kostat);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Place place, bool withShape, bool kostat)
    {
        var code = kostat ? place.KostatCode ?? place.Code : place.Code;
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", code);
        var box = place.Shape.EnvelopeInternal;
        json.WriteStartArray("bbox");
        foreach (var side in (ReadOnlySpan<double>)[box.MinX, box.MinY, box.MaxX, box.MaxY])
        {
            json.WriteNumberValue(side);
        }

        json.WriteEndArray();
        json.WriteStartObject("properties");
        json.WriteString("kind", place.Kind);
        json.WriteString("code", code);
        json.WriteString("code_adm", place.Code);
        json.WriteString("code_kostat", place.KostatCode);
        json.WriteString("name", place.NameKo);
        json.WriteString("name_en", place.NameEn);
        WriteNumber(json, "population", place.Population);
        json.WriteString("population_at", PlaceRows.Day(place.PopulationAt));
        json.WriteString("population_source", place.PopulationSource);
        WriteNumber(json, "area_km2", place.AreaKm2);
        json.WriteStartArray("centre");
        json.WriteNumberValue(place.Longitude);
        json.WriteNumberValue(place.Latitude);
        json.WriteEndArray();
        json.WriteString("source", place.Source);
        json.WriteString("licence", place.Licence);
        json.WriteBoolean("schematic", place.Schematic);
        json.WriteEndObject();
        json.WritePropertyName("geometry");
        if (withShape)
        {
            GeoJson.Write(json, place.Shape);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
