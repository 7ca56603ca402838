using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Madang.Places.Door;

/// <summary>Sites as GeoJSON points (RFC 7946).</summary>
internal static class SiteWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <param name="sites">The sites, with how far each is; null where nobody asked from where.</param>
    /// <param name="simulated">Which world they are of.</param>
    /// <param name="next">The address of the next page; null when there is none.</param>
    public static byte[] WriteAll(IEnumerable<(Site Site, double? Metres)> sites, bool simulated, string? next)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteString("world", World(simulated));
            if (next is not null)
            {
                json.WriteString("next", next);
            }

            json.WriteStartArray("features");
            foreach (var (site, metres) in sites)
            {
                Write(json, site, metres);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string World(bool simulated) => simulated ? "simulated" : "real";

    private static void Write(Utf8JsonWriter json, Site site, double? metres)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", $"{site.Kind}/{site.Code}");
        json.WriteStartObject("properties");
        json.WriteString("kind", site.Kind);
        json.WriteString("code", site.Code);
        json.WriteString("name", site.Name);
        json.WriteString("name_en", site.NameEn);
        json.WriteString("district", site.District);
        json.WriteString("address", site.Address);
        Number("capacity", site.Capacity);
        json.WriteString("source", site.Source);
        json.WriteString("licence", site.Licence);
        Number("base_year", site.BaseYear);
        json.WriteString("world", World(site.Simulated));
        if (metres is { } far)
        {
            json.WriteNumber("metres", Math.Round(far));
        }

        json.WriteEndObject();
        json.WriteStartObject("geometry");
        json.WriteString("type", "Point");
        json.WriteStartArray("coordinates");
        json.WriteNumberValue(site.Longitude);
        json.WriteNumberValue(site.Latitude);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();

        void Number(string name, int? value)
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
}
