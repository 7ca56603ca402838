using System.Globalization;
using System.Text;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Madang.Sensing.Batch;

/// <summary>A batch as multipart/mixed: each part an HTTP request as text, a change set a multipart in it (OGC 18-088, batch-request/batch-request; OData 4.01 Part 1, 11.7.7).</summary>
internal static class MultipartBatch
{
    private const int MostHeaders = 50;

    public static async Task<List<BatchItem>> Read(ReadOnlyMemory<byte> bytes, string boundary, int most, CancellationToken cancel)
    {
        using var body = new MemoryStream(WithLineEnds(bytes), writable: false);
        var items = new List<BatchItem>();
        var count = 0;
        try
        {
            var reader = new MultipartReader(boundary, body) { HeadersCountLimit = MostHeaders };
            while (await reader.ReadNextSectionAsync(cancel) is { } section)
            {
                var type = TypeOf(section, items.Count);
                if (!type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase))
                {
                    BatchLimits.Demand(++count, most);
                    items.Add(new BatchItem([await Request(section, type, $"part[{items.Count}]", cancel)], IsAtomic: false));
                    continue;
                }

                var set = new List<BatchRequest>();
                var inner = new MultipartReader(BoundaryOf(type), section.Body) { HeadersCountLimit = MostHeaders };
                while (await inner.ReadNextSectionAsync(cancel) is { } part)
                {
                    BatchLimits.Demand(++count, most);
                    set.Add(await Request(part, TypeOf(part, items.Count), $"part[{items.Count}].part[{set.Count}]", cancel));
                }

                items.Add(new BatchItem(set, IsAtomic: true));
            }
        }
        catch (Exception wrong) when (wrong is IOException or InvalidDataException)
        {
            throw new InvalidInputException("body", $"is no multipart with the boundary that its Content-Type names: {wrong.Message}");
        }

        return items;
    }

    public static async Task Write(HttpResponse response, IReadOnlyList<BatchAnswer> answers)
    {
        var boundary = $"batch_{Guid.NewGuid():N}";
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = $"multipart/mixed; boundary={boundary}";
        foreach (var answer in answers)
        {
            await Text(response, $"--{boundary}\r\n");
            if (!answer.Item.IsAtomic || answer.FailedAt is not null)
            {
                // A change set that failed is answered by the one answer of what failed.
                await Part(response, answer.Item.Requests.ElementAtOrDefault(answer.FailedAt ?? 0)?.Id, answer.Answers[^1]);
                continue;
            }

            var set = $"changeset_{Guid.NewGuid():N}";
            await Text(response, $"Content-Type: multipart/mixed; boundary={set}\r\n\r\n");
            for (var index = 0; index < answer.Answers.Count; index++)
            {
                await Text(response, $"--{set}\r\n");
                await Part(response, answer.Item.Requests[index].Id, answer.Answers[index]);
            }

            await Text(response, $"--{set}--\r\n");
        }

        await Text(response, $"--{boundary}--\r\n");
    }

    /// <summary>Lines end in CR LF (RFC 2046, 4.1.1). A body written by hand, whose first line ends in LF alone, is meant so all the same; between the tokens of JSON the two are one.</summary>
    private static byte[] WithLineEnds(ReadOnlyMemory<byte> bytes)
    {
        var first = bytes.Span.IndexOf((byte)'\n');
        return first < 0 || (first > 0 && bytes.Span[first - 1] == '\r') ? bytes.ToArray() : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes.Span).ReplaceLineEndings("\r\n"));
    }

    /// <summary>The boundary of a multipart's type.</summary>
    public static string BoundaryOf(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 70, Value: { } boundary } ? boundary : throw new InvalidInputException("Content-Type", "needs a boundary of 1 to 70 characters");

    private static MediaTypeHeaderValue TypeOf(MultipartSection section, int index) =>
        MediaTypeHeaderValue.TryParse(section.ContentType, out var type) && type.MediaType is { HasValue: true } media && (media.Equals("application/http", StringComparison.OrdinalIgnoreCase) || media.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase))
            ? type
            : throw new InvalidInputException($"part[{index}].Content-Type", "must be application/http, or multipart/mixed for a change set");

    private static async Task<BatchRequest> Request(MultipartSection section, MediaTypeHeaderValue type, string field, CancellationToken cancel)
    {
        if (type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException(field, "is a change set in a change set");
        }

        using var memory = new MemoryStream();
        await section.Body.CopyToAsync(memory, cancel);
        var bytes = memory.ToArray();
        var at = 0;
        var words = Line(bytes, ref at).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || (words.Length > 2 && !words[2].StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidInputException(field, "does not begin with a request such as 'POST Things HTTP/1.1'");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (Line(bytes, ref at) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || headers.Count == MostHeaders)
            {
                throw new InvalidInputException(field, colon <= 0 ? $"has a header without a colon: '{line[..Math.Min(line.Length, 40)]}'" : $"has more than {MostHeaders} headers");
            }

            headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        // The line break before the boundary belongs to the boundary; one more may stand there when there is no body.
        var body = bytes.AsMemory(Math.Min(at, bytes.Length));
        return new BatchRequest(IdOf(section), words[0].ToUpperInvariant(), words[1], headers, body.Span.IndexOfAnyExcept("\r\n "u8) < 0 ? default : body);
    }

    private static string? IdOf(MultipartSection section) =>
        section.Headers is { } headers && headers.TryGetValue("Content-ID", out var id) && id.ToString().Trim().Trim('<', '>') is { Length: > 0 } text ? text : null;

    /// <summary>The next line without its end; empty at the end of the head and of all.</summary>
    private static string Line(byte[] bytes, ref int at)
    {
        var rest = bytes.AsSpan(Math.Min(at, bytes.Length));
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        at += end < 0 ? rest.Length : end + 1;
        return Encoding.UTF8.GetString(line.TrimEnd((byte)'\r'));
    }

    private static async Task Part(HttpResponse response, string? id, InnerAnswer answer)
    {
        var head = new StringBuilder("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
        if (id is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-ID: {id}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"\r\nHTTP/1.1 {answer.Status} {answer.Phrase}\r\n");
        foreach (var (name, value) in answer.Heads)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await Text(response, head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n\r\n").ToString());
        await response.Body.WriteAsync(answer.Body);
        await Text(response, "\r\n");
    }

    private static Task Text(HttpResponse response, string text) => response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
}
