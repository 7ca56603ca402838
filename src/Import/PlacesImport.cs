using System.Text.Json;
using Madang.Import.City;
using Madang.Import.Files;
using Madang.Import.Maps;
using Madang.Kernel;

namespace Madang.Import;

/// <summary>Brings the shapes of a city's areas into a city, from GeoJSON, through its public interface.</summary>
/// <param name="city">Reaches the city; its base address is the city's.</param>
/// <param name="key">The write key; null on the city's own machine.</param>
/// <param name="clock">For pauses and patience.</param>
public sealed class PlacesImport(HttpClient city, string? key, TimeProvider clock)
{
    private const long MostBytes = 32 * 1024 * 1024;

    /// <summary>Sends the file; what is not given comes from the map, and what neither says is left to the file.</summary>
    /// <exception cref="InvalidInputException">The file or an option is wrong. Nothing was stored.</exception>
    /// <exception cref="ImportException">The city refuses or cannot be reached.</exception>
    public async Task<PlacesSummary> Run(string file, string? map, string? kind, string? codes, string? source, string? licence, CancellationToken cancel)
    {
        var plan = map is null ? new PlacesMap() : MapReader.ReadPlaces(map);
        var whose = codes ?? plan.Codes ?? throw new InvalidInputException(
            "--codes", "is missing: adm (administrative standard codes) or kostat (Statistics Korea). The same number means different districts in the two, so it cannot be guessed");
        var (body, places) = Read(file);
        var door = new CityDoor(city, key, clock);
        var target = $"/api/places/{Uri.EscapeDataString(kind ?? plan.Kind)}";
        await CheckNames(door, target, whose, places, cancel);
        var answer = await door.Put($"{target}?codes={whose}{Option("source", source ?? plan.Source)}{Option("licence", licence ?? plan.Licence)}", body, cancel);
        return new PlacesSummary(answer.GetProperty("kind").GetString()!, Number("received"), Number("made"), Number("changed"), Number("unchanged"));

        int Number(string name) => answer.GetProperty(name).GetInt32();
    }

    private static (byte[] Body, JsonElement Json) Read(string file)
    {
        using var stream = TextFile.Open(file);
        if (stream.Length > MostBytes)
        {
            throw new InvalidInputException("FILE", $"is larger than {MostBytes / 1024 / 1024} megabytes; simplify the shapes");
        }

        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        body = body.AsSpan().StartsWith(System.Text.Encoding.UTF8.Preamble) ? body[3..] : body;
        try
        {
            return (body, JsonElement.Parse(body));
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException($"line {broken.LineNumber + 1}", $"is not GeoJSON at byte {broken.BytePositionInLine + 1}: {broken.Message.Split(" LineNumber")[0]}");
        }
    }

    /// <summary>A file read with the wrong codes would give one district the border of another; the names show it.</summary>
    private static async Task CheckNames(CityDoor door, string target, string codes, JsonElement file, CancellationToken cancel)
    {
        if (!await door.Exists($"{target}?geometry=none", cancel))
        {
            return;
        }

        var known = Names(await door.Get($"{target}?codes={Uri.EscapeDataString(codes)}&geometry=none", cancel)).DistinctBy(place => place.Code).ToDictionary(place => place.Code, place => place.Name);
        var others = Names(file).Where(place => known.TryGetValue(place.Code, out var name) && name != place.Name).ToList();
        if (others.Count > 0)
        {
            throw new InvalidInputException("--codes", $"'{codes}' does not fit: the file calls {others[0].Code} {others[0].Name}, the city calls it {known[others[0].Code]} ({others.Count} such). Nothing was stored");
        }
    }

    private static IEnumerable<(string Code, string Name)> Names(JsonElement collection)
    {
        if (collection.ValueKind != JsonValueKind.Object || !collection.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var feature in features.EnumerateArray())
        {
            if (feature.ValueKind == JsonValueKind.Object && feature.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
                && properties.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                && properties.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
            {
                yield return (code.GetString()!, name.GetString()!);
            }
        }
    }

    private static string Option(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
