using System.Collections.Concurrent;
using System.Collections.Frozen;
using Madang.Kernel;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>One subject of a live rule: where it stands, and from when on it is to be judged again.</summary>
internal abstract class LiveSubject(LiveRule rule, Watched watched, int level)
{
    private const long Never = long.MaxValue;

    private long late = Never;

    public LiveRule Rule { get; } = rule;

    /// <summary>What it watches, by name: the same datastreams all the time.</summary>
    public Watched Watched { get; set; } = watched;

    public SubjectKey Key { get; } = new(rule.Id, rule.Revision, watched.Code);

    /// <summary>The level that the store knows: that of the last move.</summary>
    public int Level { get; set; } = level;

    /// <summary>True when something came that lies before what is judged already.</summary>
    public bool IsLate => Volatile.Read(ref late) != Never;

    /// <summary>All after this moment is to be judged again. Said before it is stored, so that whoever judges meanwhile does not store that it is done.</summary>
    public void MarkLate(DateTimeOffset after)
    {
        var micros = after.ToMicros();
        for (var seen = Volatile.Read(ref late); micros < seen; seen = Volatile.Read(ref late))
        {
            if (Interlocked.CompareExchange(ref late, micros, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>From when on it is to be judged again; forgotten with the answer.</summary>
    public DateTimeOffset? TakeLate() => Interlocked.Exchange(ref late, Never) is var micros and not Never ? IsoTime.FromMicros(micros) : null;

    /// <summary>The earlier of a moment and of what was marked meanwhile.</summary>
    public DateTimeOffset NoLaterThanMarked(DateTimeOffset moment) => Volatile.Read(ref late) is var micros and not Never && IsoTime.FromMicros(micros) < moment ? IsoTime.FromMicros(micros) : moment;
}

/// <summary>A datastream under a rule that goes by single readings. Whoever touches it holds its stripe (<see cref="Stripes"/>).</summary>
internal sealed class LineSubject : LiveSubject
{
    private readonly List<Step> steps = [];
    private ReadingLine? line;
    private LadderState state;
    private DateTimeOffset judgedFrom;
    private FrozenSet<long> judgedIds = FrozenSet<long>.Empty;

    /// <param name="rule">The rule.</param>
    /// <param name="watched">The datastream.</param>
    /// <param name="level">Where it stands by the store.</param>
    /// <param name="newest">The newest reading in the store; what is not after it was judged, or is told again. Null for a datastream that has just been found.</param>
    public LineSubject(LiveRule rule, Watched watched, int level, DateTimeOffset? newest)
        : base(rule, watched, level)
    {
        state = rule.Ladder.Start;
        Begin(newest, level);
    }

    public long Datastream => Watched.Streams[0].Datastream;

    /// <summary>The newest reading that is judged.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>True when what its next step depends on is at hand.</summary>
    public bool IsWarm { get; private set; }

    /// <summary>True for what was judged from the store before its fact came. What was only read to know what was before is not judged.</summary>
    public bool IsJudged(StoredReadings readings) => judgedIds.Contains(readings.FirstId) && readings.First > judgedFrom && readings.Last <= LastAt;

    /// <summary>Stands at a level after a reading; what else the next one depends on is read from the store when it comes.</summary>
    public void Begin(DateTimeOffset? lastAt, int level)
    {
        (line, IsWarm, LastAt, Level) = (null, false, lastAt, level);
        if (lastAt is { } heard && Rule.Rule.Signal is SilenceSignal)
        {
            // Of silence nothing more is needed than when it began.
            steps.Clear();
            line = ReadingLine.Of(Rule.Rule.Signal, Rule.Rule.Levels)!;
            line.Take(heard, 0, steps);
            (state, IsWarm) = (Rule.Ladder.Start with { Level = level }, true);
        }
    }

    /// <summary>True when nothing came for so long that its next level of silence is reached.</summary>
    public bool IsQuiet(DateTimeOffset now) => Level < Rule.Rule.Levels.Count && LastAt is { } at && (now - at).TotalMinutes >= Rule.Rule.Levels[Level].From;

    /// <summary>Stands where a reading from the store ended.</summary>
    public void Install(ReadingLine from, LadderState at, DateTimeOffset? lastAt, DateTimeOffset judgedAfter, FrozenSet<long> judged)
    {
        (line, state, IsWarm, Level, judgedFrom, judgedIds) = (from, at, true, at.Level, judgedAfter, judged);
        LastAt = lastAt > LastAt || LastAt is null ? lastAt : LastAt;
    }

    /// <summary>A reading after all others; null for one that is no number, which only silence hears.</summary>
    public void Take(DateTimeOffset at, double? value, List<LadderMove> moves)
    {
        var isFirst = LastAt != at;
        (LastAt, judgedIds) = (at, FrozenSet<long>.Empty);
        if (Rule.Rule.Signal is SilenceSignal || (value is not null && isFirst))
        {
            steps.Clear();
            line!.Take(at, value ?? 0, steps);
            Judge(moves);
        }
    }

    /// <summary>Time has gone on without a reading.</summary>
    public void Wait(DateTimeOffset now, List<LadderMove> moves)
    {
        steps.Clear();
        line?.Wait(now, steps);
        Judge(moves);
    }

    private void Judge(List<LadderMove> moves)
    {
        foreach (var step in steps)
        {
            var (next, made) = Rule.Ladder.Take(state, step);
            if (step.To >= Rule.Since)
            {
                moves.AddRange(made);
            }
            else if (Rule.Rule.Signal is SilenceSignal)
            {
                // A silence that began before the rule did is said when the rule begins.
                moves.AddRange(made.Select(move => move with { At = Rule.Since }));
            }
            else
            {
                next = next with { Level = state.Level };
            }

            state = next;
        }

        Level = state.Level;
    }
}

/// <summary>A subject under a rule that goes by steps of time. One loop alone judges it; readings only note that they came.</summary>
internal sealed class StepSubject : LiveSubject
{
    private readonly ConcurrentDictionary<long, long> newest = [];
    private long judged, claimed;

    public StepSubject(LiveRule rule, Watched watched, int level, DateTimeOffset judgedUntil)
        : base(rule, watched, level)
    {
        JudgedUntil = judgedUntil;
        Learn(watched.Streams);
    }

    /// <summary>The end of the last step that is judged.</summary>
    public DateTimeOffset JudgedUntil
    {
        get => IsoTime.FromMicros(Volatile.Read(ref judged));
        set => Volatile.Write(ref judged, value.ToMicros());
    }

    /// <summary>The newest reading of any of its datastreams; null while there is none.</summary>
    public DateTimeOffset? Newest => Watched.Streams.Count == 0 ? null : Heard.Max(each => each.At);

    /// <summary>The newest reading of each of its datastreams.</summary>
    public IEnumerable<(TimeSpan? Cadence, DateTimeOffset At)> Heard => Watched.Streams.Select(stream => (stream.Cadence, IsoTime.FromMicros(newest.GetValueOrDefault(stream.Datastream))));

    /// <summary>It is about to be judged as far as this. Said before the store is read: what comes from now on and is not in it is late.</summary>
    public void Claim(DateTimeOffset until) => Volatile.Write(ref claimed, until.ToMicros());

    /// <summary>It watches others now; what was judged stays as it is, and it goes on from there.</summary>
    public void Become(Watched watched)
    {
        Learn(watched.Streams);
        Watched = watched;
    }

    /// <summary>A reading came; answers after which moment is to be judged again, when it lies in what is judged already.</summary>
    public DateTimeOffset? Note(LatestReading stream, DateTimeOffset first, DateTimeOffset last)
    {
        Hear(stream.Datastream, last);
        var width = StepClock.WidthOf(Rule.Rule.Signal);
        // One that speaks once a step speaks of the step before.
        var touches = stream is { IsSpan: false, Cadence: { } every } && every >= width ? first - width : first;
        // What lies before the rule began changes nothing.
        return touches.ToMicros() < Math.Max(Volatile.Read(ref claimed), Volatile.Read(ref judged)) && last >= Rule.Since - (width * 2) ? Later(touches - width, Rule.Since) : null;
    }

    private void Learn(IReadOnlyList<LatestReading> streams)
    {
        foreach (var stream in streams.Where(stream => stream.At is not null))
        {
            Hear(stream.Datastream, stream.At!.Value);
        }
    }

    private void Hear(long datastream, DateTimeOffset at) => newest.AddOrUpdate(datastream, at.ToMicros(), (_, known) => Math.Max(known, at.ToMicros()));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>A subject of a rule that goes by others. What they do is read from the store, where also stands up to when it is judged.</summary>
internal sealed class FollowSubject(LiveRule rule, Watched watched, int level) : LiveSubject(rule, watched, level);
