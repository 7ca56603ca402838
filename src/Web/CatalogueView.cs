using Madang.Operations;
using Madang.Places;
using Madang.Web.Text;
using Microsoft.AspNetCore.Http;

namespace Madang.Web;

/// <summary>The page of all sensors: what was asked for, and what was found.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Catalogue">Every sensor of the world that is shown.</param>
/// <param name="Hits">What was found.</param>
/// <param name="Page">The page of the list, from 1.</param>
/// <param name="Places">The districts with their shapes.</param>
/// <param name="OtherSensors">How many sensors the other world has.</param>
public sealed record CatalogueView(Visit Visit, SensorCatalogue Catalogue, SensorHits Hits, int Page, IReadOnlyList<Place> Places, int OtherSensors)
{
    /// <summary>Sensors of one page of the list.</summary>
    public const int PageSize = 50;

    /// <summary>The most dots of the map that is drawn without JavaScript; more would make the page slow and the map black.</summary>
    public const int MostDots = 1_000;

    /// <summary>How many sensors of the other world fit, when none of this one does.</summary>
    public int OtherHits { get; init; }

    /// <summary>The reader's language.</summary>
    public Language Language => Visit.Language;

    /// <summary>What was asked.</summary>
    public SensorQuery Query => Hits.Query;

    /// <summary>The city at the moment of the page.</summary>
    public CitySnapshot Now => Catalogue.Now;

    /// <summary>The word of the world that is shown.</summary>
    public string World => Now.Data.ToWord();

    /// <summary>The measure that was asked for, when no sensor of this world measures it.</summary>
    public string? UnknownMeasure => Query.Measure is { } asked && !Catalogue.MeasuresFound.Contains(asked) ? asked : null;

    /// <summary>How many pages the list has; at least one.</summary>
    public int Pages => Math.Max(1, (Hits.Sensors.Count + PageSize - 1) / PageSize);

    /// <summary>The sensors of this page of the list.</summary>
    public IEnumerable<SensorNow> Shown => Hits.Sensors.Skip((Page - 1) * PageSize).Take(PageSize);

    /// <summary>The moment from which "how long ago" is counted: a simulation has a clock of its own.</summary>
    public DateTimeOffset Clock => Now.Data == CityData.Simulated && Now.AsOf is { } at ? at : Visit.At;

    /// <summary>A sensor's own page.</summary>
    public string SensorAddress(SensorNow sensor) => Visit.To($"/sensors/{sensor.Thing}");

    /// <summary>A place of the interface that answers what this page shows.</summary>
    public string Api(string path)
    {
        var query = new List<KeyValuePair<string, string?>> { new("data", World), new("q", Query.Text), new("measure", Query.Measure), new("district", Query.District), new("state", HealthWord(Query.Health)), new("finding", Finding) };
        if (Sort is { } sort)
        {
            query.Add(new("sort", sort));
        }

        return path + QueryString.Create(query.Where(part => part.Value is not null));
    }

    /// <summary>The word of an address for the findings that were asked for; null for none.</summary>
    public string? Finding => Query.Findings switch { null => null, [var only] => FindingText.Word(only), _ => "any" };

    /// <summary>The word of an address for the order; null for the usual one, by name.</summary>
    public string? Sort => (Query.Order, Query.Descending) switch
    {
        (SensorOrder.Name, false) => null,
        (SensorOrder.Name, true) => "-name",
        (SensorOrder.Heard, false) => "heard",
        (SensorOrder.Heard, true) => "-heard",
        (SensorOrder.Value, false) => "value",
        _ => "-value",
    };

    /// <summary>The word of addresses and styles for a health.</summary>
    public static string? HealthWord(SensorHealth? health) => health switch
    {
        SensorHealth.Reporting => "reporting",
        SensorHealth.Late => "late",
        SensorHealth.Silent => "silent",
        SensorHealth.Dormant => "dormant",
        _ => null,
    };
}
