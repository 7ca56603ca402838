using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Operations;

namespace Madang.Web.Draw;

/// <summary>A small curve of the last six hours in a box of 240 by 48; `Island/spark.ts` draws the same. A gap in the data is a gap in the line.</summary>
internal static class Spark
{
    public const int Width = 240, Height = 48;

    /// <summary>Ten-minute steps in six hours.</summary>
    private const int Steps = 36;

    /// <summary>Steps that may be missing between two points of one line, less one: half an hour, because a fast simulation skips some.</summary>
    private const int Gap = 3;

    private const long StepSeconds = 600;

    public static string Path(IReadOnlyList<(long Step, double Value)> points)
    {
        if (points.Count == 0)
        {
            return "";
        }

        var last = points[^1].Step;
        var shown = points.Where(point => point.Step > last - Steps).ToList();
        var (low, high) = (shown.Min(point => point.Value), shown.Max(point => point.Value));
        var path = new StringBuilder();
        var before = long.MinValue / 2;
        foreach (var (step, value) in shown)
        {
            var x = Width - 4 - ((last - step) * (Width - 8.0) / (Steps - 1));
            var y = high - low < 1e-9 ? Height / 2.0 : Height - 4 - ((value - low) / (high - low) * (Height - 8.0));
            path.Append(step - before <= Gap ? 'L' : 'M').Append(Units(x)).Append(' ').Append(Units(y));
            before = step;
        }

        return path.ToString();
    }

    public static List<(long Step, double Value)> Points(CitySnapshot now, string measure) =>
        now.History.TryGetValue(measure, out var points) ? [.. points.Select(point => (point.At.ToUnixTimeSeconds() / StepSeconds, point.Value))] : [];

    /// <summary>The points for the island, as JSON pairs of step and value.</summary>
    public static string ToAttribute(IReadOnlyList<(long Step, double Value)> points) =>
        JsonSerializer.Serialize(points.Select(point => new[] { point.Step, point.Value }));

    private static string Units(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero).ToString("0.#", CultureInfo.InvariantCulture);
}
