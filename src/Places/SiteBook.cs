using Madang.Places.Book;
using Madang.Storage;
using Madang.Trust;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace Madang.Places;

/// <summary>
/// Reads the city's sites. Those of a kind are kept in memory, on a grid, and replaced as a whole when one of them changes, or
/// the districts do, on whichever node that was.
/// </summary>
public sealed class SiteBook(IDatabase database, Visibility visibility, PlaceBook places) : IReaction<SitesChanged>
{
    /// <summary>How far <see cref="Near"/> looks at most, in metres.</summary>
    public const double Farthest = 2_000;

    /// <summary>The most sites of one kind and world.</summary>
    public const int MostOfKind = 50_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Kind, bool Simulated), (string Districts, Task<SitePage> Page)> pages = [];
    private long version;
    private long loads;

    /// <summary>How often a kind was read from the store.</summary>
    internal long Loads => Interlocked.Read(ref loads);

    /// <summary>Another as soon as this node knows that a site was made, changed or taken away.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>All sites of a kind in the order of their codes.</summary>
    public async ValueTask<IReadOnlyList<Site>> List(string kind, bool simulated, CancellationToken cancel) => (await Open(kind, simulated, cancel)).Sites;

    /// <summary>The sites around a point, the nearest first: not farther than <paramref name="metres"/> (at most <see cref="Farthest"/>) and at most <paramref name="most"/>.</summary>
    public async ValueTask<IReadOnlyList<SiteNear>> Near(double longitude, double latitude, double metres, IEnumerable<string> kinds, bool simulated, int most, CancellationToken cancel)
    {
        var found = new List<SiteNear>();
        foreach (var kind in kinds)
        {
            found.AddRange((await Open(kind, simulated, cancel)).Near(longitude, latitude, Math.Min(metres, Farthest)));
        }

        return [.. found.OrderBy(near => near.Metres).ThenBy(near => near.Site.Kind, StringComparer.Ordinal).ThenBy(near => near.Site.Code, StringComparer.Ordinal).Take(most)];
    }

    /// <summary>How many sites of a kind lie in each district, by its code; a district without any is not named. Null when the city was told of no site of this kind at all.</summary>
    public async ValueTask<IReadOnlyDictionary<string, int>?> CountByDistrict(string kind, bool simulated, CancellationToken cancel) =>
        await Open(kind, simulated, cancel) is { Sites.Count: > 0 } page ? page.Counts : null;

    /// <summary>The sites of a kind that lie in a district, in the order of their codes.</summary>
    public async ValueTask<IReadOnlyList<Site>> ListInDistrict(string kind, string district, bool simulated, CancellationToken cancel) =>
        (await Open(kind, simulated, cancel)).ByDistrict.GetValueOrDefault(district, []);

    /// <summary>The sites of some kinds that lie in a shape or on its border, by kind and code.</summary>
    public async ValueTask<IReadOnlyList<Site>> InShape(Geometry shape, IEnumerable<string> kinds, bool simulated, CancellationToken cancel)
    {
        var (prepared, box) = (PreparedGeometryFactory.Prepare(shape), shape.EnvelopeInternal);
        var found = new List<Site>();
        foreach (var kind in kinds)
        {
            found.AddRange((await Open(kind, simulated, cancel)).Sites.Where(site => box.Covers(site.Longitude, site.Latitude) && prepared.Covers(new Point(site.Longitude, site.Latitude))));
        }

        return found;
    }

    /// <inheritdoc/>
    Task IReaction<SitesChanged>.React(SitesChanged fact, CancellationToken cancel)
    {
        Forget(fact.Kind, fact.Simulated);
        return Task.CompletedTask;
    }

    /// <summary>Drops what is remembered of a kind, and what is being loaded: who asks after this call is told what stands now.</summary>
    internal void Forget(string kind, bool simulated)
    {
        lock (gate)
        {
            Interlocked.Increment(ref version);
            pages.Remove((kind, simulated));
        }
    }

    /// <summary>However many ask at once, one load is made for all, and not ended with the one who asked first.</summary>
    private async ValueTask<SitePage> Open(string kind, bool simulated, CancellationToken cancel)
    {
        if (SiteKind.Find(kind) is null)
        {
            throw new ArgumentException($"'{kind}' is no kind of site.", nameof(kind));
        }

        var districts = await places.Version(PlaceBook.District, cancel);
        Task<SitePage> page;
        lock (gate)
        {
            if (pages.TryGetValue((kind, simulated), out var known) && known.Districts == districts && known.Page is { IsFaulted: false, IsCanceled: false })
            {
                page = known.Page;
            }
            else
            {
                page = AsEverybody(() => Load(kind, simulated, districts));
                pages[(kind, simulated)] = (districts, page);
            }
        }

        return await page.WaitAsync(cancel);
    }

    private async Task<SitePage> Load(string kind, bool simulated, string districts)
    {
        List<Site> sites;
        await using (var read = await database.Read(CancellationToken.None))
        {
            sites = await SiteRows.List(read, visibility, kind, simulated);
        }

        Interlocked.Increment(ref loads);
        for (var i = 0; i < sites.Count; i++)
        {
            sites[i] = sites[i] with { District = (await places.FindDistrict(sites[i].Longitude, sites[i].Latitude, CancellationToken.None))?.Place.Code };
        }

        return new SitePage(sites, districts);
    }

    /// <summary>Done by nobody, so that what is read is what everybody may read, and the answer is the same for all.</summary>
    private static Task<SitePage> AsEverybody(Func<Task<SitePage>> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }
}
