using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Batch;

/// <summary>A batch as JSON (OData 4.01 JSON Format, 19): <c>requests</c> in, <c>responses</c> out; requests of one <c>atomicityGroup</c> are a change set.</summary>
internal static class JsonBatch
{
    /// <summary>The answer to one that was not run, or was undone (RFC 4918, 11.4).</summary>
    private static readonly InnerAnswer NotDone = InnerAnswer.Refused(StatusCodes.Status424FailedDependency, "failed-dependency", "Not done, or undone, because another request of this batch failed; its answer tells why.");

    private static readonly string[] Members = ["id", "method", "url", "headers", "body", "atomicityGroup", "dependsOn"];

    public static List<BatchItem> Read(JsonElement json, int most)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException("requests", "is required: an array of {\"id\", \"method\", \"url\"}");
        }

        if (json.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => name != "requests") is { } unknown)
        {
            throw new InvalidInputException(unknown, "is no member of a batch; only requests is");
        }

        BatchLimits.Demand(requests.GetArrayLength(), most);
        var items = new List<BatchItem>();
        var (groups, ids) = (new HashSet<string>(), new HashSet<string>());
        string? last = null;
        var index = 0;
        foreach (var item in requests.EnumerateArray())
        {
            var field = $"requests[{index++}]";
            var request = Request(item, field);
            if (!ids.Add(request.Id!))
            {
                throw new InvalidInputException(field + ".id", $"'{request.Id}' is there twice");
            }

            var group = item.TryGetProperty("atomicityGroup", out var name) && name.ValueKind != JsonValueKind.Null ? Json.Text(name, field + ".atomicityGroup") : null;
            if (group is not null && group == last)
            {
                items[^1] = items[^1] with { Requests = [.. items[^1].Requests, request] };
            }
            else
            {
                items.Add(group is null || groups.Add(group) ? new BatchItem([request], group is not null) : throw new InvalidInputException(field + ".atomicityGroup", $"'{group}' was ended by another request before; requests of a group stand together"));
            }

            last = group;
        }

        return items;
    }

    public static Task Write(HttpResponse response, IReadOnlyList<BatchItem> items, IReadOnlyList<BatchAnswer> answers) => Wire.Write(response, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("responses");
        for (var index = 0; index < items.Count; index++)
        {
            for (var each = 0; each < items[index].Requests.Count; each++)
            {
                Write(json, items[index].Requests[each].Id!, index < answers.Count ? AnswerOf(answers[index], each) : null);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The answer to one request; null for one that was not run, or undone, because another failed.</summary>
    private static InnerAnswer? AnswerOf(BatchAnswer answer, int request) =>
        answer.FailedAt is not { } failed ? answer.Answers[request] : request == failed ? answer.Answers[^1] : null;

    private static void Write(Utf8JsonWriter json, string id, InnerAnswer? answer)
    {
        answer ??= NotDone;
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteNumber("status", answer.Status);
        WriteHeads(json, answer);
        WriteBody(json, answer);
        json.WriteEndObject();
    }

    private static void WriteHeads(Utf8JsonWriter json, InnerAnswer answer)
    {
        if (answer.Headers.Location.ToString() is { Length: > 0 } location)
        {
            json.WriteString("location", location);
        }

        json.WriteStartObject("headers");
        foreach (var (name, value) in answer.Heads)
        {
            json.WriteString(name.ToLowerInvariant(), value);
        }

        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, InnerAnswer answer)
    {
        if (answer.Body.Length == 0)
        {
            return;
        }

        json.WritePropertyName("body");
        if (answer.Headers.ContentType.ToString().Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            json.WriteRawValue(answer.Body, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(answer.Body);
        }
    }

    private static BatchRequest Request(JsonElement json, string field)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(field, $"must be an object, not {Json.Kind(json)}");
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!Members.Contains(member.Name))
            {
                throw new InvalidInputException($"{field}.{member.Name}", $"is not known here; there are {string.Join(", ", Members)}");
            }
        }

        string Required(string name) => json.TryGetProperty(name, out var value) ? Json.Text(value, $"{field}.{name}") : throw new InvalidInputException($"{field}.{name}", "is required");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (json.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var header in given.EnumerateObject())
            {
                headers[header.Name] = Json.Text(header.Value, $"{field}.headers.{header.Name}");
            }
        }

        var body = json.TryGetProperty("body", out var content) && content.ValueKind != JsonValueKind.Null ? JsonSerializer.SerializeToUtf8Bytes(content) : [];
        if (body.Length > 0)
        {
            headers.TryAdd("Content-Type", "application/json");
        }

        return new BatchRequest(Required("id"), Required("method").ToUpperInvariant(), Required("url"), headers, body);
    }
}
