using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Makes the list of what live rules watch, from the book, the sensors and the moves that stand.</summary>
internal sealed class WatchMaker(RuleBook book, WatchFinder finder, FollowFinder following, SensingQueries sensing, MoveLedger ledger, TimeProvider clock, TimeZoneInfo zone)
{
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    /// <summary>The whole list. Subjects that <paramref name="before"/> holds go on where they stand.</summary>
    public async Task<WatchList> Make(WatchList? before, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var rules = await book.ListLive(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime), zone, cancel);
        // First the levels: whatever has one is among the sensors that are read after it.
        var (levels, watermarks) = await ledger.Load(cancel);
        var latest = rules.Count == 0 ? [] : await sensing.ListLatest(cancel);
        var list = new WatchList(rules, latest.Count == 0 ? 0 : latest[^1].Datastream);
        foreach (var rule in rules)
        {
            var isBeginning = watermarks.ContainsKey(new SubjectKey(rule.Id, rule.Revision, ""));
            if (isBeginning)
            {
                list.Beginning.Add(rule);
            }

            foreach (var watched in rule.Rule.Follows() ? await following.Find(rule.Rule, latest, cancel) : await finder.Find(rule.Rule, latest, cancel))
            {
                var key = new SubjectKey(rule.Id, rule.Revision, watched.Code);
                list.Add(before?.Find(key) is { } known
                    ? Renewed(known, watched)
                    : Subject(rule, watched, levels.GetValueOrDefault(key), watermarks.TryGetValue(key, out var mark) ? mark : isBeginning && rule.GoesByReadings && NewestOf(watched, now) >= rule.Since ? rule.Since - Instant : null, NewestOf(watched, now)));
            }
        }

        await ledger.Withdraw([.. levels.Keys.Where(key => list.Find(key) is null)], cancel);
        return list;
    }

    /// <summary>Looks whether datastreams that are new are watched by any rule, and adds them.</summary>
    public async Task Extend(WatchList list, IReadOnlyCollection<long> datastreams, CancellationToken cancel)
    {
        var latest = await sensing.ListLatest(datastreams, cancel);
        // What is asked of all sensors at once is found with the next list, which the new sensor has made old already.
        foreach (var rule in list.Rules.Where(rule => !rule.Rule.Follows() && rule.Rule.Signal is not NeighboursSignal))
        {
            foreach (var watched in (await finder.Find(rule.Rule, latest, cancel)).Where(watched => watched.Streams.Count > 0))
            {
                if (rule.GoesByReadings)
                {
                    list.Add(new LineSubject(rule, watched, 0, null));
                }
                else if (list.Find(new SubjectKey(rule.Id, rule.Revision, watched.Code)) is StepSubject known)
                {
                    // An Extend that failed half-way comes again: no datastream is counted twice.
                    var added = watched.Streams.Select(stream => stream.Datastream).ToHashSet();
                    known.Become(known.Watched with { Streams = [.. known.Watched.Streams.Where(stream => !added.Contains(stream.Datastream)), .. watched.Streams] });
                    list.Add(known, watched.Streams);
                }
                else
                {
                    list.Add(new StepSubject(rule, watched, 0, rule.Since));
                }
            }
        }

        foreach (var datastream in datastreams)
        {
            list.Knows(datastream);
        }
    }

    private static LiveSubject Subject(LiveRule rule, Watched watched, int level, DateTimeOffset? watermark, DateTimeOffset? newest)
    {
        if (rule.Rule.Follows())
        {
            return new FollowSubject(rule, watched, level);
        }

        if (!rule.GoesByReadings)
        {
            return new StepSubject(rule, watched, level, watermark ?? rule.Since);
        }

        var line = new LineSubject(rule, watched, level, newest);
        if (watermark is { } late)
        {
            line.MarkLate(late);
        }

        return line;
    }

    /// <summary>A real reading from the future comes from a wrong clock.</summary>
    private static DateTimeOffset? NewestOf(Watched watched, DateTimeOffset now) =>
        watched.Streams is [var stream, ..] && (stream.Simulated || stream.At <= now + CityNow.ClockSlack) ? stream.At : null;

    private static LiveSubject Renewed(LiveSubject known, Watched watched)
    {
        if (known is StepSubject step)
        {
            step.Become(watched);
        }
        else
        {
            known.Watched = watched;
        }

        return known;
    }
}
