using System.Globalization;
using System.Text.Json;
using Madang.DemoCity.World;

namespace Madang.DemoCity.City;

/// <summary>Made-up day-care centres, schools, stops and the like, twenty in each district, each named plainly so. The same seed makes the same ones.</summary>
internal sealed class Sites(CityDoor door, int seed)
{
    /// <summary>The kinds with their names, how many there are in a district, and how many people each holds, from and to; none where that is not counted.</summary>
    private static readonly (string Kind, string Name, string NameEn, int InDistrict, int Fewest, int Most)[] Kinds =
    [
        ("daycare", "어린이집", "day-care centre", 5, 20, 120), ("school", "학교", "school", 4, 300, 1_200), ("hospital", "병원", "hospital", 2, 30, 600), ("elderly-care", "요양원", "home for the elderly", 2, 20, 150),
        ("stop", "정류장", "bus stop", 4, 0, 0), ("station", "지하철역", "subway station", 1, 0, 0), ("camera", "카메라", "camera", 2, 0, 0),
    ];

    public async Task SetUp(IReadOnlyList<District> districts, CancellationToken cancel)
    {
        for (var index = 0; index < Kinds.Length; index++)
        {
            var (kind, chance) = (Kinds[index], new Noise(seed).Of(9_000 + index));
            await door.Put($"/api/places/sites/{kind.Kind}?data=simulated", json => Write(json, kind, chance, districts), cancel);
        }
    }

    private void Write(Utf8JsonWriter json, (string Kind, string Name, string NameEn, int InDistrict, int Fewest, int Most) kind, Noise chance, IReadOnlyList<District> districts)
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("source", Stations.Source);
        json.WriteStartArray("features");
        var number = 0;
        foreach (var district in districts)
        {
            for (var i = 1; i <= kind.InDistrict; i++)
            {
                var own = chance.Of(district.Number).Of(i);
                var place = district.Place(own);
                number++;
                json.WriteStartObject();
                json.WriteString("type", "Feature");
                json.WriteStartObject("properties");
                json.WriteString("code", string.Create(CultureInfo.InvariantCulture, $"demo-{seed}-{district.Code}-{i}"));
                json.WriteString("name", string.Create(CultureInfo.InvariantCulture, $"모의 {kind.Name} {number}"));
                json.WriteString("name_en", string.Create(CultureInfo.InvariantCulture, $"Simulated {kind.NameEn} {number}"));
                if (kind.Most > 0)
                {
                    json.WriteNumber("capacity", (int)(kind.Fewest + ((kind.Most - kind.Fewest) * own.Draw(-1))));
                }

                json.WriteEndObject();
                json.WriteStartObject("geometry");
                json.WriteString("type", "Point");
                json.WriteStartArray("coordinates");
                json.WriteNumberValue(place.X);
                json.WriteNumberValue(place.Y);
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
