using System.Text.Json;
using Madang.Kernel;
using NetTopologySuite.Geometries;

namespace Madang.Places.Door;

/// <summary>One site as it was sent; what it does not say stays as it was.</summary>
internal sealed record SiteFeature(int Index, string Code, string? Name, string? NameEn, Point At, string? Address, int? Capacity, string? Source, string? Licence, int? BaseYear)
{
    /// <summary>The site after this feature was laid over it.</summary>
    public Site Over(string kind, bool simulated, Site? before) => new()
    {
        Kind = kind,
        Code = Code,
        Name = Name ?? before?.Name ?? throw new InvalidInputException($"features[{Index}].properties.name", $"a site that is not known yet needs a name (code {Code})"),
        NameEn = NameEn ?? before?.NameEn,
        Longitude = At.X,
        Latitude = At.Y,
        Address = Address ?? before?.Address,
        Capacity = Capacity ?? before?.Capacity,
        Source = Source ?? before?.Source ?? "imported; the origin was not named",
        Licence = Licence ?? before?.Licence,
        BaseYear = BaseYear ?? before?.BaseYear,
        Simulated = simulated,
    };
}

/// <summary>Reads a FeatureCollection of points; every complaint names the feature by index and the member that is wrong.</summary>
internal static class SiteReader
{
    private const int LongestCode = 64, MostPeople = 10_000_000;

    public static List<SiteFeature> ReadAll(JsonElement json, bool simulated, string? source, string? licence, int most = FeatureReader.MaxFeatures)
    {
        var list = FeatureReader.List(json, most);
        source = FeatureReader.Short(source, "source") ?? FeatureReader.Text(json, "source", "source") ?? FeatureReader.Text(json, "attribution", "attribution");
        licence = FeatureReader.Short(licence, "licence") ?? FeatureReader.Text(json, "licence", "licence") ?? FeatureReader.Text(json, "license", "license");
        var features = new List<SiteFeature>();
        var codes = new Dictionary<string, int>();
        foreach (var item in list.EnumerateArray())
        {
            var feature = ReadOne(item, features.Count, simulated, source, licence);
            if (!codes.TryAdd(feature.Code, features.Count))
            {
                throw new InvalidInputException($"features[{features.Count}].properties.code", $"the same site as features[{codes[feature.Code]}]");
            }

            features.Add(feature);
        }

        return features;
    }

    private static SiteFeature ReadOne(JsonElement item, int index, bool simulated, string? source, string? licence)
    {
        var at = $"features[{index}]";
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(at, "must be a Feature with properties");
        }

        var inside = at + ".properties";
        if (Said("world") is { } world && world != (simulated ? "simulated" : "real"))
        {
            throw new InvalidInputException($"{inside}.world", $"is another than that of the request, which is {(simulated ? "simulated" : "real")}");
        }

        var code = Said("code") ?? throw new InvalidInputException($"{inside}.code", "is missing");
        if (code.Length > LongestCode || !code.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':'))
        {
            throw new InvalidInputException($"{inside}.code", $"must be up to {LongestCode} letters and digits, with - _ . : between");
        }

        if (!item.TryGetProperty("geometry", out var geometry))
        {
            throw new InvalidInputException($"{at}.geometry", "is missing");
        }

        var point = GeoJson.Read(geometry, $"{at}.geometry") is Point { IsEmpty: false } found ? found : throw new InvalidInputException($"{at}.geometry.type", "a site is a Point");
        return new(
            index, code, Said("name"), Said("name_en"), point, Said("address"), Whole("capacity", MostPeople), Said("source") ?? source, Said("licence") ?? licence, Whole("base_year", 2_200));

        string? Said(string name) => FeatureReader.Text(properties, name, $"{inside}.{name}") is not { } text ? null
            : text.Any(char.IsControl) ? throw new InvalidInputException($"{inside}.{name}", "must be one line of text") : text;

        int? Whole(string name, int most) => FeatureReader.Number(properties, name, inside) is not { } number ? null
            : number <= most && number == Math.Floor(number) ? (int)number : throw new InvalidInputException($"{inside}.{name}", $"must be a whole number up to {most}");
    }
}
