using Madang.Kernel;
using Madang.Operations;
using Madang.Sensing;
using Madang.Web.Draw;
using Madang.Web.Text;

namespace Madang.Web.Pages.Sensors;

/// <summary>Reads what a Datastream told in a window, and what the sensors nearby told.</summary>
internal sealed class StreamReader(SensingQueries sensing, CityNow city)
{
    /// <summary>More readings than these in a short window are shown by ten minutes.</summary>
    private const int MostReadings = 2000;

    /// <summary>From so many points on, what lies between most of them is how often a sensor speaks that does not say so.</summary>
    private const int EnoughToTell = 8;

    /// <summary>Fewer points than these do not make the first picture of a sensor; a wider span does.</summary>
    private const int EnoughToShow = 6;

    private const int MostNeighbours = 5;

    /// <summary>Degrees around a sensor in which its neighbours are looked for, one after the other; the last is everywhere.</summary>
    private static readonly double[] Reaches = [0.01, 0.1, 359];

    /// <summary>What the address asks for; when it asks for nothing, the shortest span from a day up that has something to show.</summary>
    public async Task<SensorStream> Read(SensorNow? now, DatastreamAbout about, DateTimeOffset? clock, Visit visit, string? span, string? from, string? to, CancellationToken cancel)
    {
        var daily = SensorText.IsDaily(about.Cadence);
        IReadOnlyList<string?> spans = SensorWindow.SpansOf(daily).Contains(span ?? "") || from is not null ? [span] : [.. SensorWindow.SpansOf(daily).Skip(1)];
        SensorStream? read = null;
        foreach (var each in spans)
        {
            read = await Read(about, Windows.Choose(each, from, to, EndOf(about, clock, visit, each), visit.Zone, daily, LatestOf(about, clock ?? visit.At)), cancel);
            if (read.Points.Count >= EnoughToShow)
            {
                break;
            }
        }

        var (neighbours, own) = await ListNeighbours(now, about, read!, cancel);
        return read! with { Neighbours = neighbours, Own = own };
    }

