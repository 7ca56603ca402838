using Madang.Operations.Rules;
using Madang.Sensing;

namespace Madang.Operations.Air;

/// <summary>Reads hourly means of stations, districts and the city. The steps are made by the code that judges the advisories, so that both speak of the same numbers.</summary>
internal sealed class AirReader(SensingHistory history, TimeZoneInfo zone)
{
    public const string City = "city";

    private static readonly MeanSignal Hourly = new();

    private static readonly TimeSpan WholeDay = TimeSpan.FromDays(1);

    public static string CodeOf(AirStation station) => FormattableString.Invariant($"station-{station.Thing}");

    /// <summary>An empty reading, for the city's calendar.</summary>
    public AirHours Nothing => new(zone);

    /// <summary>The hours that lie in <c>[from, to]</c>.</summary>
    /// <param name="network">The stations.</param>
    /// <param name="measures">The pollutants.</param>
    /// <param name="from">Where the first begins.</param>
    /// <param name="to">Where the last ends.</param>
    /// <param name="each">True to know each station's too.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<AirHours> Read(AirNetwork network, IReadOnlyCollection<string> measures, DateTimeOffset from, DateTimeOffset to, bool each, CancellationToken cancel)
    {
        var hours = new AirHours(zone);
        var streams = network.All.SelectMany(station => station.Streams, (station, stream) => (Station: station, Stream: stream)).Where(one => measures.Contains(one.Stream.Measure)).ToDictionary(one => one.Stream.Datastream);
        var (areas, wholeDays) = (new Dictionary<(string, string), AreaSteps>(), new Dictionary<(string Place, string Measure, DateOnly Day), (int Count, double Sum)>());
        await foreach (var (datastream, points) in history.ReadSeries(streams.Keys, SeriesStep.Hour, from, to + TimeSpan.FromHours(1), cancel))
        {
            var (station, stream) = streams[datastream];
            string[] areasOf = station.District is { } district ? [City, district] : [City];
            List<Step> steps = [.. StepSignals.Station(Hourly, stream.Measure, points, stream).Where(step => step.From >= from && step.To <= to)];
            if (stream.Cadence >= WholeDay || (stream.Cadence is null && SpeaksOfDays(steps, hours)))
            {
                foreach (var (step, place) in steps.SelectMany(_ => areasOf, (step, place) => (step, place)).Where(one => one.step.Value is not null))
                {
                    var key = (place, stream.Measure, hours.DayOf(step.From));
                    var (count, sum) = wholeDays.GetValueOrDefault(key);
                    wholeDays[key] = (count + 1, sum + step.Value!.Value);
                }

                continue;
            }

            foreach (var place in areasOf)
            {
                if (!areas.TryGetValue((place, stream.Measure), out var area))
                {
                    areas.Add((place, stream.Measure), area = new AreaSteps(RuleSum.Mean, stream.Measure));
                }

                area.Add(steps);
            }

            foreach (var step in each ? steps : [])
            {
                Put(hours, CodeOf(station), stream.Measure, step);
            }
        }

        foreach (var ((place, measure), area) in areas)
        {
            foreach (var step in area.Steps())
            {
                Put(hours, place, measure, step);
            }
        }

        foreach (var ((place, measure, day), (count, sum)) in wholeDays)
        {
            hours.AddDay(place, measure, day, sum / count);
        }

        return hours;
    }

    /// <summary>An archive of days has values at midnight alone: spans begin there, and single readings stand there. What says how often it speaks is believed.</summary>
    private static bool SpeaksOfDays(List<Step> steps, AirHours hours) => steps.TrueForAll(step => step.From == hours.Start(hours.DayOf(step.From)));

    private static void Put(AirHours hours, string place, string measure, Step step)
    {
        if (step.Value is { } value)
        {
            hours.AddHour(place, measure, step.To, value);
        }
    }
}
