using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Incidents;

namespace Madang.Operations;

/// <summary>Looks back at incidents: what was done, and what was known when.</summary>
public sealed class IncidentReports
{
    private const int MostAlerts = 500, MostStories = 50;

    private readonly IncidentPen pen;
    private readonly IncidentDesk desk;
    private readonly AlertDesk alerts;
    private readonly RuleBook rules;
    private readonly CityNow city;

    internal IncidentReports(IncidentPen pen, IncidentDesk desk, AlertDesk alerts, RuleBook rules, CityNow city) => (this.pen, this.desk, this.alerts, this.rules, this.city) = (pen, desk, alerts, rules, city);

    /// <summary>The report of an incident, also of one that is still on; null when there is none of this number.</summary>
    public async Task<IncidentReport?> Find(long id, CancellationToken cancel)
    {
        if (await desk.FindStory(id, cancel) is not { } story)
        {
            return null;
        }

        var (from, to) = (story.Incident.Stages.Select(stage => stage.At).Append(story.Incident.OpenedAt).Min(), story.Incident.ClosedAt ?? pen.Now);
        return new IncidentReport(story, from, to, await Known(story, from, to, cancel));
    }

    private async Task<IReadOnlyList<KnownThen>> Known(IncidentStory story, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var subjects = await Subjects(story.Incident, cancel);
        IEnumerable<(long Id, string Subject)> rows;
        await using (var read = await pen.Database.Read(cancel))
        {
            rows = await read.Connection.QueryAsync<(long, string)>(
                "SELECT id, subject FROM alerts WHERE simulated = @simulated AND raised_at <= @to AND (lifted_at IS NULL OR lifted_at >= @from) ORDER BY id DESC LIMIT @most",
                new { simulated = story.Incident.Data == CityData.Simulated ? 1 : 0, from = from.ToMicros(), to = to.ToMicros(), most = MostAlerts },
                read.Transaction);
        }

        var known = new List<KnownThen>();
        foreach (var id in story.Alerts.Select(alert => alert.Id).Concat(rows.Where(row => subjects.Contains(row.Subject)).Select(row => row.Id)).Distinct().Take(MostStories))
        {
            if (await alerts.Find(id, cancel) is { } told)
            {
                var levels = (await rules.ListRevisions(told.Alert.RuleId, cancel)).First(revision => revision.Revision == told.Alert.Revision).Rule.Levels;
                known.AddRange(told.Entries.Where(entry => entry.At >= from && entry.At <= to)
                    .Select(entry => new KnownThen(told.Alert, entry, levels.FirstOrDefault(level => level.Name == entry.Level) is { } level ? level.Title ?? new(level.Name, level.Name) : null)));
            }
        }

        return [.. known.OrderBy(each => each.Entry.At).ThenBy(each => each.Alert.Id)];
    }

    /// <summary>What alerts speak of that concern the incident: the city, its district, and the datastreams in that.</summary>
    private async Task<HashSet<string>> Subjects(Incident incident, CancellationToken cancel)
    {
        HashSet<string> subjects = ["city"];
        if (incident.District is { } district)
        {
            subjects.Add(district);
            subjects.UnionWith((await city.ListSensors(incident.Data, cancel)).Where(sensor => sensor.District == district).SelectMany(sensor => sensor.Readings).Select(reading => reading.Datastream.ToString(CultureInfo.InvariantCulture)));
        }

        return subjects;
    }
}
