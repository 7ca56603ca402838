using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Incidents;
using Madang.Storage;

namespace Madang.Operations;

/// <summary>Looks back at incidents: what was done, and what was known when.</summary>
public sealed class IncidentReports
{
    private const int MostStories = 50;

    private readonly IncidentPen pen;
    private readonly IncidentDesk desk;
    private readonly AlertDesk alerts;
    private readonly RuleBook rules;
    private readonly CityNow city;
    private readonly AlertRows rows;

    internal IncidentReports(IncidentPen pen, IncidentDesk desk, AlertDesk alerts, RuleBook rules, CityNow city, AlertRows rows) =>
        (this.pen, this.desk, this.alerts, this.rules, this.city, this.rows) = (pen, desk, alerts, rules, city, rows);

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
        List<long> found;
        var subjects = await Subjects(story.Incident, cancel);
        await using (var read = await pen.Database.Read(cancel))
        {
            found = await FindAlerts(read, story.Incident, subjects, from, to);
        }

        var known = new List<KnownThen>();
        foreach (var id in story.Alerts.Select(alert => alert.Id).Concat(found).Distinct().Take(MostStories))
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

    /// <summary>The newest alerts that were in force meanwhile and concern the incident: by their subject, by a subject of an alert for many, or by the region its district lies in.</summary>
    private async Task<List<long>> FindAlerts(ReadScope read, Incident incident, IReadOnlyCollection<string> subjects, DateTimeOffset from, DateTimeOffset to)
    {
        var engine = pen.Database.Engine;
        const string Meanwhile = "a.simulated = @simulated AND a.raised_at <= @to AND (a.lifted_at IS NULL OR a.lifted_at >= @from)";
        string Among(string column, string parameter) => engine == Engine.Sqlite ? $"{column} IN (SELECT value FROM json_each({parameter}))" : $"{column} = ANY({parameter})";
        object Texts(IEnumerable<string> texts) => engine == Engine.Sqlite ? JsonSerializer.Serialize(texts) : texts.ToArray();
        var about = new DynamicParameters(new { simulated = incident.Data == CityData.Simulated ? 1 : 0, from = from.ToMicros(), to = to.ToMicros(), most = MostStories });
        var regions = incident.District is null ? [] : (await read.Connection.QueryAsync<(string Rule, long Revision, string Subject)>(
            $"""
            SELECT DISTINCT a.rule_id, a.revision, a.subject FROM alerts a JOIN rule_revisions r ON r.rule_id = a.rule_id AND r.revision = a.revision
            WHERE {Meanwhile} AND {(engine == Engine.Sqlite ? "json_extract(r.body, '$.each')" : "CAST(r.body AS JSONB) ->> 'each'")} = 'region'
            """,
            about, read.Transaction)).AsList();
        var inRegions = new List<string>();
        foreach (var (rule, revision, subject) in regions)
        {
            if ((await rows.Rule(read, rule, revision)).Scope.Regions.Any(region => region.Code == subject && region.Districts.Contains(incident.District!)))
            {
                inRegions.Add(FormattableString.Invariant($"{rule}/{revision}/{subject}"));
            }
        }

        about.Add("subjects", Texts(subjects));
        about.Add("regions", Texts(inRegions));
        return
        [
            .. await read.Connection.QueryAsync<long>(
                $"""
                SELECT a.id FROM alerts a WHERE {Meanwhile} AND ({Among("a.subject", "@subjects")} OR {Among("a.rule_id || '/' || a.revision || '/' || a.subject", "@regions")}
                OR (a.is_storm = 1 AND EXISTS (SELECT 1 FROM alert_members m WHERE m.alert_id = a.id AND {Among("m.subject", "@subjects")})))
                ORDER BY a.id DESC LIMIT @most
                """,
                about, read.Transaction),
        ];
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
