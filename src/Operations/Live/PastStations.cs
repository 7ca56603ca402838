using System.Globalization;
using Madang.Kernel;
using Madang.Sensing;

namespace Madang.Operations.Live;

/// <summary>Reads from the store what each sensor said of one measure at a moment of the last day.</summary>
internal sealed class PastStations(SensingQueries sensing)
{
    /// <summary>Of more datastreams the past is not read: each costs a look into the store.</summary>
    public const int MostDatastreams = 5_000;

    /// <summary>Only the stations that measure it; whether one was heard then is told by its datastreams of this measure.</summary>
    public async Task<List<StationReading>> Read(Edition now, string measure, DateTimeOffset moment, CancellationToken cancel)
    {
        var streams = now.Readings!.Where(reading => reading.Stream.Measure == measure).ToList();
        if (streams.Count > MostDatastreams)
        {
            throw new CityRuleException("too-many-datastreams", string.Create(CultureInfo.InvariantCulture, $"{measure} has {streams.Count:N0} datastreams; the past of all sensors at once is told for at most {MostDatastreams:N0}. Ask for single ones at /api/series."), 422);
        }

        var then = (await sensing.ListLastBefore([.. streams.Select(reading => reading.Stream.Datastream)], moment, cancel)).ToDictionary(reading => reading.Datastream);
        var world = streams.Select(reading => reading with { At = then.GetValueOrDefault(reading.Stream.Datastream)?.At, Number = then.GetValueOrDefault(reading.Stream.Datastream)?.Number })
            .GroupBy(reading => reading.Stream.Thing).ToDictionary(thing => thing.Key, thing => new ThingReadings([.. thing]));
        var stations = now.Snapshot.Stations.Where(station => world.ContainsKey(station.Thing)).Select(station => station with { State = Composer.StateOf(world[station.Thing].Readings, moment) });
        return MeasuredStations.Of(stations, [.. world.Values], measure, moment);
    }
}
