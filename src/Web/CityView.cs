using Madang.Operations;
using Madang.Places;

namespace Madang.Web;

/// <summary>All that a page about the city is drawn from.</summary>
/// <param name="Language">The reader's language.</param>
/// <param name="Now">What is so.</param>
/// <param name="Places">The districts with their shapes.</param>
/// <param name="DrawnAt">The moment of the request, by this server's clock.</param>
/// <param name="Zone">The city's time zone.</param>
public sealed record CityView(Language Language, CitySnapshot Now, IReadOnlyList<Place> Places, DateTimeOffset DrawnAt, TimeZoneInfo Zone)
{
    /// <summary>The query that keeps the reader in the world that is shown.</summary>
    public string World => Now.Data == CityData.Simulated ? "simulated" : "real";

    /// <summary>The address of the page that tells where a figure comes from.</summary>
    public string FigureAddress(string place, string measure) => $"{Language.Root}/figures/{place}/{measure}?data={World}";
}

/// <summary>A page about one figure.</summary>
/// <param name="Language">The reader's language.</param>
/// <param name="Origin">The figure and its parts.</param>
/// <param name="Place">The district; null for the whole city.</param>
/// <param name="Measure">The measure's code.</param>
/// <param name="Zone">The city's time zone.</param>
public sealed record FigureView(Language Language, FigureOrigin Origin, Place? Place, string Measure, TimeZoneInfo Zone);
