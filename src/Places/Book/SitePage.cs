using Madang.Kernel;

namespace Madang.Places.Book;

/// <summary>The sites of one kind and world at one moment, on a grid; never changed.</summary>
internal sealed class SitePage
{
    /// <summary>The side of a cell in degrees: about 550 m from south to north.</summary>
    private const double Cell = 0.005;

    private const double MetresPerDegree = 111_195;

    private readonly Dictionary<(int East, int North), List<Site>> grid;

    public SitePage(IEnumerable<Site> all, string districts)
    {
        List<Site> sites = [.. all.OrderBy(site => site.Code, StringComparer.Ordinal)];
        (Sites, Districts) = (sites, districts);
        grid = sites.GroupBy(site => (At(site.Longitude), At(site.Latitude))).ToDictionary(cell => cell.Key, cell => cell.ToList());
        ByDistrict = sites.Where(site => site.District is not null).GroupBy(site => site.District!).ToDictionary(district => district.Key, district => district.ToList());
        Counts = ByDistrict.ToDictionary(district => district.Key, district => district.Value.Count);
    }

    /// <summary>In the order of their codes, which is the same on both engines.</summary>
    public IReadOnlyList<Site> Sites { get; }

    /// <summary>The version of the districts by which the sites were placed.</summary>
    public string Districts { get; }

    public IReadOnlyDictionary<string, List<Site>> ByDistrict { get; }

    public IReadOnlyDictionary<string, int> Counts { get; }

    public IEnumerable<SiteNear> Near(double longitude, double latitude, double metres)
    {
        var north = metres / MetresPerDegree * 1.01;
        var east = north / Math.Max(0.02, Math.Cos((Math.Abs(latitude) + north) * Math.PI / 180));
        for (var x = At(longitude - east); x <= At(longitude + east); x++)
        {
            for (var y = At(latitude - north); y <= At(latitude + north); y++)
            {
                foreach (var site in grid.GetValueOrDefault((x, y), []))
                {
                    if (Globe.Metres(longitude, latitude, site.Longitude, site.Latitude) is var distance && distance <= metres)
                    {
                        yield return new SiteNear(site, distance);
                    }
                }
            }
        }
    }

    private static int At(double degrees) => (int)Math.Floor(degrees / Cell);
}
