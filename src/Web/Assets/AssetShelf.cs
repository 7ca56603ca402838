using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Logging;

namespace Madang.Web.Assets;

/// <summary>
/// Scripts, styles, fonts and pictures that the build put into this assembly. Their names carry a hash of what is in them,
/// so a browser may keep them for a year.
/// </summary>
internal sealed partial class AssetShelf
{
    private const string Root = "dist/";
    private static readonly Assembly Store = typeof(AssetShelf).Assembly;
    private readonly HashSet<string> names = [.. Store.GetManifestResourceNames().Where(name => name.StartsWith(Root, StringComparison.Ordinal)).Select(name => name[Root.Length..])];
    private readonly FileExtensionContentTypeProvider types = new();
    private readonly Dictionary<string, string> entries = [];

    public AssetShelf(ILogger<AssetShelf> log)
    {
        if (!names.Contains("manifest.json"))
        {
            NotBuilt(log);
            return;
        }

        using var manifest = JsonDocument.Parse(Store.GetManifestResourceStream(Root + "manifest.json")!);
        foreach (var entry in manifest.RootElement.EnumerateObject())
        {
            entries[entry.Name] = "/assets/" + entry.Value.GetProperty("file").GetString();
            if (entry.Value.TryGetProperty("css", out var sheets) && sheets.GetArrayLength() > 0)
            {
                entries[entry.Name + "?css"] = "/assets/" + sheets[0].GetString();
            }
        }
    }

    /// <summary>The address of a source file's built form; null when it was not built.</summary>
    public string? Find(string source) => entries.GetValueOrDefault(source);

    public Results<FileStreamHttpResult, NotFound> Handle(string name, HttpContext context)
    {
        if (!names.Contains(name) || !types.TryGetContentType(name, out var type))
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(Store.GetManifestResourceStream(Root + Choose(name, context.Request, headers))!, type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type);
    }

    /// <summary>For browsers that ask for an icon of a JSON answer.</summary>
    public Results<RedirectHttpResult, NotFound> HandleIcon() => Find("favicon.svg") is { } icon ? TypedResults.Redirect(icon) : TypedResults.NotFound();

    private string Choose(string name, HttpRequest request, IHeaderDictionary headers)
    {
        foreach (var (ending, encoding) in ((string, string)[])[(".br", "br"), (".gz", "gzip")])
        {
            var accepted = request.GetTypedHeaders().AcceptEncoding.Any(value => value.Value == encoding && value.Quality is not 0);
            if (accepted && names.Contains(name + ending))
            {
                headers.ContentEncoding = encoding;
                return name + ending;
            }
        }

        return name;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pages have no styles and no scripts: `npm run build` in src/Web was not run before the build.")]
    private static partial void NotBuilt(ILogger log);
}
