using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Madang.Places.Book;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Http;

namespace Madang.Places.Door;

/// <summary>Takes a GeoJSON FeatureCollection of one kind: places are made or changed by their code, all or none of them.</summary>
internal static partial class PutPlaces
{
    /// <summary>The largest body taken, in bytes. Seoul's 25 districts in full detail are 5 MB.</summary>
    public const long MaxBody = 32 * 1024 * 1024;

    /// <summary>Under this word lie the points of the city, so it is no kind of area.</summary>
    private const string Sites = "sites";

    /// <summary>What happened, in numbers of places.</summary>
    public sealed record Response(string Kind, int Received, int Made, int Changed, int Unchanged);

    /// <param name="kind">The kind of place, such as district.</param>
    /// <param name="codes">The code system of the property <c>code</c>: adm (default) or kostat.</param>
    /// <param name="source">Where the shapes come from, when the collection does not say so itself.</param>
    /// <param name="licence">Their licence, when the collection does not say so itself.</param>
    /// <param name="request">The GeoJSON.</param>
    /// <param name="database">The store.</param>
    /// <param name="book">Forgets what it knew of the kind.</param>
    /// <param name="recorder">Records the change.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    internal static async Task<Response> Handle(string kind, string? codes, string? source, string? licence, HttpRequest request, IDatabase database, PlaceBook book, Recorder recorder, CancellationToken cancel)
    {
        if (!Kind().IsMatch(kind) || kind == Sites)
        {
            throw new InvalidInputException("kind", "a kind is 1 to 31 small Latin letters, digits and hyphens, such as district; points go to /api/places/sites/{kind}");
        }

        List<Feature> features;
        using (var json = await Parse(request, cancel))
        {
            features = FeatureReader.ReadAll(json.RootElement, ReadPlaces.IsKostat(codes), source, licence);
        }

        var response = await database.Write(scope => Store(scope, recorder, kind, features), cancel);
        book.Forget(kind);
        return response;
    }

    private static async Task<Response> Store(WriteScope scope, Recorder recorder, string kind, List<Feature> features)
    {
        var stored = await PlaceRows.ListForChange(scope, kind);
        var (made, changed) = (new List<string>(), new List<string>());
        var entries = new List<RecordEntry>();
        foreach (var feature in features)
        {
            var before = stored.GetValueOrDefault(feature.Code);
            var after = feature.Over(kind, before);
            if (before is not null && PlaceRows.Same(before, after))
            {
                continue;
            }

            (before is null ? made : changed).Add(after.Code);
            await PlaceRows.Save(scope, after);
            entries.Add(Caller.Current.Entry(before is null ? "places.create" : "places.change", Act.Write, Kinds.Place) with
            {
                Thing = $"{kind}/{after.Code}", Before = before is null ? null : PlaceRows.Image(before), After = PlaceRows.Image(after),
            });
        }

        if (made.Count + changed.Count > 0)
        {
            await recorder.Record(scope, entries);
            scope.Tell(new PlacesChanged(kind, [.. made, .. changed]), kind);
        }

        return new(kind, features.Count, made.Count, changed.Count, features.Count - made.Count - changed.Count);
    }

    internal static async Task<JsonDocument> Parse(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 24 }, cancel);
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException("body", $"not JSON, or nested too deep, at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,30}$")]
    private static partial Regex Kind();
}
