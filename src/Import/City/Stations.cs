using System.Text.Json;
using Madang.Import.Maps;
using Madang.Kernel;

namespace Madang.Import.City;

/// <summary>
/// Finds the Things and Datastreams of an import by their natural keys (<c>properties/importId</c>) and makes those that are
/// missing. The Sensor and the ObservedProperties are one for all stations.
/// </summary>
internal sealed class Stations(CityDoor door, ObservationMap map, ObservationSummary summary)
{
    private readonly Dictionary<string, Station> known = [];
    private readonly Dictionary<string, long> properties = [];
    private long? sensor;

    /// <summary>Reads what the city has from earlier imports of this map.</summary>
    public async Task Load(CancellationToken cancel)
    {
        var filter = Uri.EscapeDataString($"properties/importSet eq '{map.Id}'");
        var expand = Uri.EscapeDataString("Datastreams($select=id,properties,phenomenonTime;$top=200)");
        await foreach (var thing in door.List($"Things?$filter={filter}&$select=id,properties&$expand={expand}&$top=100", cancel))
        {
            var station = new Station(thing.GetProperty("@iot.id").GetInt64());
            foreach (var stream in thing.GetProperty("Datastreams").EnumerateArray())
            {
                var held = stream.TryGetProperty("phenomenonTime", out var time) && TimeInterval.TryParse(time.GetString(), out var interval) ? interval : (TimeInterval?)null;
                station.Streams.TryAdd(Json.Property(stream, "measure") ?? "", new Stream(stream.GetProperty("@iot.id").GetInt64(), held));
            }

            known.TryAdd(Json.Property(thing, "importId") ?? "", station);
        }
    }

    /// <summary>The station of a row, made when the city has none.</summary>
    public async Task<Station> FindOrMake(StationRow row, CancellationToken cancel)
    {
        var importId = $"{map.Id}/{row.Key}";
        if (known.TryGetValue(importId, out var station) && seen.Contains(importId))
        {
            return station;
        }

        if (map.Measures.Count > 0)
        {
            await MakeShared(cancel);
        }

        if (station is null)
        {
            station = new Station(await door.Create("Things", Body(row, importId), cancel));
            known.Add(importId, station);
            summary.ThingsMade++;
            await ReadStreams(station, cancel);
        }
        else
        {
            summary.ThingsFound++;
            await AddMissingStreams(station, importId, cancel);
        }

        seen.Add(importId);
        return station;
    }

    private readonly HashSet<string> seen = [];

    private async Task ReadStreams(Station station, CancellationToken cancel)
    {
        if (map.Measures.Count == 0)
        {
            return;
        }

        await foreach (var stream in door.List($"Things({station.Thing})/Datastreams?$select=id,properties&$top=200", cancel))
        {
            station.Streams[Json.Property(stream, "measure") ?? ""] = new Stream(stream.GetProperty("@iot.id").GetInt64(), null);
            summary.DatastreamsMade++;
        }
    }

    private async Task AddMissingStreams(Station station, string importId, CancellationToken cancel)
    {
        foreach (var measure in map.Measures)
        {
            if (station.Streams.ContainsKey(measure.Measure))
            {
                summary.DatastreamsFound++;
                continue;
            }

            var body = Json.Write(json =>
            {
                json.WriteStartObject();
                WriteStream(json, measure, importId);
                json.WriteEndObject();
            });
            station.Streams.Add(measure.Measure, new Stream(await door.Create($"Things({station.Thing})/Datastreams", body, cancel), null));
            summary.DatastreamsMade++;
        }
    }

