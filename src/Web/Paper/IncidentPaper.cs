using System.Threading.RateLimiting;
using Madang.Kernel;
using Madang.Operations;
using Madang.Places;
using Madang.Web.Pages.Alerts;
using Madang.Web.Pages.Incidents;
using UglyToad.PdfPig.Writer;

namespace Madang.Web.Paper;

/// <summary>The after-action report of an incident as a PDF of A4 sheets: what it was, targets, timeline, orders, what was known when, and late tasks.</summary>
internal sealed class IncidentPaper : IDisposable
{
    /// <summary>More lines of a log than these are not printed; the page has all of them.</summary>
    private const int MostLines = 2_000;

    /// <summary>So many wait for the one that is made; who comes then is asked to come again.</summary>
    internal const int MostWaiting = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lazy<(Typeface Regular, Typeface Bold)?> faces = new(() => Typeface.Find("regular") is { } regular && Typeface.Find("bold") is { } bold ? (regular, bold) : null);

    /// <summary>To make one takes a processor for some tenths of a second or, of a long log, for seconds: one at a time, and few wait.</summary>
    private readonly ConcurrencyLimiter press = new(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = MostWaiting });

    /// <summary>The document; null when this server was built without its fonts.</summary>
    /// <exception cref="UnavailableException">As many wait as may.</exception>
    public async Task<byte[]?> Print(Visit visit, IncidentReport report, IReadOnlyList<Place> places, CancellationToken cancel)
    {
        using var turn = await Turn(cancel);
        return faces.Value is { } known ? await Task.Run(() => Make(visit, report, places, known.Regular, known.Bold), cancel) : null;
    }

    /// <summary>The press, to be given back.</summary>
    /// <exception cref="UnavailableException">As many wait as may.</exception>
    internal async Task<IDisposable> Turn(CancellationToken cancel)
    {
        var turn = await press.AcquireAsync(1, cancel);
        if (turn.IsAcquired)
        {
            return turn;
        }

        turn.Dispose();
        throw new UnavailableException("too-many-papers", "Other reports are being made as PDF. Ask again in a moment.", Pause);
    }

    /// <inheritdoc/>
    public void Dispose() => press.Dispose();

    private static byte[] Make(Visit visit, IncidentReport report, IReadOnlyList<Place> places, Typeface regular, Typeface bold)
    {
        var (words, incident) = (visit.Language, report.Story.Incident);
        var title = words.Say("report.title", IncidentWords.Title(words, incident));
        using var stream = new MemoryStream();
        using (var document = new PdfDocumentBuilder(stream, false, PdfWriterType.Default, 1.7, new SpokenWriter(words.IsKorean ? "ko-KR" : "en-GB")))
        {
            document.DocumentInformation.Title = title;
            document.DocumentInformation.Producer = "Madang";
            var sheets = new Sheets(document, regular, bold);
            var simulated = incident.Data == CityData.Simulated ? words["world.simulated"] : null;
            sheets.Heading(title, 18);
            if (simulated is not null)
            {
                sheets.Say(simulated, isStrong: true);
            }

            sheets.Say(words.Say("report.lead", At(visit, report.From), incident.IsOpen ? words["report.now"] : At(visit, report.To), report.Met, report.Missed, report.LateTasks.Count));
            if (incident.IsOpen)
            {
                sheets.Say(words["report.open"]);
            }

            About(sheets, visit, incident, places);
            Targets(sheets, visit, incident);
            Timeline(sheets, visit, report.Story);
            Orders(sheets, visit, report.Story);
            Known(sheets, visit, report);
            Late(sheets, visit, report);
            var made = words.Say("report.made", At(visit, visit.At));
            sheets.Finish(simulated is null ? made : $"{simulated} · {made}", (page, pages) => words.Say("report.page", page, pages));
        }

        return stream.ToArray();
    }

    /// <summary>A moment as a paper says it that is read in another year: with its year and second, by the city's clock.</summary>
    private static string At(Visit visit, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, visit.Zone).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Who did something, by name also when it is who prints this.</summary>
    private static string Who(Visit visit, string? who) => who is null ? "" : visit.Names.GetValueOrDefault(who, who);

    private static void About(Sheets sheets, Visit visit, Incident incident, IReadOnlyList<Place> places)
    {
        var words = visit.Language;
        var district = places.FirstOrDefault(place => place.Code == incident.District) is { } found ? words.IsKorean ? found.NameKo : found.NameEn : null;
        var facts = new (string Key, string? Text)[]
        {
            ("incident.kind", words.Of(incident.KindName)), ("incident.severity", incident.Severity is { } severity ? words["incident.severity." + severity.ToString().ToLowerInvariant()] : null),
            ("incident.place", incident.Place), ("table.district", district),
            ("sensor.coordinates", incident is { Longitude: { } longitude, Latitude: { } latitude } ? FormattableString.Invariant($"{latitude:0.#####}, {longitude:0.#####}") : null),
            ("incident.department", incident.Department), ("incident.opened", At(visit, incident.OpenedAt)), ("incident.closed", incident.ClosedAt is { } closed ? At(visit, closed) : null),
        };
        sheets.Heading(words["incident.about"], 13);
        sheets.Table([(words["report.item"], 0.25), (words["report.content"], 0.75)], facts.Where(fact => fact.Text is not null).Select(fact => (string[])[words[fact.Key], fact.Text!]));
    }

    private static void Targets(Sheets sheets, Visit visit, Incident incident)
    {
        var words = visit.Language;
        sheets.Heading(words["incident.targets"], 13);
        if (incident.Targets.Count == 0)
        {
            sheets.Say(words["incident.targets.none"]);
            return;
        }

        sheets.Table(
            [(words["report.target"], 0.45), (words["report.state"], 0.2), (words["report.source"], 0.35)],
            incident.Targets.Select(target => (string[])[IncidentWords.Target(words, target), IncidentWords.State(words, target), target.Source?.Title ?? words["incident.target.own"]]));
    }

    private static void Timeline(Sheets sheets, Visit visit, IncidentStory story)
    {
        var words = visit.Language;
        sheets.Heading(words["report.timeline"], 13);
        sheets.Table(
            [(words["report.when"], 0.2), (words["report.what"], 0.62), (words["report.who"], 0.18)],
            story.Entries.Take(MostLines).Select(entry => (string[])[At(visit, entry.At), What(visit, story.Incident.Id, entry), Who(visit, entry.Who)]));
        if (story.Entries.Count > MostLines)
        {
            sheets.Say(words.Say("report.more", story.Entries.Count - MostLines));
        }
    }

    private static string What(Visit visit, long incident, IncidentEntry entry)
    {
        var line = string.Join(" · ", new[] { visit.Language["incident.act." + IncidentWords.Word(entry.Act)], IncidentWords.Said(visit, entry), entry.Incident == incident ? "" : visit.Language.Say("incident.of", entry.Incident) }.Where(part => part.Length > 0));
        return entry.Note is { } note && entry.Act != IncidentAct.ScenarioStarted ? $"{line}\n{note}" : line;
    }

    private static void Orders(Sheets sheets, Visit visit, IncidentStory story)
    {
        var words = visit.Language;
        sheets.Heading(words["incident.orders"], 13);
        if (story.Orders.Count == 0)
        {
            sheets.Say(words["incident.orders.none"]);
            return;
        }

        sheets.Table(
            [(words["report.when"], 0.2), (words["incident.order.to"], 0.18), (words["incident.order.text"], 0.32), (words["report.answers"], 0.3)],
            story.Orders.Take(MostLines).Select(order => (string[])
            [
                At(visit, order.Entry.At), order.Entry.Recipient ?? "", order.Entry.Note ?? "",
                order.Answers.Count == 0 ? order.IsOverdue ? words["tasks.late"] : "–" : string.Join('\n', order.Answers.Select(answer => $"{At(visit, answer.At)} {answer.Note}")),
            ]));
    }

    private static void Known(Sheets sheets, Visit visit, IncidentReport report)
    {
        var words = visit.Language;
        sheets.Heading(words["report.known"], 13);
        sheets.Say(words["report.known.what"]);
        if (report.Known.Count == 0)
        {
            sheets.Say(words["report.known.none"]);
            return;
        }

        sheets.Table(
            [(words["report.when"], 0.2), (words["report.what"], 0.8)],
            report.Known.Take(MostLines).Select(known => (string[])
            [
                At(visit, known.Entry.At),
                $"{words.Of(known.Alert.SubjectName)}: {words.Of(known.Alert.RuleName)} · {words["alert.act." + known.Entry.Act.ToString().ToLowerInvariant()]}{(known.Level is { } level ? " · " + words.Of(level) : "")}",
            ]));
    }

    private static void Late(Sheets sheets, Visit visit, IncidentReport report)
    {
        var words = visit.Language;
        sheets.Heading(words["report.tasks"], 13);
        if (report.LateTasks.Count == 0)
        {
            sheets.Say(words.Say("report.tasks.none", report.Story.Tasks.Count));
            return;
        }

        sheets.Table(
            [(words["report.due"], 0.2), (words["incident.department"], 0.2), (words["report.what"], 0.6)],
            report.LateTasks.Take(MostLines).Select(task => (string[])[At(visit, task.DueAt), words.Of(task.Department), words.Of(task.Text)]));
    }
}
