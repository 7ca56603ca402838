using System.Collections.Concurrent;
using Madang.Kernel;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Holds the list of what is watched, and lets none of it miss a fact while it is made anew.</summary>
internal sealed class WatchKeeper(WatchMaker maker) : IDisposable
{
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    private readonly SemaphoreSlim making = new(1, 1);
    private ConcurrentDictionary<long, (DateTimeOffset First, DateTimeOffset Last)>? unheard;
    private volatile WatchList? list;
    private long simulatedNow;
    private int isOld = 1;
    private int isWrong;

    /// <summary>True when sensors or rules changed since the list was made.</summary>
    public bool IsOld => Volatile.Read(ref isOld) == 1;

    /// <summary>The list as it is; there is one since the first question for it.</summary>
    public WatchList List => list!;

    public void Dispose() => making.Dispose();

    /// <summary>True when it must not be old for long: what a rule says, or who may see what, is another now.</summary>
    public bool IsWrong => Volatile.Read(ref isWrong) == 1;

    /// <summary>The list is to be made anew.</summary>
    /// <param name="isUrgent">True for at once, however long it takes.</param>
    public void Renew(bool isUrgent = false)
    {
        Volatile.Write(ref isOld, 1);
        if (isUrgent)
        {
            Volatile.Write(ref isWrong, 1);
        }
    }

    /// <summary>Makes the list anew where it is old.</summary>
    public async Task Refresh(CancellationToken cancel)
    {
        await making.WaitAsync(cancel);
        try
        {
            if (Interlocked.Exchange(ref isOld, 0) == 1 || list is null)
            {
                try
                {
                    Volatile.Write(ref isWrong, 0);
                    unheard = [];
                    var made = await maker.Make(list, cancel);
                    foreach (var stream in made.Lines.Concat<LiveSubject>(made.Steps).SelectMany(subject => subject.Watched.Streams))
                    {
                        NoteSimulated(stream.Simulated, stream.At);
                    }

                    var before = list;
                    list = made;
                    var missed = Interlocked.Exchange(ref unheard, null)!;
                    foreach (var (datastream, (first, last)) in missed)
                    {
                        foreach (var line in made.NewSince(before, datastream))
                        {
                            Pending.MarkLate(line, first - Instant);
                        }

                        foreach (var (subject, stream) in made.Of(datastream)?.Steps ?? [])
                        {
                            if (subject.Note(stream, first, last) is { } after)
                            {
                                Pending.MarkLate(subject, after);
                            }
                        }
                    }
                }
                catch
                {
                    Renew(true);
                    throw;
                }
            }
        }
        finally
        {
            making.Release();
        }
    }

    public async Task<WatchList> Get(CancellationToken cancel)
    {
        if (list is null)
        {
            await Refresh(cancel);
        }

        return list!;
    }

    /// <summary>The list, with the datastreams of a fact in it when they are new.</summary>
    public async Task<WatchList> Get(ObservationsStored fact, CancellationToken cancel)
    {
        var known = await Get(cancel);
        if (known.Rules.Count > 0 && fact.Readings.Any(readings => known.IsNew(readings.Datastream)))
        {
            await making.WaitAsync(cancel);
            try
            {
                known = list!;
                List<long> ids = [.. fact.Readings.Select(readings => readings.Datastream).Where(known.IsNew)];
                if (ids.Count > 0)
                {
                    await maker.Extend(known, ids, cancel);
                }
            }
            finally
            {
                making.Release();
            }
        }

        return known;
    }

    /// <summary>While the list is made, or when it was made meanwhile, subjects that are new in it have not heard of this fact.</summary>
    public void NoteUnheard(ObservationsStored fact, WatchList known, Pending pending)
    {
        if (unheard is { } told)
        {
            foreach (var readings in fact.Readings)
            {
                told.AddOrUpdate(readings.Datastream, (readings.First, readings.Last), (_, before) => (readings.First < before.First ? readings.First : before.First, readings.Last > before.Last ? readings.Last : before.Last));
            }
        }

        if (list != known)
        {
            foreach (var readings in fact.Readings)
            {
                foreach (var line in list!.NewSince(known, readings.Datastream))
                {
                    pending.Late(line, readings.First - Instant);
                }
            }
        }
    }

    /// <summary>The time by which a subject is judged: the city's clock for real data, the newest reading for simulated ones, which may run ahead of it.</summary>
    public DateTimeOffset Now(LiveSubject subject, DateTimeOffset now) => Now(subject.Rule.Rule, now);

    /// <summary>The time by which a rule is judged.</summary>
    public DateTimeOffset Now(Rule rule, DateTimeOffset now) => rule.Data == CityData.Simulated ? IsoTime.FromMicros(Volatile.Read(ref simulatedNow)) : now;

    /// <summary>Simulated data have a clock of their own.</summary>
    public void NoteSimulated(bool isSimulated, DateTimeOffset? last)
    {
        var micros = isSimulated && last is { } at ? at.ToMicros() : 0;
        for (var seen = Volatile.Read(ref simulatedNow); micros > seen && Interlocked.CompareExchange(ref simulatedNow, micros, seen) != seen;)
        {
            seen = Volatile.Read(ref simulatedNow);
        }
    }
}
