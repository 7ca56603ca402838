using System.Text.Json;
using Madang.DemoCity.City;
using Madang.DemoCity.World;
using Madang.Kernel;

namespace Madang.DemoCity.Run;

/// <summary>Sets up the sensors in a city and sends their readings. Who calls it decides when; it knows what was sent.</summary>
internal sealed class Simulation(CityDoor door, DemoOptions options, TimeProvider clock)
{
    /// <summary>As many Observations as go in one request: large enough to be cheap, small enough to be answered at once.</summary>
    private const int MostInRequest = 20_000;

    private const int BackfillCadence = 600;

    private static readonly TimeSpan LastHour = TimeSpan.FromHours(1), Backfilled = TimeSpan.FromHours(24);

    private readonly List<Standing> standing = [];

    /// <summary>The moment from which on readings are live; what lies before it is filled in behind.</summary>
    public DateTimeOffset Begin { get; private set; }

    public Town Town { get; private set; } = null!;

    public int Sensors => standing.Count;

    /// <summary>The seconds between two readings of an S-DoT sensor: when time runs very fast, every fifth is enough.</summary>
    public int Cadence => options.Speed > 60 ? BackfillCadence : SensorKind.Sdot.Cadence;

    /// <summary>Finds or makes the sensors; a new one sends its first reading at once, so that the map is never empty.</summary>
    public async Task SetUp(CancellationToken cancel)
    {
        Town = new Town(options.Seed, await Stations.Districts(door, cancel), options.SensorsPerDistrict);
        var stations = new Stations(door, options.Seed);
        var found = await stations.Find(Town, cancel);
        var last = found.Values.Max(one => one.Last);
        Begin = last > clock.GetUtcNow() ? last.Value : clock.GetUtcNow();
        standing.AddRange(found.Values);
        var fresh = new List<Standing>();
        foreach (var sensor in Town.Sensors.Concat(Town.Stations).Where(sensor => !found.ContainsKey(sensor.DemoId)))
        {
            fresh.Add(await stations.Make(sensor, cancel));
            if (fresh.Count == Town.Districts.Count)
            {
                await SendFirst(fresh, cancel);
            }
        }

        await SendFirst(fresh, cancel);
    }

    /// <summary>Sends every reading after <paramref name="after"/> and not after <paramref name="until"/>; answers how far it came, which is less than asked when there is much.</summary>
    public async Task<DateTimeOffset> Send(DateTimeOffset after, DateTimeOffset until, CancellationToken cancel)
    {
        var most = TimeSpan.FromSeconds(Math.Max(1, MostInRequest / Math.Max(1.0, standing.Sum(one => one.Streams.Length)) * Cadence));
        until = until - after > most ? after + most : until;
        await Post(standing.Select(one => (one, one.Sensor.Times(after, until, Cadence).ToList())), cancel);
        return until;
    }

    /// <summary>Fills in what is missing before <see cref="Begin"/>, newest first: an hour as it is, a day every ten minutes; with a pause between requests.</summary>
    public async Task FillIn(TimeSpan pause, CancellationToken cancel)
    {
        var stations = new Stations(door, options.Seed);
        var known = new List<(Standing One, HashSet<long> Stored)>();
        foreach (var one in standing.ToList())
        {
            known.Add((one, await stations.Stored(one, Begin - Backfilled, cancel)));
        }

        var fresh = standing.TrueForAll(one => one.Last is null);
        if (fresh)
        {
            await FillIn(known, Begin - LastHour, Begin, SensorKind.Sdot.Cadence, TimeSpan.Zero, cancel);
        }

        await FillIn(known, Begin - Backfilled, fresh ? Begin - LastHour : Begin, BackfillCadence, pause, cancel);
    }

    private async Task FillIn(List<(Standing One, HashSet<long> Stored)> known, DateTimeOffset from, DateTimeOffset to, int cadence, TimeSpan pause, CancellationToken cancel)
    {
        var step = TimeSpan.FromSeconds(cadence);
        for (var until = to; until > from; until -= step)
        {
            var after = until - step > from ? until - step : from;
            var sent = await Post(known.Select(each => (each.One, each.One.Sensor.Times(after, until, cadence).Where(time => !each.Stored.Contains(time.ToUnixTimeSeconds())).ToList())), cancel);
            if (sent && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, cancel);
            }
        }
    }

    private async Task SendFirst(List<Standing> fresh, CancellationToken cancel)
    {
        await Post(fresh.Select(one => (one, one.Sensor.Times(Begin.AddSeconds(-one.Sensor.Kind.Cadence), Begin, one.Sensor.Kind.Cadence).ToList())), cancel);
        standing.AddRange(fresh);
        fresh.Clear();
    }

    private async Task<bool> Post(IEnumerable<(Standing One, List<DateTimeOffset> Times)> due, CancellationToken cancel)
    {
        var readings = due.Select(each => (each.One, Readings: Readings(each.One.Sensor, each.Times))).Where(each => each.Readings.Count > 0).ToList();
        if (readings.Count == 0)
        {
            return false;
        }

        await door.Post("CreateObservations", json => Write(json, readings), cancel);
        return true;
    }

    private List<(string At, double[] Values)> Readings(DemoSensor sensor, List<DateTimeOffset> times)
    {
        var readings = new List<(string, double[])>();
        foreach (var time in times)
        {
            if (Town.Read(sensor, time) is { } values)
            {
                readings.Add((IsoTime.Write(time), values));
            }
        }

        return readings;
    }

    private static void Write(Utf8JsonWriter json, List<(Standing One, List<(string At, double[] Values)> Readings)> all)
    {
        json.WriteStartArray();
        foreach (var (one, readings) in all)
        {
            for (var measure = 0; measure < one.Streams.Length; measure++)
            {
                json.WriteStartObject();
                json.WriteStartObject("Datastream");
                json.WriteNumber("@iot.id", one.Streams[measure]);
                json.WriteEndObject();
                json.WriteStartArray("components");
                json.WriteStringValue("phenomenonTime");
                json.WriteStringValue("result");
                json.WriteEndArray();
                json.WriteStartArray("dataArray");
                foreach (var (at, values) in readings)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(at);
                    json.WriteNumberValue(values[measure]);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }
}
