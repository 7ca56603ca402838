using System.Xml;
using System.Xml.Linq;
using Madang.Kernel;

namespace Madang.Operations.Cap;

/// <summary>A message of another agency, as it was read.</summary>
internal sealed record CapLetter(CapReference Name, string Status, string Kind, string Scope, IReadOnlyList<CapReference> References, DateTimeOffset? Expires, IReadOnlyList<CapTold> Told);

/// <summary>
/// Reads what other agencies send, and trusts nothing of it: no DTD, no entities of its own, nothing fetched, no processing
/// instructions, no elements of other vocabularies, bounded in depth and number before anything is built.
/// </summary>
internal static class CapReader
{
    /// <summary>The largest message, in bytes.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostDepth = 16, MostElements = 20_000, MostInfos = 20, MostReferences = 200, MostAreas = 100, LongestTold = 500;

    private static readonly XNamespace Cap = CapXml.Namespace;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes, MaxCharactersFromEntities = 1_024, IgnoreComments = true, IgnoreWhitespace = true,
    };

    /// <exception cref="InvalidInputException">It is no CAP 1.2 message; with the element that is wrong.</exception>
    public static CapLetter Read(byte[] body)
    {
        XElement root;
        try
        {
            Measure(body);
            using var xml = XmlReader.Create(new MemoryStream(body), Settings);
            root = XElement.Load(xml);
        }
        catch (XmlException wrong)
        {
            throw new InvalidInputException("body", "is not XML that is taken here: " + wrong.Message);
        }

        CapForm.Check(root);
        return Read(root);
    }

    /// <summary>Goes through it once before it is built.</summary>
    private static void Measure(byte[] body)
    {
        using var xml = XmlReader.Create(new MemoryStream(body), Settings);
        var elements = 0;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.ProcessingInstruction)
            {
                throw new InvalidInputException("body", "holds no processing instructions");
            }

            if (xml.Depth > MostDepth || (xml.NodeType == XmlNodeType.Element && ++elements > MostElements))
            {
                throw new InvalidInputException("body", xml.Depth > MostDepth ? $"is nested at most {MostDepth} deep" : $"has at most {MostElements} elements");
            }
        }
    }

    private static CapLetter Read(XElement root)
    {
        var (kind, scope) = (Text(root, "msgType")!, Text(root, "scope")!);
        Need(kind is "Alert" or "Update" or "Cancel", "alert.msgType", "is Alert, Update or Cancel: nothing was sent from here that could be acknowledged");
        Need(scope != "Restricted" || Text(root, "restriction") is not null, "alert.restriction", "is needed where scope is Restricted");
        Need(scope != "Private" || Text(root, "addresses") is not null, "alert.addresses", "is needed where scope is Private");
        var references = References(Text(root, "references"));
        Need(kind == "Alert" || references.Count > 0, "alert.references", "is needed in an Update and a Cancel");
        var infos = root.Elements(Cap + "info").ToList();
        Need(infos.Count <= MostInfos, "alert.info", $"stands at most {MostInfos} times");
        Need(kind == "Cancel" || infos.Count > 0, "alert.info", "is needed in an Alert and an Update");
        var sent = Time(root, "sent")!.Value;
        for (var index = 0; index < infos.Count; index++)
        {
            var expires = Time(infos[index], "expires");
            Need(kind == "Cancel" || expires is not null, FormattableString.Invariant($"alert.info[{index}].expires"), "is needed: nothing is taken here that has no end");
            Need(expires is null || expires > sent, FormattableString.Invariant($"alert.info[{index}].expires"), "lies after alert.sent");
        }

        return new CapLetter(new CapReference(Text(root, "sender")!, Text(root, "identifier")!, sent), Text(root, "status")!, kind, scope, references, infos.Max(info => Time(info, "expires")), [.. infos.Select(Told)]);
    }

    private static CapTold Told(XElement info) => new(
        Text(info, "language") ?? "en-US", Text(info, "category")!, Short(Text(info, "event"))!, Short(Text(info, "headline")), Short(Text(info, "senderName")), Text(info, "urgency")!, Text(info, "severity")!, Text(info, "certainty")!,
        [.. info.Elements(Cap + "area").Take(MostAreas).Select(area => Short(Text(area, "areaDesc"))!)], Time(info, "onset") ?? Time(info, "effective"), Time(info, "expires"));

    private static List<CapReference> References(string? text)
    {
        var names = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Need(names.Length <= MostReferences, "alert.references", $"names at most {MostReferences} messages");
        return [.. names.Select(name => name.Split(',') is [{ Length: > 0 } sender, { Length: > 0 } identifier, var sent] && CapForm.FindTime(sent) is { } at
            ? new CapReference(sender, identifier, at) : throw new InvalidInputException("alert.references", "names messages as sender,identifier,sent with spaces between"))];
    }

    private static string? Text(XElement parent, string name) => parent.Element(Cap + name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private static string? Short(string? text) => text is { Length: > LongestTold } ? text[..(char.IsHighSurrogate(text[LongestTold - 1]) ? LongestTold - 1 : LongestTold)] : text;

    private static DateTimeOffset? Time(XElement parent, string name) => Text(parent, name) is { } text ? CapForm.FindTime(text) : null;

    private static void Need(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }
}
