using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Microsoft.Net.Http.Headers;

namespace Madang.Sensing.Model;

/// <summary>
/// The words that the standard lists for texts: types of observation (OGC 18-088, 8.2.4, table 9, and the others of O&amp;M, OGC 10-004r3), encodings (tables 7 and 15), and the
/// three members of a unit (table 8). What is almost one of them is a slip that would only show when results or maps are wrong.
/// </summary>
internal static class Vocabulary
{
    private static readonly string[] ObservationTypes =
        ["OM_CategoryObservation", "OM_CountObservation", "OM_Measurement", "OM_Observation", "OM_TruthObservation", "OM_ComplexObservation", "OM_GeometryObservation", "OM_TemporalObservation",
        "OM_DiscreteCoverageObservation", "OM_PointCoverageObservation", "OM_TimeSeriesObservation", "OM_SWEArrayObservation"];

    private static readonly string[] GeoJsonEncodings = ["application/vnd.geo+json", "application/geo+json"];

    private static readonly string[] UnitMembers = ["name", "symbol", "definition"];

    /// <summary>What is wrong with an observationType; null when it is one of the list, by its whole URI or its last part, or a URI of another vocabulary.</summary>
    public static string? ObservationType(string text)
    {
        var isOfList = !text.AsSpan().ContainsAny('/', ':') || text.Contains("/OGC-OM/", StringComparison.OrdinalIgnoreCase);
        return isOfList && !ObservationTypes.Contains(text[(text.LastIndexOf('/') + 1)..]) ? $"'{text}' is none of {string.Join(", ", ObservationTypes)} (http://www.opengis.net/def/observationType/OGC-OM/2.0/…)"
            : isOfList || Uri.IsWellFormedUriString(text, UriKind.Absolute) ? null
            : $"'{text}' is neither a type of O&M nor the URI of another one";
    }

    /// <summary>What is wrong with the encoding of metadata; null for a media type or a URI.</summary>
    public static string? Encoding(string text) =>
        Uri.IsWellFormedUriString(text, UriKind.Absolute) || (MediaTypeHeaderValue.TryParse(text, out var type) && !type.MatchesAllTypes && !type.MatchesAllSubTypes)
            ? null
            : $"'{text}' is neither a media type such as application/pdf nor a URI";

    /// <summary>What is wrong with the encoding of a place. Without the right word a GeoJSON shape would not be on any map.</summary>
    public static string? PlaceEncoding(string text) =>
        text.Contains("geo", StringComparison.OrdinalIgnoreCase) && text.Contains("json", StringComparison.OrdinalIgnoreCase) && !IsGeoJson(text)
            ? $"'{text}' is written {string.Join(" or ", GeoJsonEncodings)}"
            : Encoding(text);

    /// <summary>Whether a place in this encoding is GeoJSON. Its parameters, such as <c>charset=utf-8</c>, and the case of its letters make no other media type of it (RFC 9110, 8.3.1).</summary>
    public static bool IsGeoJson(string? encoding) =>
        MediaTypeHeaderValue.TryParse(encoding, out var type) && GeoJsonEncodings.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>A unit as it is stored: with its three members, null where it does not say one, and whatever else it says.</summary>
    public static string Unit(JsonElement json, string field)
    {
        var raw = Json.Object(json, field);
        var missing = new List<string>();
        foreach (var name in UnitMembers)
        {
            if (!json.TryGetProperty(name, out var value))
            {
                missing.Add(name);
            }
            else if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                throw new InvalidInputException(Json.Join(field, name), $"must be text or null, not {Json.Kind(value)}");
            }
        }

        return missing.Count == 0 ? raw : Completed(JsonNode.Parse(raw)!.AsObject(), missing).ToJsonString(Http.Wire.AsWritten);
    }

    /// <summary>The units of a MultiDatastream.</summary>
    public static string Units(JsonElement json, string field)
    {
        Json.Array(json, field);
        return $"[{string.Join(",", json.EnumerateArray().Select((item, index) => item.ValueKind == JsonValueKind.Object ? Unit(item, $"{field}[{index}]") : Json.Raw(item, $"{field}[{index}]")))}]";
    }

    /// <summary>The types of a MultiDatastream's results, one by one.</summary>
    public static string ObservationTypesOf(JsonElement json, string field)
    {
        var raw = Json.Array(json, field);
        foreach (var (item, index) in json.EnumerateArray().Select((item, index) => (item, index)))
        {
            if (item.ValueKind == JsonValueKind.String && ObservationType(item.GetString()!) is { } wrong)
            {
                throw new InvalidInputException($"{field}[{index}]", wrong);
            }
        }

        return raw;
    }

    private static JsonObject Completed(JsonObject unit, List<string> missing)
    {
        missing.ForEach(name => unit[name] = null);
        return unit;
    }
}
