using Madang.Places;

namespace Madang.Operations.Air;

/// <summary>
/// Finds where an advisory or warning of the air is in force, from the alerts that are open, how many sensitive sites lie there, and what they do.
/// Made once for all who ask, and anew when an alert, a rule, a site or a district changes.
/// </summary>
internal sealed class ExposureMaker(RuleBook book, AlertDesk alerts, PlaceBook places, SiteBook sites, TimeProvider clock)
{
    private const string Advisory = "advisory", Warning = "warning";

    private static readonly Dictionary<string, string> Pollutants = new() { ["pm25"] = "dust", ["pm10"] = "dust", ["o3"] = "ozone" };

    private readonly AirCache<(CityData Data, long Sites), AirExposure> made = new(clock, TimeSpan.FromMinutes(1));

    /// <summary>What was made of sites that are others now is not told any more, from the moment at which this node knows that.</summary>
    public Task<AirExposure> Read(CityData data, CancellationToken cancel) => made.Get((data, sites.Version), () => Make(data, CancellationToken.None), cancel);

    /// <summary>What is so may be another now.</summary>
    public void Forget() => made.Clear();

    private async Task<AirExposure> Make(CityData data, CancellationToken cancel)
    {
        var rules = (await book.List(cancel)).Select(known => known.InForce).OfType<RuleRevision>()
            .Where(revision => revision.Rule is { IsPublic: true, Scope: { Kind: "air-station", Measure: { } measure } } && revision.Rule.Data == data && Pollutants.ContainsKey(measure)).ToDictionary(revision => revision.Id);
        var districts = await places.ListDistricts(cancel);
        var affected = new Dictionary<string, List<AirWarning>>();
        var levels = new Dictionary<string, int>();
        var open = new List<Alert>();
        foreach (var rule in rules.Keys)
        {
            open.AddRange(await alerts.List(new AlertQuery { Open = true, Data = data, Rule = rule, Top = AlertDesk.MostAtOnce }, cancel));
        }

        foreach (var alert in open)
        {
            if (rules.GetValueOrDefault(alert.RuleId) is not { } revision || alert.Level is not { } level)
            {
                continue;
            }

            var measure = revision.Rule.Scope.Measure!;
            levels[Pollutants[measure]] = Math.Max(levels.GetValueOrDefault(Pollutants[measure]), revision.Rule.Levels.TakeWhile(each => each.Name != level).Count());
            var warning = new AirWarning(alert.Id, measure, level, alert.LevelTitle ?? new(level, level), alert.BeganAt, alert.Value);
            foreach (var district in (await Subjects(alert, cancel)).SelectMany(subject => Districts(revision.Rule, subject, districts)).Distinct())
            {
                (affected.TryGetValue(district, out var mine) ? mine : affected[district] = []).Add(warning);
            }
        }

        var counts = new Dictionary<string, IReadOnlyDictionary<string, int>?>();
        foreach (var kind in SiteKind.Sensitive)
        {
            counts[kind.Code] = await sites.CountByDistrict(kind.Code, data == CityData.Simulated, cancel);
        }

        return new AirExposure(
            data,
            [.. districts.Where(district => affected.ContainsKey(district.Code)).Select(district => new AirAffected(
                district.Code, new(district.NameKo, district.NameEn), affected[district.Code],
                [.. SiteKind.Sensitive.Select(kind => new AirSiteCount(kind.Code, new(kind.NameKo, kind.NameEn), counts[kind.Code]?.GetValueOrDefault(district.Code)))]))],
            Guidance(levels, affected.Keys, counts));
    }

    /// <summary>Whom an alert speaks of: one subject, or each that it stands for.</summary>
    private async Task<IReadOnlyList<string>> Subjects(Alert alert, CancellationToken cancel) =>
        alert.IsStorm ? [.. ((await alerts.Find(alert.Id, cancel))?.Members ?? []).Where(member => member.Until is null).Select(member => member.Subject)] : [alert.Subject];

    private static IEnumerable<string> Districts(Rule rule, string subject, IReadOnlyList<Place> districts) => rule.Each switch
    {
        RuleSubject.City => districts.Select(district => district.Code),
        RuleSubject.Region => rule.Scope.Regions.FirstOrDefault(region => region.Code == subject)?.Districts ?? [],
        RuleSubject.District => [subject],
        _ => [],
    };

    private static List<AirGuidance> Guidance(Dictionary<string, int> levels, IReadOnlyCollection<string> affected, Dictionary<string, IReadOnlyDictionary<string, int>?> counts)
    {
        var guidance = new List<AirGuidance>();
        foreach (var text in AirBooks.Guidance.Where(each => levels.ContainsKey(each.Pollutant)))
        {
            // What is said of the highest level that there are words for.
            var isWarning = levels[text.Pollutant] > 0 && AirBooks.Guidance.Any(each => each.Kind == text.Kind && each.Pollutant == text.Pollutant && each.Level == Warning);
            if (text.Level == (isWarning ? Warning : Advisory))
            {
                guidance.Add(text with { Places = counts.GetValueOrDefault(text.Kind) is { } known ? affected.Sum(district => known.GetValueOrDefault(district)) : null });
            }
        }

        return guidance;
    }
}
