using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Http;

/// <summary>
/// POST CreateObservations: many Observations of many Datastreams as dataArrays (OGC 18-088, 13.2). A bad item answers
/// "error" in its place and the good ones are stored; <c>Prefer: errors=detail</c> says in its place what was wrong.
/// </summary>
internal sealed class CreateObservations(IngestQueue queue, Wire wire, IOptions<SensingOptions> options, TimeProvider clock)
{
    public async Task Handle(HttpContext context, Profile profile)
    {
        var (document, bytes) = await wire.Read(context.Request, context.RequestAborted);
        using (document)
        {
            var key = IdempotencyKey.Of(context.Request.Headers["Idempotency-Key"], context.Request.Path, bytes.Span);
            var batch = new Batch(options.Value.MaxItems, clock.GetUtcNow().ToMicros());
            batch.Read(document.RootElement);
            var outcomes = await queue.Store(batch.Good, key);
            var detail = context.Request.Headers["Prefer"].ToString().Contains("errors=detail", StringComparison.OrdinalIgnoreCase);
            var root = wire.RootOf(context.Request, profile);
            await Wire.Write(context.Response, StatusCodes.Status201Created, json => Write(json, batch, outcomes, root, detail));
        }
    }

    private static void Write(Utf8JsonWriter json, Batch batch, Outcome[] outcomes, string root, bool detail)
    {
        json.WriteStartArray();
        var good = 0;
        foreach (var (refusal, group, index) in batch.Items)
        {
            var at = refusal is null && outcomes[good].Refusal is null ? "" : Batch.At(group, index);
            var final = refusal ?? outcomes[good].Refusal;
            if (final is null)
            {
                json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{root}/Observations({outcomes[good].Id})"));
            }
            else if (detail)
            {
                json.WriteStartObject();
                json.WriteString("error", refusal is null ? Json.Join(at, final.Field) : final.Field);
                json.WriteString("reason", final.Reason);
                json.WriteEndObject();
            }
            else
            {
                json.WriteStringValue("error");
            }

            good += refusal is null ? 1 : 0;
        }

        json.WriteEndArray();
    }

    /// <summary>The items of one request in their order: good ones wait to be stored, bad ones carry their reason.</summary>
    internal sealed class Batch(int maxItems, long now)
    {
        public List<NewObservation> Good { get; } = [];

        public List<(Refusal? Refusal, int Group, int Index)> Items { get; } = [];

        public static string At(int group, int index) => string.Create(CultureInfo.InvariantCulture, $"[{group}].dataArray[{index}]");

        public void Read(JsonElement json)
        {
            if (json.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidInputException("body", $"must be an array of objects with Datastream, components and dataArray, not {Json.Kind(json)}");
            }

            var number = 0;
            foreach (var group in json.EnumerateArray())
            {
                ReadGroup(group, number++);
            }
        }

        private void ReadGroup(JsonElement group, int number)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"[{number}]");
            if (group.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidInputException(path, $"must be an object, not {Json.Kind(group)}");
            }

            foreach (var member in group.EnumerateObject())
            {
                if (member.Name is not ("Datastream" or "MultiDatastream" or "components" or "dataArray" or "dataArray@iot.count"))
                {
                    throw new InvalidInputException(Json.Join(path, member.Name), "is not a member here; there are Datastream (or MultiDatastream), components, dataArray and dataArray@iot.count");
                }
            }

            var isMulti = group.TryGetProperty("MultiDatastream", out _);
            if (isMulti && group.TryGetProperty("Datastream", out _))
            {
                throw new InvalidInputException(path, "has a Datastream and a MultiDatastream; Observations belong to one");
            }

            var stream = isMulti ? "MultiDatastream" : "Datastream";
            var datastream = Json.Id(Member(Member(group, stream, path), "@iot.id", $"{path}.{stream}"), $"{path}.{stream}.@iot.id");
            var components = Components(Member(group, "components", path), path + ".components");
            var rows = Member(group, "dataArray", path);
            if (rows.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidInputException(path + ".dataArray", $"must be an array, not {Json.Kind(rows)}");
            }

            if (Items.Count + rows.GetArrayLength() > maxItems)
            {
                throw new InvalidInputException(path + ".dataArray", $"brings the request over {maxItems} Observations; send them in several requests", 413);
            }

            if (group.TryGetProperty("dataArray@iot.count", out var count) && (!count.TryGetInt64(out var said) || said != rows.GetArrayLength()))
            {
                throw new InvalidInputException(path + ".dataArray@iot.count", string.Create(CultureInfo.InvariantCulture, $"says {count}, but there are {rows.GetArrayLength()} items"));
            }

            var index = 0;
            foreach (var row in rows.EnumerateArray())
            {
                ReadRow(row, components, datastream, isMulti, number, index++);
            }
        }

        private void ReadRow(JsonElement row, string[] components, long datastream, bool isMulti, int group, int position)
        {
            try
            {
                if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != components.Length)
                {
                    throw new InvalidInputException("", $"must be an array of {components.Length} values, as 'components' says");
                }

                var reader = new ObservationReader(now, multi: isMulti);
                var index = 0;
                foreach (var value in row.EnumerateArray())
                {
                    var component = components[index++];
                    reader.Take(component, value, component);
                }

                Good.Add(reader.Finish(datastream, ""));
                Items.Add((null, group, position));
            }
            catch (InvalidInputException bad)
            {
                var at = At(group, position);
                Items.Add((new Refusal(bad.Field.Length == 0 ? at : Json.Join(at, bad.Field), bad.Reason), group, position));
            }
        }

        private static string[] Components(JsonElement json, string path)
        {
            if (json.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidInputException(path, $"must be an array, not {Json.Kind(json)}");
            }

            var names = json.EnumerateArray().Select(name => Json.Text(name, path)).ToArray();
            foreach (var name in names)
            {
                if (!ObservationReader.Members.Contains(name))
                {
                    throw new InvalidInputException(path, $"'{name}' is no component; there are {string.Join(", ", ObservationReader.Members)}");
                }
            }

            return names.Distinct().Count() == names.Length ? names : throw new InvalidInputException(path, "names a component twice");
        }

        private static JsonElement Member(JsonElement json, string name, string path) =>
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : throw new InvalidInputException(Json.Join(path, name), "is required");
    }
}
