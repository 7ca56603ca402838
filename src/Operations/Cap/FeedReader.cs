using System.Xml;
using System.Xml.Linq;
using Madang.Kernel;

namespace Madang.Operations.Cap;

/// <summary>An entry of a feed: what it is called, and where its message is.</summary>
internal sealed record FeedEntry(string Name, Uri Address);

/// <summary>Reads feeds of warnings, and trusts nothing of them: no DTD, nothing fetched, bounded in size.</summary>
internal static class FeedReader
{
    /// <summary>So many new entries of a feed are looked at in a turn.</summary>
    public const int MostEntries = 50;

    private const int LongestName = 500;

    private static readonly XNamespace Atom = CapFeed.Atom;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = CapReader.MostBytes, MaxCharactersFromEntities = 1_024 };

    /// <summary>The entries of an Atom feed that are not known yet, the first ones first; null for a body that is a CAP message itself.</summary>
    /// <exception cref="InvalidInputException">It is neither.</exception>
    public static IReadOnlyList<FeedEntry>? Read(byte[] body, Uri at, IReadOnlySet<string> known)
    {
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(body), Settings);
            xml.MoveToContent();
            if (xml.LocalName == "alert" && xml.NamespaceURI == CapXml.Namespace)
            {
                return null;
            }

            if (xml.LocalName != "feed" || xml.NamespaceURI != CapFeed.Atom)
            {
                throw new InvalidInputException("body", "is no Atom feed and no CAP 1.2 message");
            }

            return [.. Entries(xml, at).Where(entry => !known.Contains(entry.Name)).Take(MostEntries)];
        }
        catch (XmlException wrong)
        {
            throw new InvalidInputException("body", "is not XML that is taken here: " + wrong.Message);
        }
    }

    /// <summary>One entry after the other, so that a long feed is never built whole.</summary>
    private static IEnumerable<FeedEntry> Entries(XmlReader xml, Uri at)
    {
        xml.Read();
        while (!xml.EOF)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == 1)
            {
                if (xml.LocalName == "entry" && xml.NamespaceURI == CapFeed.Atom && Entry((XElement)XNode.ReadFrom(xml), at) is { } entry)
                {
                    yield return entry;
                }
                else if (xml.LocalName != "entry" || xml.NamespaceURI != CapFeed.Atom)
                {
                    xml.Skip();
                }
            }
            else
            {
                xml.Read();
            }
        }
    }

    /// <summary>Its link to a CAP message; where none says that it is one, the first that leads to it at all.</summary>
    private static FeedEntry? Entry(XElement entry, Uri at)
    {
        var links = entry.Elements(Atom + "link").Where(link => (string?)link.Attribute("rel") is null or "alternate" or "enclosure").ToList();
        var link = links.FirstOrDefault(link => (string?)link.Attribute("type") == CapXml.MediaType) ?? links.FirstOrDefault();
        var name = $"{(string?)entry.Element(Atom + "id")} {(string?)entry.Element(Atom + "updated")}";
        return (string?)link?.Attribute("href") is { } href && Uri.TryCreate(at, href, out var address) && name.Length is > 1 and <= LongestName ? new FeedEntry(name, address) : null;
    }
}