    private async Task MakeShared(CancellationToken cancel)
    {
        sensor ??= await Shared("Sensors", map.Id, json =>
        {
            json.WriteString("name", map.Sensor!.Name);
            json.WriteString("description", map.Sensor.Description);
            json.WriteString("encodingType", "text/plain");
            json.WriteString("metadata", map.Sensor.Metadata);
            json.WriteObject("properties", () => json.WriteString("importId", map.Id));
        }, cancel);
        foreach (var measure in map.Measures.Where(measure => !properties.ContainsKey(measure.Measure)))
        {
            properties.Add(measure.Measure, await Shared("ObservedProperties", $"{map.Id}/{measure.Measure}", json =>
            {
                json.WriteString("name", measure.Name);
                json.WriteString("definition", measure.Definition);
                json.WriteString("description", measure.NameEn);
                json.WriteObject("properties", () =>
                {
                    json.WriteString("measure", measure.Measure);
                    json.WriteString("name_en", measure.NameEn);
                    json.WriteString("importId", $"{map.Id}/{measure.Measure}");
                });
            }, cancel));
        }
    }

    private async Task<long> Shared(string set, string importId, Action<Utf8JsonWriter> write, CancellationToken cancel)
    {
        var found = await door.Get($"{set}?$filter={Uri.EscapeDataString($"properties/importId eq '{importId}'")}&$select=id&$orderby=id&$top=1", cancel);
        if (found.GetProperty("value") is var value && value.GetArrayLength() > 0)
        {
            return value[0].GetProperty("@iot.id").GetInt64();
        }

        return await door.Create(set, Json.Write(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }), cancel);
    }

    private byte[] Body(StationRow row, string importId) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("description", row.Description);
        json.WriteObject("properties", () =>
        {
            json.WriteString("importId", importId);
            json.WriteString("importSet", map.Id);
            json.WriteString("source", map.Source.Text);
            if (map.Source.Licence is { } licence)
            {
                json.WriteString("licence", licence);
            }

            foreach (var (name, value) in row.Properties)
            {
                json.WriteString(name, value);
            }

            if (row.PlaceNote is { } note)
            {
                json.WriteBoolean("placeApproximate", true);
                json.WriteString("placeNote", note);
                if (row.PlaceUnknown)
                {
                    json.WriteBoolean("placeUnknown", true);
                }
            }
        });
        json.WriteListOfOne("Locations", () => WriteLocation(json, row));
        json.WriteStartArray("Datastreams");
        foreach (var measure in map.Measures)
        {
            json.WriteStartObject();
            WriteStream(json, measure, importId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteLocation(Utf8JsonWriter json, StationRow row)
    {
        json.WriteString("name", row.Name);
        json.WriteString("description", row.PlaceNote ?? row.Name);
        json.WriteString("encodingType", "application/geo+json");
        json.WriteObject("location", () =>
        {
            json.WriteString("type", "Point");
            json.WriteStartArray("coordinates");
            json.WriteNumberValue(row.Longitude);
            json.WriteNumberValue(row.Latitude);
            json.WriteEndArray();
        });
        if (row.PlaceNote is { } note)
        {
            json.WriteObject("properties", () =>
            {
                json.WriteBoolean("approximate", true);
                json.WriteString("note", note);
            });
        }
    }

    private void WriteStream(Utf8JsonWriter json, MeasureMap measure, string importId)
    {
        json.WriteString("name", measure.Name);
        json.WriteString("description", measure.NameEn.Length > 0 ? measure.NameEn : measure.Name);
        json.WriteString("observationType", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement");
        json.WriteObject("unitOfMeasurement", () =>
        {
            json.WriteString("name", measure.Unit.Name);
            json.WriteString("symbol", measure.Unit.Symbol);
            json.WriteString("definition", measure.Unit.Definition);
        });
        json.WriteObject("properties", () =>
        {
            json.WriteString("importId", $"{importId}/{measure.Measure}");
            json.WriteString("measure", measure.Measure);
            if (map.Time?.Period is "day" or "hour")
            {
                // A reading that stands for a day is new for a day.
                json.WriteNumber("cadenceSeconds", map.Time.Period == "day" ? 86_400 : 3_600);
            }
        });
        json.WriteReference("Sensor", sensor!.Value);
        json.WriteReference("ObservedProperty", properties[measure.Measure]);
    }
}
