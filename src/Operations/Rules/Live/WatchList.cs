using System.Collections.Concurrent;
using Madang.Sensing;

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

    public IEnumerable<StepSubject> Steps => subjects.Select(each => each.Value).OfType<StepSubject>();

    public IEnumerable<LineSubject> Lines => subjects.Select(each => each.Value).OfType<LineSubject>();

    public IEnumerable<FollowSubject> Followers => subjects.Select(each => each.Value).OfType<FollowSubject>();

    public LiveSubject? Find(SubjectKey key) => subjects.GetValueOrDefault(key);

    public Watching? Of(long datastream) => byDatastream.GetValueOrDefault(datastream);

    /// <summary>The subjects that go by the readings of a datastream and that another list did not have.</summary>
    public IEnumerable<LineSubject> NewSince(WatchList? other, long datastream) => Of(datastream)?.Lines.Except(other?.Of(datastream)?.Lines ?? []) ?? [];

    /// <summary>True for a datastream that was not there when the list was made, and was not looked for since.</summary>
    public bool IsNew(long datastream) => datastream > NewestId && !found.ContainsKey(datastream);

    /// <summary>It was looked for.</summary>
    public void Knows(long datastream) => found[datastream] = true;

    /// <summary>Puts a subject in.</summary>
    public void Add(LiveSubject subject)
    {
        subjects[subject.Key] = subject;
        if (subject is not FollowSubject)
        {
            Add(subject, subject.Watched.Streams);
        }
    }

    /// <summary>A subject watches these datastreams too.</summary>
    public void Add(LiveSubject subject, IReadOnlyList<LatestReading> streams)
    {
        foreach (var stream in streams)
        {
            byDatastream.AddOrUpdate(stream.Datastream, _ => new Watching([], []).With(subject, stream), (_, known) => known.With(subject, stream));
        }

        Interlocked.Increment(ref version);
    }
}

/// <summary>Who watches a datastream.</summary>
/// <param name="Lines">Subjects that go by its readings.</param>
/// <param name="Steps">Subjects that go by steps of time, with the datastream as they know it.</param>
internal sealed record Watching(IReadOnlyList<LineSubject> Lines, IReadOnlyList<(StepSubject Subject, LatestReading Stream)> Steps)
{
    public Watching With(LiveSubject subject, LatestReading stream) => subject is LineSubject line
        ? this with { Lines = [.. Lines.Where(each => each.Key != line.Key), line] }
        : this with { Steps = [.. Steps.Where(each => each.Subject.Key != subject.Key), ((StepSubject)subject, stream)] };
}
