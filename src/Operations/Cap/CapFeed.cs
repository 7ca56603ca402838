using System.Text;
using System.Xml;
using Dapper;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Storage;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Cap;

/// <summary>The messages of the city: each by its name, and the newest as an Atom feed (RFC 4287).</summary>
internal sealed class CapFeed(IDatabase database, CapAuthor author, IOptions<SensingOptions> sensing, TimeProvider clock)
{
    /// <summary>The most entries of the feed; what is in force comes first.</summary>
    public const int Most = 200;

    public const string Atom = "http://www.w3.org/2005/Atom";
    private const int LongestName = 60;

    /// <summary>How long what ended is listed.</summary>
    private static readonly TimeSpan Listed = TimeSpan.FromDays(3);

    private readonly TimeZoneInfo zone = sensing.Value.FindZone();

    /// <summary>A message as it was given out; null when there is none of this name.</summary>
    public async Task<string?> Find(string identifier, CancellationToken cancel)
    {
        if (identifier.Length > LongestName)
        {
            return null;
        }

        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<string>("SELECT body FROM cap_messages WHERE id = @identifier", new { identifier }, read.Transaction);
    }

    /// <summary>The feed of one world.</summary>
    /// <param name="data">Real or simulated.</param>
    /// <param name="site">The address that links begin with, without a slash at its end.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task<byte[]> Write(CityData data, string site, CancellationToken cancel)
    {
        var entries = await List(data, cancel);
        var path = data == CityData.Simulated ? "/cap/feed?data=simulated" : "/cap/feed";
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteAttributeString("xml", "lang", null, "ko");
            Text(xml, "id", $"tag:{author.Sender},2026:cap/feed/{(data == CityData.Simulated ? "simulated" : "real")}");
            Text(xml, "title", data == CityData.Simulated ? "경보(모의 데이터) · Alerts (simulated data)" : "경보 · Alerts");
            Text(xml, "updated", Time(entries.Count > 0 ? entries[0].Sent : 0));
            Author(xml);
            Link(xml, "self", "application/atom+xml", site + path);
            foreach (var entry in entries)
            {
                Entry(xml, entry, site);
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>Those of the last days, the newest first. Of renewals only the last of each alert.</summary>
    private async Task<IReadOnlyList<Row>> List(CityData data, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<Row>(
            $"""
            SELECT m.id AS Id, m.kind AS Kind, m.sent AS Sent, m.title_ko AS Ko, m.title_en AS En FROM cap_messages m JOIN cap_chains c ON c.alert_id = m.alert_id
            WHERE m.simulated = @simulated AND m.sent > @since AND (m.number = c.number OR m.entry_id IS NOT NULL)
            ORDER BY CASE WHEN m.number = c.number AND m.kind <> {(int)CapKind.Cancel} AND m.expires > @now THEN 0 ELSE 1 END, m.sent DESC, m.id DESC LIMIT {Most}
            """,
            new { simulated = data == CityData.Simulated ? 1 : 0, since = (now - Listed).ToMicros(), now = now.ToMicros() },
            read.Transaction);
        return [.. rows.OrderByDescending(row => row.Sent).ThenByDescending(row => row.Id, StringComparer.Ordinal)];
    }

    private void Entry(XmlWriter xml, Row entry, string site)
    {
        xml.WriteStartElement("entry", Atom);
        Text(xml, "id", $"tag:{author.Sender},2026:cap/{entry.Id}");
        Text(xml, "title", entry.Ko);
        Text(xml, "updated", Time(entry.Sent));
        Text(xml, "published", Time(entry.Sent));
        xml.WriteStartElement("category", Atom);
        xml.WriteAttributeString("term", ((CapKind)entry.Kind).ToString());
        xml.WriteEndElement();
        Link(xml, "alternate", CapXml.MediaType, $"{site}/cap/{entry.Id}.xml");
        xml.WriteStartElement("summary", Atom);
        xml.WriteAttributeString("xml", "lang", null, "en");
        xml.WriteString(CapXml.Clean(entry.En));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void Author(XmlWriter xml)
    {
        xml.WriteStartElement("author", Atom);
        Text(xml, "name", author.Sender);
        xml.WriteEndElement();
    }

    private static void Link(XmlWriter xml, string rel, string type, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", rel);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Atom, CapXml.Clean(text));

    private string Time(long micros) => CapXml.Time(IsoTime.FromMicros(micros), zone);

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public long Kind { get; init; }

        public long Sent { get; init; }

        public string Ko { get; init; } = "";

        public string En { get; init; } = "";
    }
}
