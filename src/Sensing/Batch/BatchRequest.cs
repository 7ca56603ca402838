using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Kernel;
using Madang.Sensing.Model;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Batch;

/// <summary>One request of a batch, as its format gave it.</summary>
/// <param name="Id">Its Content-ID or id, by which later ones speak of what it created; null when it has none.</param>
/// <param name="Method">GET, POST, PATCH, PUT, DELETE.</param>
/// <param name="Url">Its address: whole, from the host's root, below the service's root, or <c>$id/…</c>.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body; empty when it has none.</param>
internal sealed record BatchRequest(string? Id, string Method, string Url, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Put, HttpMethods.Delete];

    /// <summary>The path on this server; known once it was resolved.</summary>
    public PathString Path { get; private init; }

    public QueryString Query { get; private init; }

    public bool IsRead => Method == HttpMethods.Get;

    /// <summary>The request with its address and the references in its body (<c>{"@iot.id": "$id"}</c>) put in place of what earlier ones created; whole addresses must be of this server.</summary>
    public BatchRequest Resolve(Profile profile, IReadOnlyDictionary<string, string> created, Predicate<Uri> isOurs, string field)
    {
        if (!Methods.Contains(Method))
        {
            throw new InvalidInputException(field + ".method", $"'{Method}' is not offered in a batch; there are {string.Join(", ", Methods)}");
        }

        var address = Url.StartsWith('$') && !Url.StartsWith("$batch", StringComparison.Ordinal) ? Refer(created, field + ".url") : Below(profile, isOurs, field + ".url");
        var question = address.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? address : address[..question];
        return this with
        {
            Path = PathString.FromUriComponent($"{profile.Root}/{path}"),
            Query = question < 0 ? default : new QueryString(address[question..]),
            Body = Refer(Body, created, field + ".body"),
        };
    }

    private string Refer(IReadOnlyDictionary<string, string> created, string field)
    {
        var end = Url.AsSpan(1).IndexOfAny('/', '?');
        var id = end < 0 ? Url[1..] : Url[1..(end + 1)];
        return created.TryGetValue(id, out var entity)
            ? entity + (end < 0 ? "" : Url[(end + 1)..])
            : throw new InvalidInputException(field, $"'${id}' is no id of a request before this one that created something");
    }

    /// <summary>The address below the service's root, whatever form it was given in.</summary>
    private string Below(Profile profile, Predicate<Uri> isOurs, string field)
    {
        var isWhole = Uri.TryCreate(Url, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https";
        var url = !isWhole ? Url : isOurs(absolute!) ? absolute!.PathAndQuery : throw new InvalidInputException(field, $"'{Url}' is of another server; only what is of this one is run here");
        if (url.StartsWith('/'))
        {
            url = url.StartsWith(profile.Root + "/", StringComparison.Ordinal) || url == profile.Root
                ? url[profile.Root.Length..].TrimStart('/')
                : throw new InvalidInputException(field, $"'{Url}' does not lie below {profile.Root}");
        }

        var path = url.Split('?', 2)[0];
        return path.Split('/').Any(segment => Uri.UnescapeDataString(segment) is "." or ".." or "$batch")
            ? throw new InvalidInputException(field, $"'{Url}' is no address of an entity or a collection")
            : url;
    }

    private static ReadOnlyMemory<byte> Refer(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> created, string field)
    {
        if (created.Count == 0 || body.Span.IndexOf("\"$"u8) < 0)
        {
            return body;
        }

        JsonNode? json;
        try
        {
            json = JsonNode.Parse(body.Span);
        }
        catch (JsonException)
        {
            // Whoever reads it says what is wrong with it.
            return body;
        }

        Replace(json, created, field);
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private static void Replace(JsonNode? json, IReadOnlyDictionary<string, string> created, string field)
    {
        if (json is JsonArray items)
        {
            foreach (var item in items)
            {
                Replace(item, created, field);
            }
        }
        else if (json is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (name == "@iot.id" && value is JsonValue text && text.TryGetValue<string>(out var id) && id.StartsWith('$'))
                {
                    members[name] = created.TryGetValue(id[1..], out var entity)
                        ? long.Parse(entity.AsSpan()[(entity.IndexOf('(', StringComparison.Ordinal) + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)
                        : throw new InvalidInputException(field, $"'{id}' is no id of a request before this one that created something");
                }
                else
                {
                    Replace(value, created, field);
                }
            }
        }
    }
}

/// <summary>What stands in a batch in order: requests that are run together or not at all, or one alone.</summary>
internal sealed record BatchItem(IReadOnlyList<BatchRequest> Requests, bool IsAtomic);

/// <summary>What became of an item: an answer to each of its requests, or of an atomic one that failed the answer of the one that failed.</summary>
internal sealed record BatchAnswer(BatchItem Item, IReadOnlyList<InnerAnswer> Answers, int? FailedAt);
