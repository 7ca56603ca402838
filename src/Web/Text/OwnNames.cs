using Madang.Operations;
using Madang.Sensing;

namespace Madang.Web.Text;

/// <summary>The names that Things bear in the reader's language, as far as they say one.</summary>
internal static class OwnNames
{
    /// <summary>A Thing's name.</summary>
    public static string Of(Language language, ThingAbout thing) => Choose(language, thing.Name, thing.FindText("nameEn"));

    /// <summary>A sensor's name.</summary>
    public static string Of(Language language, SensorNow sensor) => Choose(language, sensor.Name, sensor.NameEn);

    /// <summary>A station's name.</summary>
    public static string Of(Language language, StationReading station) => Choose(language, station.Name, station.NameEn);

    /// <summary>The name of a figure's part.</summary>
    public static string Of(Language language, FigurePart part) => Choose(language, part.Thing, part.NameEn);

    /// <summary>One of two names: the English one where it is there and wanted.</summary>
    public static string Choose(Language language, string name, string? english) => language.IsKorean || string.IsNullOrWhiteSpace(english) ? name : english;
}
