using Madang.Operations;
using Madang.Places;

namespace Madang.Web;

/// <summary>All that a page about the city is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Now">What is so.</param>
/// <param name="Places">The districts with their shapes.</param>
public sealed record CityView(Visit Visit, CitySnapshot Now, IReadOnlyList<Place> Places)
{
    /// <summary>The reader's language.</summary>
    public Language Language => Visit.Language;

    /// <summary>The city's time zone.</summary>
    public TimeZoneInfo Zone => Visit.Zone;

    /// <summary>The word that keeps the reader in the world that is shown.</summary>
    public string World => Now.Data.ToWord();

    /// <summary>The address of the page that tells where a figure comes from.</summary>
    public string FigureAddress(string place, string measure) => Visit.To($"/figures/{place}/{Uri.EscapeDataString(measure)}?data={World}");

    /// <summary>The address of a district's page.</summary>
    public string DistrictAddress(string code) => Visit.To($"/districts/{code}?data={World}");
}

/// <summary>A page about one figure.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Origin">The figure and its parts.</param>
/// <param name="Place">The district; null for the whole city.</param>
/// <param name="Measure">The measure's code.</param>
public sealed record FigureView(Visit Visit, FigureOrigin Origin, Place? Place, string Measure);
