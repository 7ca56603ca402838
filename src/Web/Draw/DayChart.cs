using Madang.Operations;
using Madang.Web.Text;

namespace Madang.Web.Draw;

/// <summary>The last day of a district as a chart: its own line, the city's mean, and the range of all districts behind them.</summary>
internal static class DayChart
{
    public static ChartView Of(DistrictView view)
    {
        var (language, day) = (view.Language, view.Day);
        var curves = day.Measures.GetValueOrDefault(view.Measure);
        var own = curves?.Districts.GetValueOrDefault(view.Place.Code) ?? [];
        var end = day.From + (day.Step * Steps(curves));
        return new ChartView(
            view.Visit, "day", language.Say("district.chart.caption", view.Name(view.Place), MeasureNames.Short(language, view.Measure)), view.Measure, view.Unit, day.From, end, day.Step,
            [new ChartLine(view.Name(view.Place), Points(day, own)), new ChartLine(language["district.chart.city"], Points(day, curves?.City ?? []), "other")])
        {
            Band = [.. Range(day, curves)],
            BandName = language.Say("district.chart.range", view.City.Places.Count),
            Limits = [.. Limits(language, view.Measure)],
            FromZero = view.Measure is not ("temperature" or "noise"),
            KnownUntil = view.City.Now.AsOf,
        };
    }

    /// <summary>The small curve of a tile: the district's last six hours.</summary>
    public static List<(long Step, double Value)> Recent(DistrictView view, string measure)
    {
        var first = view.Day.From.ToUnixTimeSeconds() / view.Day.StepSeconds;
        return view.Day.Measures.GetValueOrDefault(measure)?.Districts.GetValueOrDefault(view.Place.Code) is { } values
            ? [.. values.Select((value, step) => (first + step, value)).Where(point => point.value is not null).Select(point => (point.Item1, point.value!.Value))]
            : [];
    }

    private static int Steps(DayOfMeasure? curves) => curves?.City.Count ?? 144;

    /// <summary>A step shows what was so at its end.</summary>
    private static List<ChartPoint> Points(CityDay day, IReadOnlyList<double?> values) =>
        [.. values.Select((value, step) => (value, step)).Where(point => point.value is not null).Select(point => new ChartPoint(day.From + (day.Step * point.step), point.value!.Value))];

    private static IEnumerable<ChartRange> Range(CityDay day, DayOfMeasure? curves)
    {
        for (var step = 0; curves is not null && step < curves.City.Count; step++)
        {
            var values = curves.Districts.Values.Select(values => values[step]).OfType<double>().ToList();
            if (values.Count > 1)
            {
                yield return new ChartRange(day.From + (day.Step * step), values.Min(), values.Max());
            }
        }
    }

    private static IEnumerable<ChartLimit> Limits(Language language, string measure) =>
        (AirGrades.LimitsOf(measure) ?? []).Select((limit, grade) => new ChartLimit(
            limit, $"{Reading.Grade(language, (AirGrade)grade)} ≤ {limit.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)}", Reading.Word((AirGrade)grade)));
}
