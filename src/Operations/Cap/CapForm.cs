using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Madang.Kernel;

namespace Madang.Operations.Cap;

/// <summary>The form of a CAP 1.2 message (OASIS CAP 1.2, 3.2 and 3.4): its elements in their order, how often each stands, and what each may hold.</summary>
internal static partial class CapForm
{
    /// <summary>The longest text of one element, and of a name.</summary>
    private const int LongestText = 100_000, LongestName = 200;

    /// <summary>The most elements of one name beside each other.</summary>
    private const int Most = 1_000;

    private static readonly XNamespace Cap = CapXml.Namespace, Signature = "http://www.w3.org/2000/09/xmldsig#";

    private static readonly Writing When = new("is a time such as 2026-07-19T14:20:00+09:00: with an offset that is never Z, without parts of seconds", text => FindTime(text) is not null),
        Name = new($"is a name of at most {LongestName} characters without spaces, commas, < and &", IsName), Number = new("is a number", IsNumber), Tongue = new("is a language such as ko-KR", text => Language().IsMatch(text)),
        Outline = new("is an outline: pairs of latitude,longitude, at least four, the last as the first", IsPolygon), Round = new("is a circle: latitude,longitude, a space and a radius in km", IsCircle);

    private static readonly Part[] Pair = [new("valueName"), new("value")];

    private static readonly Part[] Area =
    [
        new("areaDesc"), new("polygon", 0, Most, Outline), new("circle", 0, Most, Round), new("geocode", 0, Most) { Parts = Pair }, new("altitude", 0, 1, Number), new("ceiling", 0, 1, Number),
    ];

    private static readonly Part[] Resource = [new("resourceDesc"), new("mimeType"), new("size", 0, 1, Number), new("uri", 0), new("derefUri", 0), new("digest", 0)];

    private static readonly Part[] Info =
    [
        new("language", 0, 1, Tongue), new("category", 1, Most, OneOf("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other")), new("event"),
        new("responseType", 0, Most, OneOf("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")), new("urgency", 1, 1, OneOf("Immediate", "Expected", "Future", "Past", "Unknown")),
        new("severity", 1, 1, OneOf("Extreme", "Severe", "Moderate", "Minor", "Unknown")), new("certainty", 1, 1, OneOf("Observed", "Likely", "Possible", "Unlikely", "Unknown")), new("audience", 0), new("eventCode", 0, Most) { Parts = Pair },
        new("effective", 0, 1, When), new("onset", 0, 1, When), new("expires", 0, 1, When), new("senderName", 0), new("headline", 0), new("description", 0), new("instruction", 0), new("web", 0), new("contact", 0),
        new("parameter", 0, Most) { Parts = Pair }, new("resource", 0, Most) { Parts = Resource }, new("area", 0, Most) { Parts = Area },
    ];

    private static readonly Part[] Alert =
    [
        new("identifier", 1, 1, Name), new("sender", 1, 1, Name), new("sent", 1, 1, When), new("status", 1, 1, OneOf("Actual", "Exercise", "System", "Test", "Draft")), new("msgType", 1, 1, OneOf("Alert", "Update", "Cancel", "Ack", "Error")),
        new("source", 0), new("scope", 1, 1, OneOf("Public", "Restricted", "Private")), new("restriction", 0), new("addresses", 0), new("code", 0, Most), new("note", 0), new("references", 0), new("incidents", 0), new("info", 0, Most) { Parts = Info },
    ];

    /// <exception cref="InvalidInputException">It has another form; with the element that is wrong.</exception>
    public static void Check(XElement root)
    {
        if (root.Name != Cap + "alert")
        {
            throw new InvalidInputException("alert", $"is the root of a CAP 1.2 message, in the namespace {CapXml.Namespace}");
        }

        Check(root, "alert", Alert, mayBeSigned: true);
    }

    /// <summary>A time with its offset; null for what is none.</summary>
    public static DateTimeOffset? FindTime(string text) =>
        Time().IsMatch(text) && IsoTime.TryParse(text, out var at) ? at : null;

    private static void Check(XElement parent, string path, Part[] parts, bool mayBeSigned = false)
    {
        var (at, count) = (0, 0);
        foreach (var child in parent.Elements())
        {
            if (child.Name.Namespace == Signature && mayBeSigned)
            {
                DemandBetween(parts, at, parts.Length, parent, path);
                at = parts.Length;
                continue;
            }

            var next = child.Name.Namespace == Cap ? Array.FindIndex(parts, part => part.Name == child.Name.LocalName) : -1;
            if (next < at || at == parts.Length)
            {
                throw new InvalidInputException($"{path}.{child.Name.LocalName}", next < 0 ? "is no element of CAP 1.2 here" : "stands after elements that come after it");
            }

            count = next == at ? count + 1 : 1;
            DemandBetween(parts, at, next, parent, path);
            at = next;
            var part = parts[at];
            var name = part.Most == 1 ? $"{path}.{part.Name}" : string.Create(CultureInfo.InvariantCulture, $"{path}.{part.Name}[{count - 1}]");
            if (count > part.Most)
            {
                throw new InvalidInputException(name, part.Most == 1 ? "stands once" : $"stands at most {part.Most} times");
            }

            CheckOne(child, name, part);
        }

        DemandBetween(parts, at, parts.Length, parent, path);
    }

    private static void CheckOne(XElement element, string name, Part part)
    {
        if (part.Parts is { } inner)
        {
            Check(element, name, inner);
            return;
        }

        if (element.HasElements || element.Value.Length > LongestText)
        {
            throw new InvalidInputException(name, element.HasElements ? "is a text and holds no elements" : $"is a text of at most {LongestText} characters");
        }

        if (part.Least > 0 && element.Value.Trim().Length == 0)
        {
            throw new InvalidInputException(name, "is empty");
        }

        if (part.Writing?.Holds(element.Value.Trim()) == false)
        {
            throw new InvalidInputException(name, part.Writing.Says);
        }
    }

    private static void DemandBetween(Part[] parts, int from, int to, XElement parent, string path)
    {
        for (var skipped = from; skipped < to; skipped++)
        {
            if (parts[skipped].Least > 0 && parent.Element(Cap + parts[skipped].Name) is null)
            {
                throw new InvalidInputException($"{path}.{parts[skipped].Name}", "is missing");
            }
        }
    }

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is ',' or '<' or '&');

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    private static bool IsPolygon(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: >= 4 } pairs && pairs.All(IsPair) && pairs[0] == pairs[^1];

    private static bool IsCircle(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var pair, var radius] && IsPair(pair) && IsNumber(radius) && radius[0] != '-';

    private static bool IsPair(string text) => text.Split(',') is [var latitude, var longitude] && IsNumber(latitude) && IsNumber(longitude)
        && Math.Abs(double.Parse(latitude, CultureInfo.InvariantCulture)) <= 90 && Math.Abs(double.Parse(longitude, CultureInfo.InvariantCulture)) <= 180;

    private static Writing OneOf(params string[] words) => new("is one of " + string.Join(", ", words), words.Contains);

    /// <summary>As the schema writes it; it lets a comma stand for the sign, which is no time.</summary>
    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Language();

    /// <summary>How a text is written.</summary>
    private sealed record Writing(string Says, Predicate<string> Holds);

    /// <summary>One element of the form.</summary>
    private sealed record Part(string Name, int Least = 1, int Most = 1, Writing? Writing = null)
    {
        public Part[]? Parts { get; init; }
    }
}
