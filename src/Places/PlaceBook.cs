using System.Security.Cryptography;
using System.Text;
using Madang.Places.Book;
using Madang.Storage;
using Madang.Trust;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace Madang.Places;

/// <summary>
/// Reads the city's places: a handful of shapes, kept in memory per kind and thrown away when they change, on whichever
/// node the change was made.
/// </summary>
public sealed class PlaceBook(IDatabase database, Visibility visibility) : IReaction<PlacesChanged>
{
    /// <summary>The kind of Seoul's 25 autonomous districts.</summary>
    public const string District = "district";

    /// <summary>How far outside a schematic shape a point may lie and still be given to the nearest one, in degrees (about 3 km).</summary>
    private const double Reach = 0.03;

    /// <summary>Kinds come from addresses that strangers write, so the memory of them is bounded.</summary>
    private const int MostKinds = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Page> pages = [];
    private long edition;

    /// <summary>The city's districts in the order of their codes.</summary>
    public ValueTask<IReadOnlyList<Place>> ListDistricts(CancellationToken cancel) => List(District, cancel);

    /// <summary>All places of one kind in the order of their codes; empty for an unknown kind.</summary>
    public async ValueTask<IReadOnlyList<Place>> List(string kind, CancellationToken cancel) => (await Open(kind, cancel)).Places;

    /// <summary>A value that changes whenever any place of this kind does; the same on every node.</summary>
    public async ValueTask<string> Version(string kind, CancellationToken cancel) => (await Open(kind, cancel)).Version;

    /// <summary>One place by its administrative standard code.</summary>
    public async ValueTask<Place?> Find(string kind, string code, CancellationToken cancel) =>
        (await Open(kind, cancel)).Places.FirstOrDefault(place => place.Code == code);

    /// <summary>
    /// The district a point lies in, by exact point in polygon (a border belongs to the district with the lower code).
    /// While shapes are schematic, a point up to 3 km outside is given to the nearest one and marked approximate.
    /// </summary>
    public async ValueTask<PlaceAt?> FindDistrict(double longitude, double latitude, CancellationToken cancel)
    {
        var page = await Open(District, cancel);
        var point = new Point(longitude, latitude);
        for (var i = 0; i < page.Places.Count; i++)
        {
            if (page.Shapes[i].Covers(point))
            {
                return new PlaceAt(page.Places[i], page.Places[i].Schematic);
            }
        }

        var nearest = page.Places.Where(place => place.Schematic)
            .Select(place => (Place: place, Distance: place.Shape.Distance(point)))
            .Where(found => found.Distance <= Reach)
            .OrderBy(found => found.Distance)
            .FirstOrDefault();
        return nearest.Place is null ? null : new PlaceAt(nearest.Place, Approximate: true);
    }

    /// <inheritdoc/>
    Task IReaction<PlacesChanged>.React(PlacesChanged fact, CancellationToken cancel)
    {
        Forget(fact.Kind);
        return Task.CompletedTask;
    }

    /// <summary>Drops what is remembered of a kind; a load that began before this call is not remembered either.</summary>
    internal void Forget(string kind)
    {
        lock (gate)
        {
            edition++;
            pages.Remove(kind);
        }
    }

    private async ValueTask<Page> Open(string kind, CancellationToken cancel)
    {
        long before;
        lock (gate)
        {
            if (pages.TryGetValue(kind, out var known))
            {
                return known;
            }

            before = edition;
        }

        List<Place> places;
        await using (var read = await database.Read(cancel))
        {
            places = await PlaceRows.List(read, visibility, kind);
        }

        var page = new Page(places, [.. places.Select(place => PreparedGeometryFactory.Prepare(place.Shape))], Fingerprint(places));
        lock (gate)
        {
            if (edition == before && places.Count > 0 && pages.Count < MostKinds)
            {
                pages[kind] = page;
            }
        }

        return page;
    }

    private static string Fingerprint(List<Place> places)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var place in places)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(PlaceRows.Describe(place)));
            hash.AppendData(place.Shape.AsBinary());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));
    }

    private sealed record Page(IReadOnlyList<Place> Places, IReadOnlyList<IPreparedGeometry> Shapes, string Version);
}
