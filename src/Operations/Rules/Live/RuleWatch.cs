using Madang.Kernel;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Rules;

/// <summary>
/// Judges what was stored, by the rules that are on. Single readings are judged as their facts come, in the memory of each
/// subject; steps of time when they are over; and what is late or was corrected is read from the store again. What a fact
/// caused is kept before the fact is done with, so after a crash it comes again and is said once.
/// </summary>
internal sealed partial class RuleWatch(WatchKeeper keeper, MoveLedger ledger, SensingHistory history, RuleJudge judge, LateTurn late, StepTurn steps, FollowTurn follow, TimeProvider clock, ILogger<RuleWatch> log) : IReaction<ObservationsStored>, IReaction<ObservationsChanged>, IReaction<StationsChanged>, IReaction<PlacesChanged>, IReaction<AccessChanged>, IReaction<RuleChanged>, IDisposable
{
    private const int AtOnce = 200;

    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    /// <summary>After a start who has something to say is let speak first.</summary>
    private static readonly TimeSpan BeforeSilence = TimeSpan.FromMinutes(2);

    private readonly long began = clock.GetTimestamp();

    private readonly Stripes stripes = new();
    private readonly SemaphoreSlim work = new(0, 1);

    public void Dispose()
    {
        stripes.Dispose();
        work.Dispose();
    }

    public async Task React(ObservationsStored fact, CancellationToken cancel)
    {
        var known = await keeper.Get(fact, cancel);
        var pending = new Pending();
        using (await stripes.Enter(fact.Readings[0].Datastream, cancel))
        {
            try
            {
                foreach (var readings in fact.Readings)
                {
                    if (known.Of(readings.Datastream) is { } watching)
                    {
                        await TakeLines(watching, readings, pending, cancel);
                    }
                }

                NoteSteps(fact, pending);
                keeper.NoteUnheard(fact, known, pending);
                await Keep(pending, cancel);
            }
            catch
            {
                // The fact comes again, and meets what it met now.
                pending.Undo();
                throw;
            }
        }
    }

    public async Task React(ObservationsChanged fact, CancellationToken cancel)
    {
        if ((await keeper.Get(cancel)).Of(fact.Datastream) is { } watching)
        {
            var pending = new Pending();
            using (await stripes.Enter(fact.Datastream, cancel))
            {
                foreach (var subject in watching.Lines.Concat<LiveSubject>(watching.Steps.Select(each => each.Subject)))
                {
                    pending.Late(subject, fact.From - Instant - StepClock.WidthOf(subject.Rule.Rule.Signal) * 2);
                }

                await Keep(pending, cancel);
            }
        }
    }

    public Task React(StationsChanged fact, CancellationToken cancel)
    {
        Renew();
        return Task.CompletedTask;
    }

    public Task React(PlacesChanged fact, CancellationToken cancel)
    {
        Renew();
        return Task.CompletedTask;
    }

    public Task React(AccessChanged fact, CancellationToken cancel)
    {
        Renew(true);
        return Task.CompletedTask;
    }

    public Task React(RuleChanged fact, CancellationToken cancel)
    {
        Renew(true);
        return Task.CompletedTask;
    }

    /// <summary>The list is made anew at the next turn.</summary>
    private void Renew(bool isUrgent = false)
    {
        keeper.Renew(isUrgent);
        Wake();
    }

    /// <summary>Waits until there is something to judge, or some time has gone by.</summary>
    public async Task WaitForWork(TimeSpan most, CancellationToken cancel) => await work.WaitAsync(most, cancel);

    /// <summary>One turn: what is late, steps that are over, and silence.</summary>
    public async Task Turn(CancellationToken cancel)
    {
        var known = await keeper.Get(cancel);
        var now = clock.GetUtcNow();
        foreach (var some in known.Lines.Where(line => line.IsLate).GroupBy(line => Stripes.Of(line.Datastream)).SelectMany(lines => lines.Chunk(LateTurn.AtOnce)).ToList())
        {
            await Guard(() => JudgeLate(some, cancel), cancel);
        }

        foreach (var rule in known.Beginning.Where(rule => !known.Lines.Any(line => line.Rule.IsSame(rule) && line.IsLate)).ToList())
        {
            await ledger.HasBegun(rule, cancel);
            known.Beginning.Remove(rule);
        }

        await Guard(() => Wait(known, now, cancel), cancel);
        foreach (var some in known.Steps.Chunk(AtOnce))
        {
            await Guard(() => steps.Judge(some, now, cancel), cancel);
        }

        // Last those that go by what the others said.
        await Guard(() => follow.Judge(known, now, cancel), cancel);
    }

