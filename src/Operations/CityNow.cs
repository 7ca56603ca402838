using Madang.Operations.Live;
using Madang.Places;
using Madang.Sensing;

namespace Madang.Operations;

/// <summary>
/// What is so in the city now: loaded from the store at the start, kept by facts, computed once for all viewers and at most
/// about once a second.
/// </summary>
public sealed class CityNow : IDisposable
{
    /// <summary>How old a reading may be, by the data's own clock, to count as "now": five beats of a sensor that speaks every two minutes. One that says it speaks less often has a beat and a quarter.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>A sensor not heard for longer than <see cref="Window"/> is late until this age (or three of its own beats), and silent after it.</summary>
    public static readonly TimeSpan LateUntil = TimeSpan.FromHours(1);

    /// <summary>A sensor not heard for this long is taken out of the count of sensors.</summary>
    public static readonly TimeSpan DormantAfter = TimeSpan.FromDays(7);

    /// <summary>When the newest real reading is older than this, by the wall clock, there is no "now" but only an archive.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(3);

    /// <summary>How far ahead of this server a real sensor's clock may run.</summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    /// <summary>The curves are read anew at most this often while readings of the past come in, and for no more than a twentieth of the time.</summary>
    private static readonly TimeSpan PastPause = TimeSpan.FromSeconds(30);

    /// <summary>How many snapshots back a viewer may be and still be sent only what changed.</summary>
    private const int Remembered = 16;

    private readonly SensingQueries sensing;
    private readonly PlaceBook places;
    private readonly TimeProvider clock;
    private readonly Board board = new();
    private readonly SemaphoreSlim bell = new(1, 1);
    private readonly Dictionary<CityData, World> worlds = new() { [CityData.Real] = new(CityData.Real), [CityData.Simulated] = new(CityData.Simulated) };

