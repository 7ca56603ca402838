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
    private readonly Dictionary<(string Kind, bool Simulated), SitePage> pages = [];
    private long edition;

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

    /// <summary>Drops what is remembered of a kind; a load that began before this call is not remembered either.</summary>
    internal void Forget(string kind, bool simulated)
    {
        lock (gate)
        {
            edition++;
            pages.Remove((kind, simulated));
        }
    }

    private async ValueTask<SitePage> Open(string kind, bool simulated, CancellationToken cancel)
    {
        if (SiteKind.Find(kind) is null)
        {
            throw new ArgumentException($"'{kind}' is no kind of site.", nameof(kind));
        }

        var districts = await places.Version(PlaceBook.District, cancel);
        long before;
        lock (gate)
        {
            if (pages.TryGetValue((kind, simulated), out var known) && known.Districts == districts)
            {
                return known;
            }

            before = edition;
        }

        List<Site> sites;
        await using (var read = await database.Read(cancel))
        {
            sites = await SiteRows.List(read, visibility, kind, simulated);
        }

        for (var i = 0; i < sites.Count; i++)
        {
            sites[i] = sites[i] with { District = (await places.FindDistrict(sites[i].Longitude, sites[i].Latitude, cancel))?.Place.Code };
        }

        var page = new SitePage(sites, districts);
        lock (gate)
        {
            if (edition == before)
            {
                pages[(kind, simulated)] = page;
            }
        }

        return page;
    }
}
