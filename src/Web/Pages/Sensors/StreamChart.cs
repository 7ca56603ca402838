using System.Globalization;
using Madang.Operations;
using Madang.Web.Text;

namespace Madang.Web.Pages.Sensors;

/// <summary>The chart of a Datastream, on the page of its sensor and on its own.</summary>
internal static class StreamChart
{
    public static ChartView Make(SensorView view, SensorStream stream)
    {
        var (about, window, language) = (stream.About, stream.Window, view.Language);
        var (scale, measure) = (Scale.Of(about.Measure), SensorText.Measure(language, about));
        return new ChartView(
            view.Visit, "chart", $"{Bound.Name(OwnNames.Of(language, view.Thing))} {measure}", about.Measure, about.Unit, window.From, window.To, stream.Expected, [new ChartLine(measure, stream.Points)])
        {
            Limits = scale is null || (!scale.IsGraded && scale.Source is null) ? [] : [.. scale.Limits.Select((limit, index) => new ChartLimit(limit, Limit(language, scale, index, limit), scale.IsGraded ? scale.Classes[index] : null))],
            FromZero = scale is { IsGraded: true } || about.Measure is "no2" or "so2" or "co" or "pm25_corrected" or "pm10_corrected" or "wind_speed" or "illuminance",
            KnownFrom = about.First,
            KnownUntil = view.Clock ?? view.Visit.At,
            Latest = stream.Window.Latest,
            Decimals = SensorText.Decimals(about.Measure, stream.Points),
            ZoomAddress = view.Visit.With(("from", null), ("to", null), ("after", null), ("span", window.Span)),
            ResetAddress = window.IsZoomed ? view.Visit.With(("from", null), ("to", null), ("after", null)) : null,
        };
    }

    private static string Limit(Language language, Scale scale, int index, double limit)
    {
        var value = limit.ToString("0.###", CultureInfo.InvariantCulture);
        return scale.IsGraded ? $"{Reading.Mark((AirGrade)index)} {Reading.Grade(language, (AirGrade)index)} ≤ {value}" : language.Say("sensor.limit." + scale.Measure, value);
    }
}