    /// <summary>Now, or a reading beyond it, in whole seconds as addresses have them.</summary>
    private static DateTimeOffset LatestOf(DatastreamAbout about, DateTimeOffset now)
    {
        var latest = about.Last is { } last && last > now ? last : now;
        return new DateTimeOffset(latest.UtcTicks - (latest.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
    }

    /// <summary>Where the newest window ends: now, unless the last reading lies so far back that nothing of it would be seen.</summary>
    private static DateTimeOffset EndOf(DatastreamAbout about, DateTimeOffset? clock, Visit visit, string? span)
    {
        if (about.Last is not { } last)
        {
            return clock ?? visit.At;
        }

        return clock is { } now && now - last < Windows.Length(span ?? "day") ? now : last;
    }

    private async Task<SensorStream> Read(DatastreamAbout about, SensorWindow window, CancellationToken cancel)
    {
        if (window.Step == "raw")
        {
            if (await sensing.ListReadings(about.Id, window.From, window.To, MostReadings, cancel) is { IsComplete: true } readings)
            {
                var kept = readings.Points.Where(point => Plausible.Is(about.Measure, point.Value)).ToList();
                return Make(about, window, TimeSpan.Zero, [.. readings.Points.Select(point => new ChartPoint(point.From, point.Value, point.To))], readings.Points.Count, kept.Count == 0 ? null : kept.Average(point => point.Value));
            }

            window = window with { Step = "10m" };
        }

        var step = window.Step switch { "10m" => SeriesStep.TenMinutes, "1h" => SeriesStep.Hour, _ => SeriesStep.Day };
        var points = (await sensing.FindSeries(about.Id, window.From, window.To, step, cancel))?.Points ?? [];
        var sound = points.Where(point => Plausible.Is(about.Measure, point.Mean)).ToList();
        var mean = sound.Count == 0 ? (double?)null : sound.Average(point => point.Mean);
        return Make(about, window, TimeSpan.FromMinutes((int)step), [.. points.Select(point => Draw(about, point, points.Any(each => each.Count > 1)))], points.Sum(point => point.Count), mean);
    }

    /// <summary>A compass has no mean: of its bucket the last value is drawn.</summary>
    private static ChartPoint Draw(DatastreamAbout about, SeriesPoint point, bool withRange) =>
        ChartPlan.IsCompass(about.Measure) ? new ChartPoint(point.From, point.Last, point.To)
        : withRange ? new ChartPoint(point.From, point.Mean, point.To, point.Min, point.Max)
        : new ChartPoint(point.From, point.Mean, point.To);

    private static SensorStream Make(DatastreamAbout about, SensorWindow window, TimeSpan width, List<ChartPoint> points, long count, double? mean)
    {
        var apart = points.Zip(points.Skip(1), (before, after) => after.At - before.At).Order().ToList();
        var usual = apart.Count + 1 >= EnoughToTell ? apart[apart.Count / 2] : TimeSpan.Zero;
        var expected = new[] { width, about.Cadence ?? TimeSpan.Zero, usual }.Max();
        return new SensorStream(about, window, points, count, ChartPlan.IsCompass(about.Measure) ? null : mean, [], null) { Expected = about.Cadence is null && usual == TimeSpan.Zero ? TimeSpan.Zero : expected };
    }

    private async Task<(IReadOnlyList<Neighbour> Neighbours, PastReading? Own)> ListNeighbours(SensorNow? now, DatastreamAbout about, SensorStream read, CancellationToken cancel)
    {
        if (now is not { Longitude: { } longitude, Latitude: { } latitude } || read.Points.Count == 0)
        {
            return ([], null);
        }

        var near = await Nearest(now.Data, now.Thing, longitude, latitude, about, cancel);
        var last = read.Points[^1];
        var until = read.Window.To < last.To ? read.Window.To : last.To ?? last.At.AddTicks(TimeSpan.TicksPerMillisecond);

        // The hour before the last point; a point that is wider than an hour is its own time.
        var since = last.To - last.At > TimeSpan.FromHours(1) ? last.At : until.AddHours(-1);
        var streams = near.ToDictionary(found => found.Sensor.Thing, found => found.Sensor.Find(about.Measure)!.Datastream);
        var told = (await sensing.ListPast([about.Id, .. streams.Values], since, until, cancel)).GroupBy(reading => reading.Datastream).ToDictionary(readings => readings.Key, readings => readings.Last());
        return (
            [.. near.Select(found => told.GetValueOrDefault(streams[found.Sensor.Thing]) is var reading ? new Neighbour(found.Sensor, found.Metres, reading?.At, reading?.Number) : null!)],
            told.GetValueOrDefault(about.Id));
    }

    /// <summary>The nearest sensors that measure the same, looked for in a box that grows until it holds enough: of a whole city's sensors most are far away.</summary>
    private async Task<List<(SensorNow Sensor, double Metres)>> Nearest(CityData data, long self, double longitude, double latitude, DatastreamAbout about, CancellationToken cancel)
    {
        foreach (var reach in Reaches)
        {
            var near = (await city.ListNear(data, longitude, latitude, reach, cancel))
                .Where(sensor => sensor.Thing != self && Math.Abs(sensor.Latitude!.Value - latitude) <= reach && Math.Abs(sensor.Longitude!.Value - longitude) <= reach && sensor.Find(about.Measure)?.Unit == about.Unit)
                .Select(sensor => (Sensor: sensor, Metres: Globe.Metres(longitude, latitude, sensor.Longitude!.Value, sensor.Latitude!.Value)))
                .OrderBy(found => found.Metres).ThenBy(found => found.Sensor.Thing).Take(MostNeighbours).ToList();
            // A degree of longitude is the shorter one: what lies beyond the box is farther than its east side.
            if (reach == Reaches[^1] || (near.Count == MostNeighbours && near[^1].Metres <= Globe.Metres(longitude, latitude, longitude + reach, latitude)))
            {
                return near;
            }
        }

        return [];
    }
}
