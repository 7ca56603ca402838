using Madang.Places;

namespace Madang.Operations.Air;

/// <summary>Finds where an advisory or warning of the air is in force, from the alerts that are open, and what kinds of places do there.</summary>
internal sealed class ExposureMaker(RuleBook book, AlertDesk alerts, PlaceBook places)
{
    private const string Advisory = "advisory", Warning = "warning";

    private static readonly Dictionary<string, string> Pollutants = new() { ["pm25"] = "dust", ["pm10"] = "dust", ["o3"] = "ozone" };

    public async Task<AirExposure> Make(CityData data, CancellationToken cancel)
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

        return new AirExposure(
            data,
            [.. districts.Where(district => affected.ContainsKey(district.Code)).Select(district => new AirAffected(district.Code, new(district.NameKo, district.NameEn), affected[district.Code]))],
            await Guidance(levels, [.. affected.Keys], cancel));
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

    private async Task<IReadOnlyList<AirGuidance>> Guidance(Dictionary<string, int> levels, HashSet<string> affected, CancellationToken cancel)
    {
        var guidance = new List<AirGuidance>();
        foreach (var text in AirBooks.Guidance.Where(each => levels.ContainsKey(each.Pollutant)))
        {
            // What is said of the highest level that there are words for.
            var isWarning = levels[text.Pollutant] > 0 && AirBooks.Guidance.Any(each => each.Kind == text.Kind && each.Pollutant == text.Pollutant && each.Level == Warning);
            if (text.Level == (isWarning ? Warning : Advisory))
            {
                guidance.Add(text with { Places = await Count(text.Kind, affected, cancel) });
            }
        }

        return guidance;
    }

    /// <summary>How many places of a kind lie in the affected districts; null where the city has told of none at all.</summary>
    private async Task<int?> Count(string kind, HashSet<string> affected, CancellationToken cancel)
    {
        var all = await places.List(kind, cancel);
        if (all.Count == 0)
        {
            return null;
        }

        var count = 0;
        foreach (var place in all)
        {
            count += await places.FindDistrict(place.Longitude, place.Latitude, cancel) is { } at && affected.Contains(at.Place.Code) ? 1 : 0;
        }

        return count;
    }
}
