using System.Text;
using Madang.Kernel;
using Madang.Places.Book;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Http;

namespace Madang.Places.Door;

/// <summary>
/// Takes a GeoJSON FeatureCollection of points of one kind: sites are made or changed by their code, all or none of them. Many are sent in
/// pieces, or as the whole of a source: then those of the source that are not among them go.
/// </summary>
internal static class PutSites
{
    /// <summary>What happened, in numbers of sites.</summary>
    public sealed record Response(string Kind, string World, int Received, int Made, int Changed, int Unchanged, int Removed);

    /// <param name="kind">The kind of site.</param>
    /// <param name="data">real (default) or simulated.</param>
    /// <param name="source">Where they come from, when the collection does not say so itself.</param>
    /// <param name="licence">Their licence, when the collection does not say so itself.</param>
    /// <param name="replace">true when these are all sites of the source, which is named then.</param>
    /// <param name="request">The GeoJSON.</param>
    /// <param name="database">The store.</param>
    /// <param name="book">Forgets what it knew of the kind.</param>
    /// <param name="recorder">Records the change.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    internal static async Task<Response> Handle(string kind, string? data, string? source, string? licence, string? replace, HttpRequest request, IDatabase database, SiteBook book, Recorder recorder, CancellationToken cancel)
    {
        var known = SiteKind.Get(kind, "kind").Code;
        var simulated = ReadSites.IsSimulated(data);
        var whole = IsWhole(replace, source);
        List<SiteFeature> features;
        using (var json = await PutPlaces.Parse(request, cancel))
        {
            features = SiteReader.ReadAll(json.RootElement, simulated, source, licence, whole is null ? FeatureReader.MaxFeatures : SiteBook.MostOfKind);
        }

        var response = await database.Write(scope => Store(scope, recorder, known, simulated, features, whole), cancel);
        book.Forget(known, simulated);
        return response;
    }

    private static async Task<Response> Store(WriteScope scope, Recorder recorder, string kind, bool simulated, List<SiteFeature> features, string? whole)
    {
        var stored = await SiteRows.ListForChange(scope, kind, simulated);
        var (before, after) = (new List<Site>(), new List<Site>());
        foreach (var feature in features)
        {
            var was = stored.GetValueOrDefault(feature.Code);
            var site = feature.Over(kind, simulated, was);
            if (was != site)
            {
                after.Add(site);
                before.AddRange(was is null ? [] : [was]);
            }
        }

        var made = after.Count - before.Count;
        HashSet<string> sent = [.. features.Select(feature => feature.Code)];
        List<Site> removed = whole is null ? [] : [.. stored.Values.Where(site => site.Source == whole && !sent.Contains(site.Code))];
        if (stored.Count + made - removed.Count > SiteBook.MostOfKind)
        {
            throw new InvalidInputException("features", $"the city would have more than {SiteBook.MostOfKind} sites of this kind", 413);
        }

        var thing = $"sites/{(simulated ? "simulated/" : "")}{kind}";
        if (after.Count > 0)
        {
            await SiteRows.Save(scope, after);
            await recorder.Record(scope, Caller.Current.Entry("sites.write", Act.Write, Kinds.Place) with { Thing = thing, Before = before.Count == 0 ? null : Image(before), After = Image(after) });
        }

        if (removed.Count > 0)
        {
            await SiteRows.Remove(scope, removed);
            await recorder.Record(scope, Caller.Current.Entry("sites.remove", Act.Write, Kinds.Place) with { Thing = thing, Before = Image(removed) });
        }

        if (after.Count + removed.Count > 0)
        {
            scope.Tell(new SitesChanged(kind, simulated), thing);
        }

        return new(kind, simulated ? "simulated" : "real", features.Count, made, before.Count, features.Count - after.Count, removed.Count);
    }

    /// <summary>The source of which these are all sites; null when they are some.</summary>
    private static string? IsWhole(string? replace, string? source) => replace switch
    {
        null or "" or "false" => null,
        "true" => FeatureReader.Short(source, "source") ?? throw new InvalidInputException("source", "is needed to replace all sites of a source"),
        _ => throw new InvalidInputException("replace", "is true or false"),
    };

    internal static byte[] Image(List<Site> sites) => Encoding.UTF8.GetBytes(string.Concat(sites.Select(SiteRows.Describe)));
}
