using Madang.Operations;
using Madang.Sensing;
using Madang.Web.Draw;
using Madang.Web.Text;

namespace Madang.Web.Pages.Sensors;

/// <summary>What a sensor says, first of all.</summary>
internal static class SensorSentence
{
    public static string Of(SensorView view)
    {
        var language = view.Language;
        var name = Bound.Name(OwnNames.Of(language, view.Thing));
        if (view.Stream is not { About: var about })
        {
            return language.Say("sensor.says.no-streams", name);
        }

        var measure = SensorText.Measure(language, about);
        if (about.Last is not { } at || (about.LastNumber is null && about.LastText is null))
        {
            return language.Say("sensor.says.nothing", name, measure);
        }

        var value = Value(language, about)!;
        var ago = SensorText.Ago(language, view.Visit.Zone, at, view.Clock ?? view.Visit.At, about.Cadence);
        var beat = about.Cadence * 1.25 is { } slow && slow > CityNow.Window ? slow : CityNow.Window;
        var current = !view.IsArchive && view.Clock - at <= beat;
        var grade = about.LastNumber is { } graded && Plausible.Is(about.Measure, graded) ? AirGrades.Of(about.Measure, Measures.Published(about.Measure, graded)) : null;
        return !current ? language.Say("sensor.says.last", name, measure, value, ago)
            : grade is null ? language.Say("sensor.says.value", name, measure, value, ago)
            : language.Say("sensor.says.grade", name, measure, value, Reading.Grade(language, grade), ago);
    }

    /// <summary>The last value of a Datastream with its unit, or its words; null when there is none.</summary>
    public static string? Value(Language language, DatastreamAbout about) => about.LastNumber is { } number
        ? $"{ChartPlan.Number(number, SensorText.Decimals(about.Measure, [new ChartPoint(default, number)]) ?? Measures.Decimals(about.Measure))} {about.Unit}".Trim()
        : SensorText.Words(language, about);
}
