using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Operations.Live;
using Madang.Sensing;

namespace Madang.Operations.Door;

/// <summary>What is so, as JSON; with a measure, each station carries its value of it.</summary>
internal static class CityJson
{
    // Answered as application/json and never written into a page, so nothing but JSON itself needs escapes.
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new KebabEnum<SensorFinding>() } };

    public static byte[] Snapshot(Edition now, string? measure) => measure is null
        ? Write(now.Snapshot)
        : WithStations(now.Snapshot with { Stations = [] }, now.FindStations(measure)!);

    /// <summary>What differs. When it is no longer known what the stations said of the measure before, all of them are told.</summary>
    public static byte[] Change(Edition before, Edition now, string? measure)
    {
        var changes = Changes.Between(before.Snapshot, now.Snapshot);
        if (measure is null)
        {
            return Write(changes);
        }

        var old = before.FindStations(measure)?.ToHashSet() ?? [];
        return WithStations(changes with { Stations = [] }, now.FindStations(measure)!.Where(station => !old.Contains(station)));
    }

    public static byte[] Write<T>(T what) => JsonSerializer.SerializeToUtf8Bytes(what, Options);

    private static byte[] WithStations<T>(T whole, IEnumerable<StationReading> stations)
    {
        var json = JsonSerializer.SerializeToNode(whole, Options)!.AsObject();
        json["stations"] = JsonSerializer.SerializeToNode(stations, Options);
        return Write<JsonNode>(json);
    }
}
