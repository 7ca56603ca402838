using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Places.Seed;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace Madang.Places.Door;

/// <summary>One feature as it was sent; what it does not say stays as it was.</summary>
internal sealed record Feature(
    int Index, string Code, string? KostatCode, string? NameKo, string? NameEn, long? Population, DateOnly? PopulationAt, string? PopulationSource,
    double? AreaKm2, Geometry Shape, string? Source, string? Licence)
{
    /// <summary>The place after this feature was laid over it.</summary>
    public Place Over(string kind, Place? before)
    {
        var name = NameKo ?? before?.NameKo ?? throw new InvalidInputException($"features[{Index}].properties.name", $"a place that is not known yet needs a name (code {Code})");
        var centre = before is not null && Shape.Covers(new Point(before.Longitude, before.Latitude)) ? new Coordinate(before.Longitude, before.Latitude) : Shape.InteriorPoint.Coordinate;
        return new Place
        {
            Kind = kind,
            Code = Code,
            KostatCode = KostatCode ?? before?.KostatCode,
            NameKo = name,
            NameEn = NameEn ?? before?.NameEn ?? name,
            Population = Population ?? before?.Population,
            PopulationAt = Population is null ? before?.PopulationAt : PopulationAt,
            PopulationSource = Population is null ? before?.PopulationSource : PopulationSource ?? Source,
            AreaKm2 = AreaKm2 ?? before?.AreaKm2,
            Longitude = centre.X,
            Latitude = centre.Y,
            Shape = Shape,
            Source = Source ?? "imported; the origin was not named",
            Licence = Licence,
            Schematic = false,
        };
    }
}

/// <summary>Reads a FeatureCollection; every complaint names the feature by index and the member that is wrong.</summary>
internal static class FeatureReader
{
    public const int MaxFeatures = 2_000;
    public const int MaxPositions = 1_000_000;
    private const int MaxText = 500;

    public static List<Feature> ReadAll(JsonElement json, bool kostat, string? source, string? licence)
    {
        var list = List(json);
        source = Short(source, "source") ?? Text(json, "source", "source") ?? Text(json, "attribution", "attribution");
        licence = Short(licence, "licence") ?? Text(json, "licence", "licence") ?? Text(json, "license", "license");
        var features = new List<Feature>();
        var codes = new Dictionary<string, int>();
        var positions = 0;
        foreach (var item in list.EnumerateArray())
        {
            var feature = ReadOne(item, features.Count, kostat, source, licence);
            var at = $"features[{features.Count}]";
            if (!codes.TryAdd(feature.Code, features.Count))
            {
                throw new InvalidInputException($"{at}.properties.code", $"the same place as features[{codes[feature.Code]}]");
            }

            if ((positions += feature.Shape.NumPoints) > MaxPositions)
            {
                throw new InvalidInputException($"{at}.geometry", $"all shapes together may have at most {MaxPositions} positions", 413);
            }

            features.Add(feature);
        }

        return features;
    }

    /// <summary>The features of a collection, of which there are neither none nor too many.</summary>
    internal static JsonElement List(JsonElement json, int most = MaxFeatures)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "type", "body") != "FeatureCollection" || !json.TryGetProperty("features", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException("body", "must be a GeoJSON FeatureCollection");
        }

        var count = list.GetArrayLength();
        if (count == 0 || count > most)
        {
            throw new InvalidInputException("features", $"must be 1 to {most} features, not {count}", count == 0 ? 400 : 413);
        }

        return list;
    }

    private static Feature ReadOne(JsonElement item, int index, bool kostat, string? source, string? licence)
    {
        var at = $"features[{index}]";
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(at, "must be a Feature with properties");
        }

        var inside = at + ".properties";
        var sent = Text(properties, "code", $"{inside}.code") ?? throw new InvalidInputException($"{inside}.code", "is missing");
        if (!sent.All(char.IsAsciiLetterOrDigit) || sent.Length > 20)
        {
            throw new InvalidInputException($"{inside}.code", "must be up to 20 letters and digits");
        }

        var code = !kostat ? sent : SeoulDistricts.FromKostat(sent) ?? throw new InvalidInputException($"{inside}.code", $"'{sent}' is not one of Statistics Korea's district codes 11010 to 11250");
        if (!item.TryGetProperty("geometry", out var geometry))
        {
            throw new InvalidInputException($"{at}.geometry", "is missing");
        }

        return new(
            index, code, kostat ? sent : null, Text(properties, "name", $"{inside}.name"), Text(properties, "name_en", $"{inside}.name_en") ?? Text(properties, "name_eng", $"{inside}.name_eng"),
            (long?)Number(properties, "population", inside), Day(properties, "population_at", inside), Text(properties, "population_source", $"{inside}.population_source"),
            Number(properties, "area_km2", inside), Shape(geometry, $"{at}.geometry"),
            Origin(Text(properties, "source", $"{inside}.source") ?? source, Text(properties, "base_year", $"{inside}.base_year")), Text(properties, "licence", $"{inside}.licence") ?? licence);
    }

    private static Geometry Shape(JsonElement json, string at)
    {
        var shape = GeoJson.Read(json, at);
        if (shape is not (Polygon or MultiPolygon) || shape.IsEmpty)
        {
            throw new InvalidInputException($"{at}.type", "a place is a Polygon or a MultiPolygon");
        }

        return new IsValidOp(shape).ValidationError is { } error
            ? throw new InvalidInputException(at, string.Create(CultureInfo.InvariantCulture, $"{error.Message} near [{error.Coordinate?.X}, {error.Coordinate?.Y}]"))
            : shape;
    }

    /// <summary>A year of the borders, as Statistics Korea's files carry it, belongs to the origin.</summary>
    private static string? Origin(string? source, string? year) =>
        year is null || source?.Contains(year, StringComparison.Ordinal) == true ? source : $"{source ?? "imported; the origin was not named"} ({year})";

    internal static string? Text(JsonElement json, string name, string at)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind switch
        {
            JsonValueKind.String => Short(member.GetString(), at),
            JsonValueKind.Number => member.GetRawText(),
            _ => throw new InvalidInputException(at, "must be text"),
        };
    }

    internal static string? Short(string? text, string at) =>
        text is { Length: > MaxText } ? throw new InvalidInputException(at, $"must be at most {MaxText} characters") : string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static double? Number(JsonElement json, string name, string inside)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out var number) && number is >= 0 and < 1e12
            ? number
            : throw new InvalidInputException($"{inside}.{name}", "must be a number of at least 0");
    }

    private static DateOnly? Day(JsonElement json, string name, string inside) =>
        Text(json, name, $"{inside}.{name}") is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new InvalidInputException($"{inside}.{name}", "must be a day such as 2023-12-31");
}
