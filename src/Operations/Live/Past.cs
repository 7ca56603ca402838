using Madang.Sensing;

namespace Madang.Operations.Live;

/// <summary>Draws the curves of the last day from the store, as they would have been drawn live: at the start, and when readings of the past come in.</summary>
internal sealed class Past(SensingQueries sensing)
{
    /// <summary>The past of a city with more datastreams of these measures is not read; its curves begin with the server.</summary>
    public const int MostDatastreams = 5_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The curves up to the step before the clock's; null when there is too much to read, so that what is known stays.</summary>
    public async Task<DayCurves?> Read(CityData data, IEnumerable<Reading> world, IReadOnlyList<string> districts, DateTimeOffset? clock, long generation, CancellationToken cancel)
    {
        var newest = world.Where(reading => Measures.Main.Contains(reading.Stream.Measure)).ToDictionary(reading => reading.Stream.Datastream, reading => reading with { At = null, Number = null });
        if (newest.Count > MostDatastreams)
        {
            return null;
        }

        var curves = new DayCurves(generation);
        if (clock is not { } now || newest.Count == 0)
        {
            return curves;
        }

        var end = DayCurves.StartOf(DayCurves.StepOf(now));
        var first = end - (DayCurves.Step * DayCurves.Most);
        // A reading from before the first step may still count in it: how long depends on how often its datastream speaks.
        var lead = TimeSpan.FromHours(Math.Ceiling(newest.Values.Max(reading => reading.Window) / Hour));
        for (var hour = first - lead; hour < end; hour += Hour)
        {
            var until = hour + Hour < end ? hour + Hour : end;
            var wanted = newest.Values.Where(reading => until + reading.Window > first).Select(reading => reading.Stream.Datastream).ToList();
            var readings = new Queue<PastReading>(await sensing.ListPast(wanted, hour, until, cancel));
            for (var step = hour; step < until; step += DayCurves.Step)
            {
                while (readings.TryPeek(out var next) && next.At < step + DayCurves.Step)
                {
                    newest[next.Datastream] = newest[next.Datastream] with { At = next.At, Number = next.Number };
                    readings.Dequeue();
                }

                if (step >= first)
                {
                    Add(curves, data, newest.Values, districts, step + DayCurves.Step - TimeSpan.FromTicks(1));
                }
            }
        }

        return curves;
    }

    private static void Add(DayCurves curves, CityData data, IEnumerable<Reading> world, IReadOnlyList<string> districts, DateTimeOffset moment)
    {
        var current = world.Where(reading => Composer.IsCurrent(reading, moment)).ToList();
        var byDistrict = current.ToLookup(reading => reading.District?.Code);
        var figures = districts.ToDictionary(code => code, code => (IReadOnlyList<Figure>)Tally.Of(byDistrict[code]).ToFigures(code, data));
        figures[DayCurves.City] = Tally.Of(current).ToFigures(DayCurves.City, data);
        curves.Add(moment, figures);
    }
}
