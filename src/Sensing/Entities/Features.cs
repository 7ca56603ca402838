using System.Text.Json;
using Dapper;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>
/// Features of interest that the server makes from a Thing's Location when an Observation names none (OGC 18-088, 8.2.8).
/// The same Location gives the same feature, until it changes.
/// </summary>
internal static class Features
{
    /// <summary>The feature for a Datastream's Observations, made when needed and remembered at the Datastream; null when its Thing has no Location.</summary>
    public static async Task<long?> OfDatastream(WriteScope scope, long datastream)
    {
        var place = await scope.Connection.QueryFirstOrDefaultAsync<Place>(
            """
            SELECT l.id AS Location, f.id AS Feature, l.name AS Name, l.description AS Description, l.encoding_type AS Encoding, CAST(l.location AS TEXT) AS Json
            FROM datastreams d JOIN thing_locations tl ON tl.thing_id = d.thing_id JOIN locations l ON l.id = tl.location_id LEFT JOIN features f ON f.location_id = l.id
            WHERE d.id = @datastream ORDER BY CASE WHEN l.shape IS NULL THEN 1 ELSE 0 END, l.id LIMIT 1
            """,
            new { datastream },
            scope.Transaction);
        if (place is null)
        {
            return null;
        }

        var feature = place.Feature ?? await Make(scope, place);
        await scope.Connection.ExecuteAsync("UPDATE datastreams SET default_feature_id = @feature WHERE id = @datastream", new { feature, datastream }, scope.Transaction);
        return feature;
    }

    /// <summary>Forgets the feature of Things that moved; their next Observation finds or makes another.</summary>
    public static Task ForgetOfThing(WriteScope scope, long thing) =>
        scope.Connection.ExecuteAsync("UPDATE datastreams SET default_feature_id = NULL WHERE thing_id = @thing", new { thing }, scope.Transaction);

    /// <summary>Cuts the tie between a Location that changed or goes and the feature made from it: the past keeps its place.</summary>
    public static async Task ForgetOfLocation(WriteScope scope, long location)
    {
        await scope.Connection.ExecuteAsync(
            "UPDATE datastreams SET default_feature_id = NULL WHERE default_feature_id IN (SELECT id FROM features WHERE location_id = @location)", new { location }, scope.Transaction);
        await scope.Connection.ExecuteAsync("UPDATE features SET location_id = NULL WHERE location_id = @location", new { location }, scope.Transaction);
    }

    private static Task<long> Make(WriteScope scope, Place place) => scope.Connection.ExecuteScalarAsync<long>(
        $"""
        INSERT INTO features (name, description, encoding_type, feature, shape, min_lon, min_lat, max_lon, max_lat, location_id, provider_id)
        SELECT name, description, encoding_type, {scope.Engine.Json("@feature", "json")}, shape, min_lon, min_lat, max_lon, max_lat, id, provider_id FROM locations WHERE id = @Location RETURNING id
        """,
        new { place.Location, feature = Unwrap(place.Json) },
        scope.Transaction);

    /// <summary>A Location may hold a GeoJSON Feature; the feature of interest holds its geometry.</summary>
    private static string Unwrap(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() == "Feature"
            && root.TryGetProperty("geometry", out var geometry)
            ? geometry.GetRawText()
            : json;
    }

    private sealed record Place(long Location, long? Feature, string Name, string Description, string Encoding, string Json);
}
