using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Door;

/// <summary><c>/api/audit</c>: the record for those who may read it, and <c>/api/me/record</c> for everybody about himself.</summary>
internal static partial class RecordRoutes
{
    private const int UsualPage = 50, FlushBytes = 64 * 1024;

    private static readonly HashSet<string> Filters = new(typeof(Asked).GetProperties().Select(property => property.Name), StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Columns = ["at", "action", "who", "role", "purpose", "kind", "thing", "before", "after", "from", "trace", "result"];

    /// <summary>What may be asked, as query parameters.</summary>
    public sealed record Asked
    {
        public string? Who { get; init; }

        public string? Thing { get; init; }

        public string? Kind { get; init; }

        public string? Action { get; init; }

        public string? Without { get; init; }

        public string? Purpose { get; init; }

        public string? Result { get; init; }

        public string? From { get; init; }

        public string? Until { get; init; }

        public string? Entry { get; init; }

        internal RecordQuery Query => new() { Who = Filled(Who), Thing = Filled(Thing), Kind = Filled(Kind), Action = Filled(Action), Without = Filled(Without), Purpose = Filled(Purpose), Result = Filled(Result), From = QueryText.Moment("from", From), Until = QueryText.Moment("until", Until), Entry = QueryText.Number("entry", Entry) };

        private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>A filter that is misspelt would answer with the whole record.</summary>
    private static void RefuseUnknown(HttpRequest request, params ReadOnlySpan<string> others)
    {
        foreach (var name in request.Query.Keys)
        {
            if (!Filters.Contains(name) && !others.Contains(name))
            {
                throw new InvalidInputException(name, "is no filter of the record");
            }
        }
    }

    private static int Limit(string? text) => (int)Math.Min(int.MaxValue, QueryText.Number("limit", text) ?? UsualPage);

    internal static Task<RecordPage> Search([AsParameters] Asked asked, string? before, string? limit, RecordBook book, HttpResponse response, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        RefuseUnknown(response.HttpContext.Request, "before", "limit");
        return book.Search(asked.Query with { Before = before }, Limit(limit), cancel);
    }

    internal static Task<RecordPage> Mine(string? before, string? limit, RecordBook book, HttpContext context, CancellationToken cancel)
    {
        context.Response.Headers.CacheControl = "no-store";
        return book.About(SignedIn.Of(context.User)!.Person, before, Limit(limit), cancel);
    }

    /// <summary>Each entry as it stands in the log, one JSON object a line with its place; or as CSV.</summary>
    internal static async Task Export([AsParameters] Asked asked, string? format, RecordBook book, HttpContext context, CancellationToken cancel)
    {
        var isCsv = format switch { null or "jsonl" => false, "csv" => true, _ => throw new InvalidInputException("format", "is jsonl or csv") };
        RefuseUnknown(context.Request, "format");
        var leaves = await book.Export(asked.Query, cancel);
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"madang-record.{(isCsv ? "csv" : "jsonl")}\"";
        var text = new StringBuilder(isCsv ? "\uFEFFseq," + string.Join(',', Columns) + "\r\n" : "");
        await foreach (var (seq, leaf) in leaves.WithCancellation(cancel))
        {
            _ = isCsv ? AppendCsv(text, seq, leaf) : text.Append("{\"seq\":").Append(seq.ToString(CultureInfo.InvariantCulture)).Append(",\"entry\":").Append(Encoding.UTF8.GetString(leaf)).Append("}\n");
            if (text.Length > FlushBytes)
            {
                await response.WriteAsync(text.ToString(), cancel);
                text.Clear();
            }
        }

        await response.WriteAsync(text.ToString(), cancel);
    }

    private static StringBuilder AppendCsv(StringBuilder text, long seq, byte[] leaf)
    {
        using var json = JsonDocument.Parse(leaf);
        text.Append(seq.ToString(CultureInfo.InvariantCulture));
        foreach (var column in Columns)
        {
            text.Append(',').Append(Cell(json.RootElement.TryGetProperty(column, out var value) ? value.GetString() ?? "" : ""));
        }

        return text.Append("\r\n");
    }

    /// <summary>What begins like a formula becomes text by an apostrophe: a refusal may hold a stranger's words. Digests, some of which begin with a hyphen, stay as they are.</summary>
    private static string Cell(string text)
    {
        var harmless = !Digest().IsMatch(text) && text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return harmless.AsSpan().IndexOfAny(",\"\r\n") < 0 ? harmless : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{22}([A-Za-z0-9_-]{21})?$")]
    private static partial Regex Digest();
}
