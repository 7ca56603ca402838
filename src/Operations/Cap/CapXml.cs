using System.Globalization;
using System.Text;
using System.Xml;
using NetTopologySuite.Geometries;

namespace Madang.Operations.Cap;

/// <summary>Writes a message as OASIS CAP 1.2 has it, its elements in the order of the schema.</summary>
internal static class CapXml
{
    public const string Namespace = "urn:oasis:names:tc:emergency:cap:1.2", MediaType = "application/cap+xml";

    /// <summary>
    /// The name under which the Korean profile of CAP (TTAK.OT-06.0055, 통합경보시스템을 위한 공통경보프로토콜 프로파일) has codes of
    /// areas in its reference software; the value is the ten digits of the 행정표준코드 (법정동코드), a district's five and five zeros.
    /// </summary>
    public const string DistrictCode = "행정구역코드";

    private const int DigitsOfDistrict = 5;

    public static string Write(CapMessage message, TimeZoneInfo zone)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("alert", Namespace);
            Text(xml, "identifier", message.Identifier);
            Text(xml, "sender", message.Sender);
            Text(xml, "sent", Time(message.Sent, zone));
            // Test: "technical testing only, all recipients disregard". Nobody takes part in a made-up city as in an Exercise, whose participants act.
            Text(xml, "status", message.IsSimulated ? "Test" : "Actual");
            Text(xml, "msgType", message.Kind.ToString());
            Text(xml, "scope", "Public");
            Text(xml, "note", message.IsSimulated ? "모의 데이터입니다. 실제 상황이 아닙니다. Simulated data: this did not happen." : null);
            Text(xml, "references", message.References.Count == 0 ? null : string.Join(' ', message.References.Select(each => $"{each.Sender},{each.Identifier},{Time(each.Sent, zone)}")));
            Text(xml, "incidents", message.Incident);
            Info(xml, message, "ko-KR", message.Korean, text => text.Ko, zone);
            Info(xml, message, "en-US", message.English, text => text.En, zone);
            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>With the city's own offset, in whole seconds; Z is not allowed (CAP 1.2, 3.3.2).</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static void Info(XmlWriter xml, CapMessage message, string language, CapWords words, Func<RuleText, string> say, TimeZoneInfo zone)
    {
        xml.WriteStartElement("info", Namespace);
        Text(xml, "language", language);
        foreach (var category in message.Grade.Categories)
        {
            Text(xml, "category", category);
        }

        Text(xml, "event", words.Event);
        Text(xml, "responseType", message.Grade.Response);
        Text(xml, "urgency", message.Grade.Urgency);
        Text(xml, "severity", message.Grade.Severity);
        Text(xml, "certainty", message.Grade.Certainty);
        Text(xml, "audience", words.Audience);
        Text(xml, "effective", Time(message.Sent, zone));
        // Of an end it would be the moment of lifting; and the clock of simulated data may run ahead of the message's own.
        Text(xml, "onset", message.Saying.Moment is { } moment && !message.Saying.IsEnd && moment < message.Expires ? Time(moment, zone) : null);
        Text(xml, "expires", Time(message.Expires, zone));
        Text(xml, "senderName", say(message.Owner));
        Text(xml, "headline", words.Headline);
        Text(xml, "description", words.Description);
        Text(xml, "instruction", words.Instruction);
        Text(xml, "web", message.Web);
        Text(xml, "contact", message.Contact);
        foreach (var place in message.Places)
        {
            Area(xml, place, say(place.Name));
        }

        xml.WriteEndElement();
    }

    private static void Area(XmlWriter xml, CapPlace place, string name)
    {
        xml.WriteStartElement("area", Namespace);
        Text(xml, "areaDesc", name);
        foreach (var ring in place.Rings)
        {
            Text(xml, "polygon", string.Join(' ', ring.Select(Pair)));
        }

        Text(xml, "circle", place.Centre is { } centre ? string.Create(CultureInfo.InvariantCulture, $"{Pair(centre)} {CapPlace.RadiusKm}") : null);
        if (place.District is { } code)
        {
            xml.WriteStartElement("geocode", Namespace);
            Text(xml, "valueName", DistrictCode);
            Text(xml, "value", code.Length == DigitsOfDistrict && code.All(char.IsAsciiDigit) ? code + "00000" : code);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Latitude first (CAP 1.2, 3.2.4).</summary>
    private static string Pair(Coordinate at) => string.Create(CultureInfo.InvariantCulture, $"{at.Y:0.#####},{at.X:0.#####}");

    private static void Text(XmlWriter xml, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            xml.WriteElementString(name, Namespace, Clean(text));
        }
    }

    /// <summary>Names of Things may hold characters that XML cannot.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && char.IsSurrogatePair(text, at))
            {
                clean.Append(text, at++, 2);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[at]) ? text[at] : '\uFFFD');
            }
        }

        return clean.ToString();
    }
}
