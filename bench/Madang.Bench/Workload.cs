using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Madang.Bench;

/// <summary>The same Observations for us and for the baseline: numbers of many Datastreams, two minutes apart or what is said.</summary>
internal sealed class Workload(int datastreams, int rows, int rowsPerRequest, int minutesApart = 2)
{
    public static readonly DateTimeOffset Start = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    public int Datastreams { get; } = datastreams;

    public int Rows { get; } = rows;

    public int RowsPerRequest { get; } = rowsPerRequest;

    /// <summary>Row <paramref name="index"/>: which Datastream (from 0), when (microseconds), what.</summary>
    public (int Datastream, long Time, double Number) Row(int index)
    {
        var step = index / Datastreams;
        return (index % Datastreams, (Start.UtcTicks - DateTime.UnixEpoch.Ticks) / 10 + (step * minutesApart * 60_000_000L), Math.Round(20 + (15 * Math.Sin(index * 0.37)), 1));
    }

    /// <summary>The request bodies, each with <see cref="RowsPerRequest"/> rows grouped by Datastream, as a gateway of many sensors sends them.</summary>
    public IEnumerable<byte[]> Bodies(long firstDatastream)
    {
        for (var from = 0; from < Rows; from += RowsPerRequest)
        {
            var groups = Enumerable.Range(from, Math.Min(RowsPerRequest, Rows - from)).Select(Row).GroupBy(row => row.Datastream);
            var text = new StringBuilder("[");
            foreach (var group in groups)
            {
                text.Append(text.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"Datastream\":{{\"@iot.id\":{firstDatastream + group.Key}}},\"components\":[\"phenomenonTime\",\"result\"],\"dataArray\":[");
                text.AppendJoin(',', group.Select(row => string.Create(CultureInfo.InvariantCulture, $"[\"{DateTime.UnixEpoch.AddMicroseconds(row.Time):yyyy-MM-dd'T'HH:mm:ss'Z'}\",{row.Number}]")));
                text.Append("]}");
            }

            yield return Encoding.UTF8.GetBytes(text.Append(']').ToString());
        }
    }

    /// <summary>Makes the Things and Datastreams through the door; answers the first Datastream's id, the others follow it.</summary>
    public async Task<long> Create(Uri url, string? key = null)
    {
        using var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
        var thing = await Post(client, "Things", """{"name":"bench","description":"d","Locations":[{"name":"l","description":"d","encodingType":"application/geo+json","location":{"type":"Point","coordinates":[126.98,37.57]}}]}""");
        var sensor = await Post(client, "Sensors", """{"name":"s","description":"d","encodingType":"text/plain","metadata":"m"}""");
        var property = await Post(client, "ObservedProperties", """{"name":"p","definition":"d","description":"d","properties":{"measure":"pm25"}}""");
        var first = 0L;
        for (var index = 0; index < Datastreams; index++)
        {
            var id = await Post(client, "Datastreams", $$$"""
                {"name":"d{{{index}}}","description":"d","observationType":"OM_Observation","unitOfMeasurement":{"symbol":"u"},"Thing":{"@iot.id":{{{thing}}}},"Sensor":{"@iot.id":{{{sensor}}}},"ObservedProperty":{"@iot.id":{{{property}}}}}
                """);
            first = first == 0 ? id : first;
        }

        return first;
    }

    private static async Task<long> Post(HttpClient client, string set, string json)
    {
        using var answer = await client.PostAsync("sta/v1.1/" + set, new StringContent(json, Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        return (long)(await answer.Content.ReadFromJsonAsync<JsonNode>(JsonSerializerOptions.Web))!["@iot.id"]!;
    }
}
