using System.Globalization;
using System.Text.Json;
using Madang.Import.City;
using Madang.Kernel;
using Stream = Madang.Import.City.Stream;

namespace Madang.Import.Observations;

/// <summary>An Observation on its way, with where it stands in the file.</summary>
internal sealed record Planned(Stream Stream, TimeInterval Time, decimal Number, long Line, string Column);

/// <summary>
/// Sends Observations many at once. Before that it asks the city what it has in the same stretch of time, and leaves out what
/// is there; the request's key is made from what is left, so a retry, and a second import at the same moment, store it once.
/// </summary>
internal sealed class Chunk(CityDoor door, ObservationSummary summary, Action<Planned, string> reject)
{
    /// <summary>As many as the city stores in one commit.</summary>
    public const int Size = 20_000;

    private const int Askers = 4;

    private readonly List<Planned> waiting = [];

    public bool IsFull => waiting.Count >= Size;

    public void Add(Planned observation) => waiting.Add(observation);

    public async Task Send(CancellationToken cancel)
    {
        var missing = await Missing(cancel);
        waiting.Clear();
        if (missing.Count == 0)
        {
            return;
        }

        var body = Json.Write(json => Write(json, missing));
        var answers = await door.Post("CreateObservations", body, cancel);
        if (FirstLink(answers) is { } link && !await door.Exists($"{link}?$select=id", cancel))
        {
            // The city remembers this very request, but somebody deleted what it stored.
            answers = await door.Post("CreateObservations", body, cancel, Guid.NewGuid().ToString("N"));
        }

        Count(missing, answers);
    }

    /// <summary>What the city does not have, in the order of Datastreams and of the file.</summary>
    private async Task<List<Planned>> Missing(CancellationToken cancel)
    {
        var groups = waiting.GroupBy(planned => planned.Stream).ToList();
        var stored = new Dictionary<TimeInterval, string>[groups.Count];
        await Parallel.ForAsync(0, groups.Count, new ParallelOptions { MaxDegreeOfParallelism = Askers, CancellationToken = cancel }, async (index, token) =>
            stored[index] = await Stored(groups[index].Key, [.. groups[index]], token));
        var missing = new List<Planned>();
        for (var index = 0; index < groups.Count; index++)
        {
            foreach (var planned in groups[index])
            {
                Judge(planned, stored[index], missing);
            }
        }

        return missing;
    }

    private void Judge(Planned planned, Dictionary<TimeInterval, string> stored, List<Planned> missing)
    {
        if (stored.TryAdd(planned.Time, Text(planned.Number)))
        {
            missing.Add(planned);
        }
        else if (decimal.TryParse(stored[planned.Time], NumberStyles.Float, CultureInfo.InvariantCulture, out var there) && there == planned.Number)
        {
            summary.AlreadyThere++;
        }
        else
        {
            summary.Different++;
            reject(planned, $"differs from {stored[planned.Time]}, which is stored for {planned.Time}; nothing is overwritten");
        }
    }

    private async Task<Dictionary<TimeInterval, string>> Stored(Stream stream, List<Planned> planned, CancellationToken cancel)
    {
        var (from, to) = (planned.Min(one => one.Time.Start), planned.Max(one => one.Time.End ?? one.Time.Start));
        var stored = new Dictionary<TimeInterval, string>();
        if (stream.MayHold(from, to))
        {
            var filter = Uri.EscapeDataString($"phenomenonTime ge {IsoTime.Write(from)} and phenomenonTime le {IsoTime.Write(to)}");
            await foreach (var observation in door.List($"Datastreams({stream.Id})/Observations?$filter={filter}&$select=phenomenonTime,result&$top=1000", cancel))
            {
                if (TimeInterval.TryParse(observation.GetProperty("phenomenonTime").GetString(), out var time))
                {
                    stored.TryAdd(time, observation.GetProperty("result").GetRawText());
                }
            }
        }

        stream.Extend(from, to);
        return stored;
    }

    private static void Write(Utf8JsonWriter json, List<Planned> observations)
    {
        json.WriteStartArray();
        foreach (var group in observations.GroupBy(planned => planned.Stream.Id))
        {
            json.WriteStartObject();
            json.WriteReference("Datastream", group.Key);
            json.WriteStartArray("components");
            json.WriteStringValue("phenomenonTime");
            json.WriteStringValue("result");
            json.WriteEndArray();
            json.WriteStartArray("dataArray");
            foreach (var planned in group)
            {
                json.WriteStartArray();
                json.WriteStringValue(planned.Time.ToString());
                json.WriteRawValue(Text(planned.Number));
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Count(List<Planned> sent, JsonElement answers)
    {
        if (answers.ValueKind != JsonValueKind.Array || answers.GetArrayLength() != sent.Count)
        {
            throw new ImportException($"The city was sent {sent.Count} Observations and does not answer for each of them.");
        }

        var index = 0;
        foreach (var answer in answers.EnumerateArray())
        {
            var planned = sent[index++];
            if (answer.ValueKind == JsonValueKind.String && answer.GetString() != "error")
            {
                summary.Stored++;
            }
            else
            {
                reject(planned, answer.ValueKind == JsonValueKind.Object ? $"the city refuses it: {answer.GetProperty("reason").GetString()}" : "the city refuses it");
            }
        }
    }

    private static string? FirstLink(JsonElement answers) => answers.ValueKind != JsonValueKind.Array ? null : answers.EnumerateArray()
        .Where(answer => answer.ValueKind == JsonValueKind.String && answer.GetString() != "error").Select(answer => CityDoor.Inside(answer.GetString()!)).FirstOrDefault();

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