    /// <summary>What fails is tried again at the next turn, and holds up nothing else.</summary>
    private async Task Guard(Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            JudgingFailed(log, exception);
        }
    }

    /// <summary>Notes at subjects that go by steps what came, and once more when the list changed meanwhile.</summary>
    private void NoteSteps(ObservationsStored fact, Pending pending)
    {
        (WatchList List, int Version) seen;
        do
        {
            seen = (keeper.List, keeper.List.Version);
            foreach (var readings in fact.Readings)
            {
                foreach (var (subject, stream) in seen.List.Of(readings.Datastream)?.Steps ?? [])
                {
                    keeper.NoteSimulated(stream.Simulated, readings.Last);
                    if (subject.Note(stream, readings.First, readings.Last) is { } after)
                    {
                        pending.Late(subject, after);
                    }
                }
            }
        }
        while (seen != (keeper.List, keeper.List.Version));
    }

    /// <summary>Readings after all others are judged at once; what lies before is judged again from the store.</summary>
    private async Task TakeLines(Watching watching, StoredReadings readings, Pending pending, CancellationToken cancel)
    {
        if (watching.Lines.Count == 0)
        {
            return;
        }

        var isSimulated = watching.Lines[0].Watched.Streams[0].Simulated;
        keeper.NoteSimulated(isSimulated, readings.Last);
        // A real reading from the future comes from a wrong clock, and does not count.
        var end = isSimulated ? IsoTime.Latest : clock.GetUtcNow() + CityNow.ClockSlack;
        if (readings.First > end)
        {
            return;
        }

        IReadOnlyList<ToldReading>? told = null;
        RecentReadings? recent = null;
        foreach (var line in watching.Lines)
        {
            if (line.IsLate)
            {
                // It is to be judged again already; from this reading on, where it lies further back.
                if (line.NoLaterThanMarked(readings.First - Instant) == readings.First - Instant)
                {
                    pending.Late(line, readings.First - Instant);
                }

                continue;
            }

            if (line.IsJudged(readings))
            {
                continue;
            }

            if (line.LastAt is { } last && readings.First <= last)
            {
                pending.Late(line, readings.First - Instant);
                continue;
            }

            if (!line.IsWarm && !await TryWarm(line, readings.First, recent ??= judge.Recent(watching.Lines, readings.First), cancel))
            {
                pending.Late(line, readings.First - Instant);
                continue;
            }

            told ??= await List(readings, end, cancel);
            pending.Take(line, told);
        }
    }

    /// <summary>False when to read what was before takes too long: then it is judged by the loop, and holds up no other facts.</summary>
    private async Task<bool> TryWarm(LineSubject line, DateTimeOffset next, RecentReadings recent, CancellationToken cancel)
    {
        try
        {
            await judge.Warm(line, next, recent, cancel);
            return true;
        }
        catch (UnavailableException exception) when (exception.Code == "query-too-long")
        {
            JudgingFailed(log, exception);
            return false;
        }
    }

    private async Task<IReadOnlyList<ToldReading>> List(StoredReadings readings, DateTimeOffset end, CancellationToken cancel)
    {
        if (readings.Count == 1)
        {
            return [new ToldReading(readings.Last, readings.LastNumber)];
        }

        if (readings.Told.Count == readings.Count)
        {
            return readings.Last <= end ? readings.Told : [.. readings.Told.Where(reading => reading.At <= end)];
        }

        var told = new List<ToldReading>();
        await history.ReadReadings(readings.Datastream, readings.First, (readings.Last < end ? readings.Last : end) + Instant, true, (_, at, number) => told.Add(new ToldReading(at, number)), cancel);
        return told;
    }

    private async Task Keep(Pending pending, CancellationToken cancel)
    {
        if (pending.IsSomething)
        {
            await ledger.Write(pending.Judged, pending.LateOnes, cancel);
        }

        if (pending.LateOnes.Count > 0)
        {
            Wake();
        }
    }

    private async Task JudgeLate(LineSubject[] lines, CancellationToken cancel)
    {
        using (await stripes.Enter(lines[0].Datastream, cancel))
        {
            await late.Judge(lines, clock.GetUtcNow(), exception => JudgingFailed(log, exception), cancel);
        }
    }

    /// <summary>Silence is told when nothing comes.</summary>
    private async Task Wait(WatchList known, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var line in known.Lines.Where(line => line.Rule.Rule.Signal is SilenceSignal && line.IsWarm && !line.IsLate && (line.Rule.Rule.Data == CityData.Simulated || clock.GetElapsedTime(began) >= BeforeSilence) && line.IsQuiet(keeper.Now(line, now))))
        {
            using (await stripes.Enter(line.Datastream, cancel))
            {
                var pending = new Pending();
                pending.Wait(line, keeper.Now(line, now));
                try
                {
                    await Keep(pending, cancel);
                }
                catch
                {
                    pending.Undo();
                    throw;
                }
            }
        }
    }

    private void Wake()
    {
        try
        {
            work.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A rule could not be judged; trying again soon.")]
    private static partial void JudgingFailed(ILogger log, Exception exception);
}