    /// <summary>Makes a start of this server tell its event ids from those of another start.</summary>
    private readonly string epoch;
    private long number;
    private string placesVersion = "";
    private readonly Past past;
    private volatile bool reloadWanted = true;
    private volatile bool pastWanted = true;
    private DateTimeOffset nextPast;
    private long receivedTicks;
    private volatile TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Made once by the module.</summary>
    public CityNow(SensingQueries sensing, PlaceBook places, TimeProvider clock)
    {
        (this.sensing, this.places, this.clock, past) = (sensing, places, clock, new Past(sensing));
        epoch = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Which world a screen shows when nobody asked for one: the real one as soon as a real sensor reports.</summary>
    public CityData Preferred => worlds[CityData.Real].Latest is { Sensors.Reporting: > 0 } || worlds[CityData.Simulated].Latest is not { AsOf: not null } ? CityData.Real : CityData.Simulated;

    /// <summary>The newest snapshot of one world, or of <see cref="Preferred"/>. Waits only for the first computation after the start.</summary>
    public async ValueTask<CitySnapshot> Read(CityData? data, CancellationToken cancel)
    {
        while (true)
        {
            var changed = next.Task;
            if (worlds[data ?? Preferred].Latest is { } snapshot)
            {
                return snapshot;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>A figure with every datastream it is the mean of. <paramref name="place"/> is a district's code or <c>city</c>.</summary>
    public async ValueTask<FigureOrigin?> Explain(string place, string measure, CityData? data, CancellationToken cancel)
    {
        var (snapshot, readings) = worlds[(await Read(data, cancel)).Data].Newest!;
        var district = place == "city" ? null : snapshot.Districts.FirstOrDefault(district => district.Code == place);
        if (place != "city" && district is null)
        {
            return null;
        }

        var parts = readings
            .Where(reading => reading.Stream.Measure == measure && Composer.IsCurrent(reading, snapshot.AsOf) && (district is null || reading.District?.Code == place))
            .OrderBy(reading => reading.District?.Code, StringComparer.Ordinal).ThenBy(reading => reading.Stream.ThingName, StringComparer.Ordinal)
            .ToList();
        return new FigureOrigin(
            place, snapshot.Data, Composer.Figures(place, snapshot.Data, parts).FirstOrDefault(), Mean.Method(measure),
            [.. parts.Select(reading => new FigurePart(
                reading.Stream.Datastream, reading.Stream.ThingName, reading.District?.Code, reading.At!.Value, reading.Number!.Value, reading.Stream.Source, $"/sta/v1.1/Datastreams({reading.Stream.Datastream})"))]);
    }

    /// <summary>Every sensor of one world, dormant ones too, in order of name; made once for all callers of the same moment.</summary>
    public async ValueTask<IReadOnlyList<SensorNow>> ListSensors(CityData? data, CancellationToken cancel) => worlds[(await Read(data, cancel)).Data].Newest!.Sensors;

    /// <summary>The same, ready to be searched.</summary>
    public async ValueTask<SensorCatalogue> OpenCatalogue(CityData? data, CancellationToken cancel) => worlds[(await Read(data, cancel)).Data].Newest!.Catalogue;

    /// <summary>One sensor of either world by its Thing's id, with the clock of its world (null: nothing is "now"); null when there is none.</summary>
    public async ValueTask<(SensorNow Sensor, CitySnapshot Now)?> FindSensor(long thing, CancellationToken cancel)
    {
        foreach (var data in worlds.Keys)
        {
            await Read(data, cancel);
            var edition = worlds[data].Newest!;
            if (edition.Sensors.FirstOrDefault(sensor => sensor.Thing == thing) is { } sensor)
            {
                return (sensor, edition.Snapshot);
            }
        }

        return null;
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose() => bell.Dispose();

    /// <summary>Completes when any snapshot after this call's moment exists.</summary>
    internal Task Next() => next.Task;

    /// <summary>The snapshot with this id, when it is not too old to compare with.</summary>
    internal CitySnapshot? FindRecent(string? id) => id is null ? null : worlds.Values.Select(world => world.Find(id)).FirstOrDefault(snapshot => snapshot is not null);

    internal void Take(ObservationsStored fact)
    {
        Interlocked.Exchange(ref receivedTicks, clock.GetUtcNow().UtcTicks);
        var (allKnown, anyLate) = board.Apply(fact.Readings, clock.GetUtcNow() + ClockSlack);
        if (!allKnown)
        {
            reloadWanted = true;
        }

        if (anyLate || !allKnown)
        {
            pastWanted = true;
        }


        Ring();
    }

    internal void TakeChange()
    {
        reloadWanted = true;
        Ring();
    }

    /// <summary>Waits until something changed; at most <paramref name="atMost"/>, because time alone makes readings old.</summary>
    internal Task WaitForChange(TimeSpan atMost, CancellationToken cancel) => bell.WaitAsync(atMost, cancel);

    /// <summary>Reads what the facts could not tell, and computes both worlds anew. One caller at a time.</summary>
    internal async Task Refresh(CancellationToken cancel)
    {
        var version = await places.Version(PlaceBook.District, cancel);
        var districts = await places.ListDistricts(cancel);
        if (reloadWanted || version != placesVersion)
        {
            (reloadWanted, placesVersion) = (false, version);
            await Reload(cancel);
        }

        var readings = board.List();
        var now = clock.GetUtcNow();
        number++;
        var parts = worlds.Values.Select(world => (World: world, Readings: readings.Where(reading => IsOf(reading, world.Data)).ToList())).ToList();
        var clocks = parts.ToDictionary(part => part.World.Data, part => Composer.FindClock(part.Readings, part.World.Data, now));
        var reporting = parts.ToDictionary(part => part.World.Data, part => part.Readings.Where(reading => reading.At <= clocks[part.World.Data] && clocks[part.World.Data] - reading.At <= reading.Window).DistinctBy(reading => reading.Stream.Thing).Count());
        var received = Interlocked.Read(ref receivedTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        if (pastWanted && now >= nextPast)
        {
            await ReadPast(parts, clocks, cancel);
        }

        foreach (var (world, own) in parts)
        {
            var others = reporting.Where(count => count.Key != world.Data).Sum(count => count.Value);
            world.Publish(Composer.Compose($"{epoch}-{number}-{(world.Data == CityData.Real ? 'r' : 's')}", world.Data, own, districts, clocks[world.Data], received, others, world.History), own, Remembered);
        }

        Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private async Task ReadPast(IReadOnlyList<(World World, List<Reading> Readings)> parts, Dictionary<CityData, DateTimeOffset?> clocks, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        pastWanted = false;
        try
        {
            foreach (var (world, own) in parts)
            {
                world.History = await past.Read(world.Data, own, clocks[world.Data], cancel);
            }
        }
        catch
        {
            pastWanted = true;
            throw;
        }
        finally
        {
            var took = clock.GetElapsedTime(began) * 20;
            nextPast = clock.GetUtcNow() + (took > PastPause ? took : PastPause);
        }
    }

    private async Task Reload(CancellationToken cancel)
    {
        try
        {
            var mark = board.Mark();
            var found = new Dictionary<(double, double), (string, bool)?>();
            var slots = new List<Slot>();
            var newest = await sensing.ListLatest(cancel);
            var before = clock.GetUtcNow() + ClockSlack;
            var ahead = newest.Where(latest => !latest.Simulated && latest.At > before).Select(latest => latest.Datastream).ToList();
            var corrected = ahead.Count == 0 ? [] : (await sensing.ListLastBefore(ahead, before, cancel)).ToDictionary(reading => reading.Datastream);
            foreach (var latest in newest)
            {
                var last = corrected.GetValueOrDefault(latest.Datastream);
                slots.Add(new Slot { Stream = latest, District = await Place(latest, found, cancel), At = last?.At ?? latest.At, Number = last is null ? latest.Number : last.Number });
            }

            board.Replace(slots, mark);
        }
        catch
        {
            reloadWanted = true;
            throw;
        }
    }

    private async ValueTask<(string, bool)?> Place(LatestReading latest, Dictionary<(double, double), (string, bool)?> found, CancellationToken cancel)
    {
        if (latest is not { Longitude: { } longitude, Latitude: { } latitude })
        {
            return null;
        }

        if (!found.TryGetValue((longitude, latitude), out var district))
        {
            district = await places.FindDistrict(longitude, latitude, cancel) is { } at ? (at.Place.Code, at.Approximate) : null;
            found[(longitude, latitude)] = district;
        }

        return district;
    }

    private static bool IsOf(Reading reading, CityData data) => reading.Stream.Simulated == (data == CityData.Simulated);

    private void Ring()
    {
        lock (bell)
        {
            if (bell.CurrentCount == 0)
            {
                bell.Release();
            }
        }
    }
}
