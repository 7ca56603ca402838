using Madang.Operations.Live;
using Madang.Places;
using Madang.Sensing;
using Microsoft.Extensions.Options;

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

    private readonly PlaceBook places;
    private readonly BoardLoader loader;
    private readonly TimeProvider clock;
    private readonly bool simulatedFirst;
    private readonly Board board = new();
    private readonly SemaphoreSlim bell = new(1, 1);
    private readonly Dictionary<CityData, World> worlds = new() { [CityData.Real] = new(CityData.Real), [CityData.Simulated] = new(CityData.Simulated) };

    /// <summary>Makes a start of this server tell its event ids from those of another start.</summary>
    private readonly string epoch;
    private long number;
    private string placesVersion = "";
    private readonly Past past;
    private readonly PastStations pastStations;

    /// <summary>Counts what changed the past; an answer about it holds for one count.</summary>
    private long pastEdition;

    /// <summary>Counts how often curves were read anew.</summary>
    private long pastReads;
    private IReadOnlyList<SensorNow> bare = [];
    private volatile bool reloadWanted = true;
    private volatile bool pastWanted = true;
    private DateTimeOffset nextPast;
    private long receivedTicks;
    private volatile TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Made once by the module.</summary>
    public CityNow(SensingQueries sensing, Sensing.SensorHealth health, PlaceBook places, IOptions<OperationsOptions> options, TimeProvider clock)
    {
        (this.places, this.clock, simulatedFirst) = (places, clock, options.Value.SimulatedFirst);
        (loader, past, pastStations) = (new BoardLoader(sensing, health, places, clock), new Past(sensing), new PastStations(sensing));
        epoch = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Which world a screen shows when nobody asked for one: the real one as soon as there is a real figure to show, and always when there is no
    /// simulated one; where <see cref="OperationsOptions.SimulatedFirst"/> says so, the simulated one while it lives.
    /// </summary>
    public CityData Preferred => worlds[CityData.Simulated].Newest is not { Snapshot.AsOf: not null } ? CityData.Real
        : !simulatedFirst && worlds[CityData.Real].Newest is { Snapshot.Figures: var figures } && figures.Any(figure => Measures.Main.Contains(figure.Measure)) ? CityData.Real : CityData.Simulated;

    /// <summary>The newest snapshot of one world, or of <see cref="Preferred"/>. Waits only for the first computation after the start.</summary>
    public async ValueTask<CitySnapshot> Read(CityData? data, CancellationToken cancel) => (await ReadEdition(data, cancel)).Snapshot;

    /// <summary>A figure with every datastream it is the mean of. <paramref name="place"/> is a district's code or <c>city</c>.</summary>
    public async ValueTask<FigureOrigin?> Explain(string place, string measure, CityData? data, CancellationToken cancel) =>
        Origin.Find(await ReadEdition(data, cancel), place, measure);

    /// <summary>The last day of one world: a curve for the city and one for every district, for each of <see cref="Measures.Main"/>.</summary>
    public async ValueTask<CityDay> ReadDay(CityData? data, CancellationToken cancel)
    {
        var world = worlds[(await ReadEdition(data, cancel)).Snapshot.Data];
        return world.Curves.ToDay($"{epoch}-{Letter(world.Data)}", world.Data, clock.GetUtcNow());
    }

    /// <summary>Every sensor that is not dormant, with what it says of a measure now.</summary>
    public async ValueTask<StationReadings> ReadStations(string measure, CityData? data, CancellationToken cancel)
    {
        var edition = await ReadEdition(data, cancel);
        return new(edition.Id, edition.Snapshot.Data, edition.Snapshot.AsOf, measure, edition.FindStations(measure)!);
    }

    /// <summary>Every sensor that measures it and is not dormant, with what it said at the end of the ten minutes that hold <paramref name="time"/>. Refuses times that are not of the last day.</summary>
    public async ValueTask<StationReadings> ReadStations(string measure, DateTimeOffset time, CityData? data, CancellationToken cancel) =>
        await ReadMoment(await FindMoment(measure, time, data, cancel), cancel);

    /// <summary>Every sensor of one world, dormant ones too, in order of name; made once for all callers of the same moment.</summary>
    public async ValueTask<IReadOnlyList<SensorNow>> ListSensors(CityData? data, CancellationToken cancel) => (await ReadEdition(data, cancel)).Sensors;

    /// <summary>The sensors in a box of so many degrees around a place, and maybe some a little outside of it, in no order.</summary>
    public async ValueTask<IEnumerable<SensorNow>> ListNear(CityData? data, double longitude, double latitude, double degrees, CancellationToken cancel) => (await ReadEdition(data, cancel)).Lines.Near(longitude, latitude, degrees);

    /// <summary>The same, ready to be searched.</summary>
    public async ValueTask<SensorCatalogue> OpenCatalogue(CityData? data, CancellationToken cancel) => worlds[(await Read(data, cancel)).Data].Newest!.Catalogue;

    /// <summary>One sensor of either world by its Thing's id, with the clock of its world (null: nothing is "now"); null when there is none.</summary>
    public async ValueTask<(SensorNow Sensor, CitySnapshot Now)?> FindSensor(long thing, CancellationToken cancel)
    {
        foreach (var data in worlds.Keys)
        {
            var edition = await ReadEdition(data, cancel);
            if (edition.Lines.Find(thing) is { } sensor)
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

    internal async ValueTask<Edition> ReadEdition(CityData? data, CancellationToken cancel)
    {
        while (true)
        {
            var changed = next.Task;
            if (worlds[data ?? Preferred].Newest is { } edition)
            {
                return edition;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>The snapshot with this id, when it is not too old to compare with.</summary>
    internal Edition? FindRecent(string? id) => id is null ? null : worlds.Values.Select(world => world.Find(id)).FirstOrDefault(edition => edition is not null);

    /// <summary>The moment of the last day that is asked for, with an id that changes when the answer may.</summary>
    internal async ValueTask<PastMoment> FindMoment(string measure, DateTimeOffset time, CityData? data, CancellationToken cancel)
    {
        var edition = await ReadEdition(data, cancel);
        return PastMoment.Find(edition, measure, time, $"{epoch}-{Interlocked.Read(ref pastEdition)}-{Letter(edition.Snapshot.Data)}");
    }

    internal async Task<StationReadings> ReadMoment(PastMoment asked, CancellationToken cancel) =>
        new(asked.Id, asked.Edition.Snapshot.Data, asked.At, asked.Measure, await pastStations.Read(asked.Edition, asked.Measure, asked.At, cancel));

    internal void Take(ObservationsStored fact)
    {
        Interlocked.Exchange(ref receivedTicks, clock.GetUtcNow().UtcTicks);
        var (allKnown, anyLate) = board.Apply(fact.Readings, clock.GetUtcNow() + ClockSlack, simulated => worlds[simulated ? CityData.Simulated : CityData.Real].Newest?.Snapshot.AsOf);
        if (!allKnown)
        {
            reloadWanted = true;
        }

        if (anyLate || !allKnown)
        {
            ForgetPast();
        }

        Ring();
    }

    internal void Take(SensorHealthChanged fact)
    {
        board.Apply(fact.Changes);
        Ring();
    }

    internal void TakeChange()
    {
        reloadWanted = true;
        ForgetPast();
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
            ForgetPast();
        }

        var (generation, things) = board.List();
        var now = clock.GetUtcNow();
        number++;
        var parts = worlds.Values.Select(world => (World: world, Things: things.Where(thing => IsOf(thing, world.Data)).ToList(), Bare: bare.Where(sensor => sensor.Data == world.Data).ToList())).ToList();
        var clocks = parts.ToDictionary(part => part.World.Data, part => Composer.FindClock(part.Things, part.World.Data, now));
        var received = Interlocked.Read(ref receivedTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        if (pastWanted && now >= nextPast)
        {
            await ReadPast([.. parts.Select(part => (part.World, part.Things.SelectMany(thing => thing.Readings)))], [.. districts.Select(place => place.Code)], clocks, cancel);
        }

        var published = false;
        foreach (var (world, own, placed) in parts)
        {
            var others = parts.Where(part => part.World != world).Sum(part => part.Things.Count + part.Bare.Count);
            var (described, lines) = world.Roster.Update(generation, own, placed, clocks[world.Data]);
            published |= world.Publish(Composer.Compose($"{epoch}-{number}-{Letter(world.Data)}", world.Data, described, districts, clocks[world.Data], received, others, world.Curves), own, lines);
        }

        if (published)
        {
            Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private async Task ReadPast(IReadOnlyList<(World World, IEnumerable<Reading> Readings)> parts, IReadOnlyList<string> districts, Dictionary<CityData, DateTimeOffset?> clocks, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        pastWanted = false;
        try
        {
            foreach (var (world, own) in parts)
            {
                world.Curves = await past.Read(world.Data, own, districts, clocks[world.Data], ++pastReads, cancel) ?? world.Curves;
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
            board.Replace(await loader.Load(cancel), mark);
            board.ReplaceFindings(await loader.LoadFindings(cancel), mark);
            bare = await loader.LoadBare(cancel);
        }
        catch
        {
            reloadWanted = true;
            throw;
        }
    }

    private void ForgetPast()
    {
        Interlocked.Increment(ref pastEdition);
        pastWanted = true;
    }

    private static char Letter(CityData data) => data == CityData.Real ? 'r' : 's';

    private static bool IsOf(ThingReadings thing, CityData data) => thing.First.Simulated == (data == CityData.Simulated);

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
