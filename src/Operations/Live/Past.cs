using Madang.Sensing;

namespace Madang.Operations.Live;

/// <summary>Draws the curves of the last day from the store, as they would have been drawn live: at the start, and when readings of the past come in.</summary>
internal sealed class Past(SensingQueries sensing)
{
    /// <summary>The past of a city with more datastreams of these measures is not read; its curves begin with the server.</summary>
    private const int MostDatastreams = 5_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public async Task<History> Read(CityData data, IReadOnlyList<Reading> world, DateTimeOffset? clock, CancellationToken cancel)
    {
        var history = new History();
        var newest = world.Where(reading => History.Keeps(reading.Stream.Measure)).ToDictionary(reading => reading.Stream.Datastream, reading => reading with { At = null, Number = null });
        if (clock is not { } now || newest.Count is 0 or > MostDatastreams)
        {
            return history;
        }

        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % History.Step.Ticks), TimeSpan.Zero);
        for (var hour = end - (History.Step * History.Most) - Hour; hour < end; hour += Hour)
        {
            var until = hour + Hour < end ? hour + Hour : end;
            var readings = new Queue<PastReading>(await sensing.ListPast([.. newest.Keys], hour, until, cancel));
            for (var step = hour; step < until; step += History.Step)
            {
                while (readings.TryPeek(out var next) && next.At < step + History.Step)
                {
                    newest[next.Datastream] = newest[next.Datastream] with { At = next.At, Number = next.Number };
                    readings.Dequeue();
                }

                var moment = step + History.Step - TimeSpan.FromTicks(1);
                history.Add(moment, Composer.Figures("city", data, newest.Values.Where(reading => Composer.IsCurrent(reading, moment))));
            }
        }

        return history;
    }
}
