using System.Collections.Concurrent;

namespace Madang.Operations.Rules;

/// <summary>What all live rules watch, by datastream. It grows while sensors come in, and is made anew when rules change or sensors move.</summary>
internal sealed class WatchList
{
    private readonly ConcurrentDictionary<long, Watching> byDatastream = [];
    private readonly ConcurrentDictionary<SubjectKey, LiveSubject> subjects = [];
    private readonly ConcurrentDictionary<long, bool> found = [];

    private int version;

    /// <param name="rules">The live rules.</param>
    /// <param name="newestId">The greatest id of a datastream that was looked at.</param>
    public WatchList(IReadOnlyList<LiveRule> rules, long newestId) => (Rules, NewestId) = (rules, newestId);

    public IReadOnlyList<LiveRule> Rules { get; }

    /// <summary>Changes with each subject that is put in.</summary>
    public int Version => Volatile.Read(ref version);

    public long NewestId { get; }

    /// <summary>Rules that have just come into force, until all that was stored since then is judged.</summary>
    public List<LiveRule> Beginning { get; } = [];

    public IEnumerable<StepSubject> Steps => subjects.Values.OfType<StepSubject>();

    public IEnumerable<LineSubject> Lines => subjects.Values.OfType<LineSubject>();

    public LiveSubject? Find(SubjectKey key) => subjects.GetValueOrDefault(key);

    public Watching? Of(long datastream) => byDatastream.GetValueOrDefault(datastream);

    /// <summary>The subjects that go by the readings of a datastream and that another list did not have.</summary>
    public IEnumerable<LineSubject> NewSince(WatchList? other, long datastream) => Of(datastream)?.Lines.Except(other?.Of(datastream)?.Lines ?? []) ?? [];

    /// <summary>True for a datastream that was not there when the list was made, and was not looked for since.</summary>
    public bool IsNew(long datastream) => datastream > NewestId && !found.ContainsKey(datastream);

    /// <summary>It was looked for.</summary>
    public void Knows(long datastream) => found[datastream] = true;

    /// <summary>Puts a subject in, or in the place of one with fewer datastreams.</summary>
    public void Add(LiveSubject subject)
    {
        subjects[subject.Key] = subject;
        for (var index = 0; index < subject.Watched.Streams.Count; index++)
        {
            var place = index;
            byDatastream.AddOrUpdate(subject.Watched.Streams[index].Datastream, _ => new Watching([], []).With(subject, place), (_, known) => known.With(subject, place));
        }

        Interlocked.Increment(ref version);
    }
}

/// <summary>Who watches a datastream.</summary>
/// <param name="Lines">Subjects that go by its readings.</param>
/// <param name="Steps">Subjects that go by steps of time, with its place among theirs.</param>
internal sealed record Watching(IReadOnlyList<LineSubject> Lines, IReadOnlyList<(StepSubject Subject, int Stream)> Steps)
{
    public Watching With(LiveSubject subject, int stream) => subject is LineSubject line
        ? this with { Lines = [.. Lines.Where(each => each.Key != line.Key), line] }
        : this with { Steps = [.. Steps.Where(each => each.Subject.Key != subject.Key), ((StepSubject)subject, stream)] };
}
