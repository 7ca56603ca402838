using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Query;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Lights;

/// <summary>Reads street lights with their lamps' last words and what they can be told.</summary>
internal sealed class LightReader(Engine engine, Visibility visibility)
{
    /// <param name="read">The snapshot.</param>
    /// <param name="among">Ids of Things of which those that are lights are told; null for all lights.</param>
    public async Task<IReadOnlyList<StreetLight>> List(ReadScope read, IReadOnlyCollection<long>? among = null)
    {
        var lights = (await read.Connection.QueryAsync<LightRow>(
            $"""
            SELECT t.id AS Id, t.name AS Name, t.provider_id AS Provider, CAST({Field("t.properties", "street")} AS TEXT) AS Street, CAST({Field("t.properties", "streetEn")} AS TEXT) AS StreetEn,
                   CAST({Field("t.properties", "serial")} AS TEXT) AS Serial, CAST({Field("t.properties", "simulated")} AS TEXT) AS Simulated
            FROM things t WHERE CAST({Field("t.properties", "kind")} AS TEXT) = 'street-light' AND {(among is null ? "1 = 1" : engine.IsAmong("t.id", "@among"))} AND {visibility.Condition("things", "t")} ORDER BY t.id LIMIT {StreetLights.Most}
            """,
            new { among = engine.Ids(among ?? []) },
            read.Transaction)).AsList();
        var ids = engine.Ids(lights.Select(light => light.Id));
        var words = (await Words(read, ids)).ToLookup(word => word.Thing);
        var told = (await Told(read, ids)).ToLookup(task => task.Thing);
        return [.. lights.Select(light => Light(light, words[light.Id], [.. told[light.Id]])).OrderBy(light => light.Street, StringComparer.Ordinal).ThenBy(light => light.Serial ?? light.Name, StringComparer.Ordinal)];
    }

    /// <summary>The capability by which each Thing is told a level; of two the older one.</summary>
    public async Task<Dictionary<long, long>> Capabilities(WriteScope scope, IEnumerable<long> things)
    {
        var rows = await scope.Connection.QueryAsync<(long Thing, long Id, string Parameters)>(
            $"""
            SELECT c.thing_id, c.id, CAST(c.parameters AS TEXT) FROM tasking_capabilities c JOIN things t ON t.id = c.thing_id
            WHERE {engine.IsAmong("c.thing_id", "@ids")} AND CAST({Field("t.properties", "kind")} AS TEXT) = 'street-light' AND {visibility.Condition("tasking_capabilities", "c")} ORDER BY c.id
            """,
            new { ids = engine.Ids(things) },
            scope.Transaction);
        var found = new Dictionary<long, long>();
        foreach (var (thing, id, parameters) in rows.Where(row => TakesLevel(row.Parameters)))
        {
            found.TryAdd(thing, id);
        }

        return found;
    }

    private static StreetLight Light(LightRow light, IEnumerable<WordRow> words, List<ToldRow> told)
    {
        var last = words.GroupBy(word => word.Measure).ToDictionary(same => same.Key, same => same.First());
        double? Number(string measure) => last.TryGetValue(measure, out var word) ? word.Number : null;
        var heard = last.Values.Max(word => word.Time);
        var capable = told.Where(task => TakesLevel(task.Parameters)).ToList();
        return new StreetLight(light.Id, light.Name, light.Street ?? "", light.Serial)
        {
            StreetEn = light.StreetEn, Simulated = light.Simulated is "1" or "true", Level = Number("lamp_level"), Power = Number("lamp_power"), Energy = Number("lamp_energy"),
            State = last.TryGetValue("lamp_state", out var state) ? state.Text : null, HeardAt = heard is { } at ? IsoTime.FromMicros(at) : null,
            Cadence = ThingReader.Cadence(last.Values.Select(word => word.Cadence).FirstOrDefault(cadence => cadence is not null)),
            MayCommand = capable.Count > 0 && Caller.Current.May(Act.Command, Kinds.Thing, light.Provider),
            Told = capable.Where(task => task.Given is not null).MaxBy(task => task.At) is { } task && LevelOf(task.Given!) is { } level ? (level, IsoTime.FromMicros(task.At!.Value)) : null,
        };
    }

    private async Task<IEnumerable<WordRow>> Words(ReadScope read, object ids) => await read.Connection.QueryAsync<WordRow>(
        $"""
        SELECT d.thing_id AS Thing, {ThingReader.MeasureOf("o", Field("o.properties", "measure"))} AS Measure, d.last_time AS Time, d.last_number AS Number, substr(p.result_text, 1, 40) AS Text,
               CAST({Field("d.properties", "cadenceSeconds")} AS TEXT) AS Cadence
        FROM datastream_rows d JOIN observed_properties o ON o.id = d.observed_property_id
        LEFT JOIN observations p ON p.datastream_id = d.id AND p.phenomenon_start = d.last_time AND p.id = d.last_id AND {visibility.Condition("observations", "p")}
        WHERE {engine.IsAmong("d.thing_id", "@ids")} AND {visibility.Condition("datastreams", "d")} ORDER BY d.id
        """,
        new { ids },
        read.Transaction);

    /// <summary>Each capability with the last Task it was given.</summary>
    private async Task<IEnumerable<ToldRow>> Told(ReadScope read, object ids) => await read.Connection.QueryAsync<ToldRow>(
        $"""
        SELECT c.thing_id AS Thing, CAST(c.parameters AS TEXT) AS Parameters, CAST(k.parameters AS TEXT) AS Given, k.created_at AS At FROM tasking_capabilities c
        LEFT JOIN tasks k ON k.id = (SELECT n.id FROM tasks n WHERE n.capability_id = c.id ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
        WHERE {engine.IsAmong("c.thing_id", "@ids")} AND {visibility.Condition("tasking_capabilities", "c")} ORDER BY c.id
        """,
        new { ids },
        read.Transaction);

    private static bool TakesLevel(string parameters)
    {
        using var json = JsonDocument.Parse(parameters);
        return json.RootElement.TryGetProperty("field", out var fields) && fields.ValueKind == JsonValueKind.Array
            && fields.EnumerateArray().Any(field => field.ValueKind == JsonValueKind.Object && field.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() == "level");
    }

    private static double? LevelOf(string given)
    {
        using var json = JsonDocument.Parse(given);
        return json.RootElement.TryGetProperty("level", out var level) && level.ValueKind == JsonValueKind.Number ? level.GetDouble() : null;
    }

    private string Field(string column, string name) => engine == Engine.Sqlite ? $"json_extract({column}, '$.{name}')" : $"{column} ->> '{name}'";

    private sealed record LightRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public long? Provider { get; init; }

        public string? Street { get; init; }

        public string? StreetEn { get; init; }

        public string? Serial { get; init; }

        public string? Simulated { get; init; }
    }

    private sealed record WordRow
    {
        public long Thing { get; init; }

        public string Measure { get; init; } = "";

        public long? Time { get; init; }

        public double? Number { get; init; }

        public string? Text { get; init; }

        public string? Cadence { get; init; }
    }

    private sealed record ToldRow
    {
        public long Thing { get; init; }

        public string Parameters { get; init; } = "";

        public string? Given { get; init; }

        public long? At { get; init; }
    }
}
