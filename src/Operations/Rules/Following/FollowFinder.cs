using Madang.Places;
using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>Finds for what a rule speaks that goes by others: the areas it names, or the datastreams in its scope, each with the subjects of the others that count there.</summary>
internal sealed class FollowFinder(WatchFinder finder, RuleBook book, SensingQueries sensing, PlaceBook places)
{
    /// <param name="rule">The rule.</param>
    /// <param name="among">Every datastream; null to read them.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<IReadOnlyList<Watched>> Find(Rule rule, IReadOnlyList<LatestReading>? among, CancellationToken cancel)
    {
        if (rule.Signal is FactsSignal)
        {
            return await Areas(rule, cancel);
        }

        var all = among ?? await sensing.ListLatest(cancel);
        var known = (await book.List(cancel)).Where(each => each.InForce is not null).ToDictionary(each => each.Id, each => each.InForce!.Rule);
        return rule.Signal is CountSignal count ? await Counted(rule, known.GetValueOrDefault(count.Rule), all, cancel) : await Combined(rule, known, all, cancel);
    }

    /// <summary>Counted are those that both watch.</summary>
    private async Task<IReadOnlyList<Watched>> Counted(Rule rule, Rule? used, IReadOnlyList<LatestReading> all, CancellationToken cancel)
    {
        var watched = used is null ? [] : (await finder.Find(used, all, cancel)).Select(subject => subject.Streams[0].Datastream).ToHashSet();
        return await finder.Find(rule, [.. all.Where(stream => watched.Contains(stream.Datastream))], cancel);
    }

    private async Task<IReadOnlyList<Watched>> Combined(Rule rule, Dictionary<string, Rule> known, IReadOnlyList<LatestReading> all, CancellationToken cancel)
    {
        var members = new List<Func<Watched, IReadOnlyList<string>>>();
        foreach (var (use, _) in Following.UsesOf(rule))
        {
            members.Add(known.TryGetValue(use.Rule, out var used) ? await Member(rule, used, all, cancel) : _ => []);
        }

        var subjects = rule.Each == RuleSubject.Datastream ? await finder.Find(rule, all, cancel) : await Areas(rule, cancel);
        return [.. subjects.Select(subject => subject with { Others = [.. members.Select(member => member(subject))] })];
    }

    /// <summary>Which subjects of another rule count for a subject of this one.</summary>
    private async Task<Func<Watched, IReadOnlyList<string>>> Member(Rule rule, Rule used, IReadOnlyList<LatestReading> all, CancellationToken cancel)
    {
        switch (used.Each)
        {
            case RuleSubject.Datastream:
                var watched = (await finder.Find(used, all, cancel)).ToLookup(subject => subject.Streams[0].Thing, subject => subject.Code);
                return subject => watched[subject.Streams[0].Thing].Contains(subject.Code) ? [subject.Code] : [.. watched[subject.Streams[0].Thing]];
            case RuleSubject.District:
                return subject => DistrictOf(rule, subject) is { } district ? [district] : [];
            case RuleSubject.Region:
                return subject => rule.Each == RuleSubject.Region ? [subject.Code] : [.. used.Scope.Regions.Where(region => DistrictOf(rule, subject) is { } district && region.Districts.Contains(district)).Select(region => region.Code)];
            default:
                return _ => [WatchFinder.City];
        }
    }

    private static string? DistrictOf(Rule rule, Watched subject) => rule.Each == RuleSubject.District ? subject.Code : subject.District;

    /// <summary>The areas of a rule, whether or not there is a datastream in them.</summary>
    private async Task<IReadOnlyList<Watched>> Areas(Rule rule, CancellationToken cancel) => rule.Each switch
    {
        RuleSubject.District => [.. (await places.ListDistricts(cancel)).Where(place => rule.Scope.Districts.Count == 0 || rule.Scope.Districts.Contains(place.Code)).Select(place => new Watched(place.Code, new(place.NameKo, place.NameEn), []))],
        RuleSubject.Region => [.. rule.Scope.Regions.Select(region => new Watched(region.Code, region.Name, []))],
        _ => [new Watched(WatchFinder.City, WatchFinder.WholeCity, [])],
    };
}
