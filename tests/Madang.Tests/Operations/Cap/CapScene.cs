using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;

namespace Madang.Tests.Operations.Cap;

/// <summary>A city whose address is known and whose clock stands at 09:00 in Seoul, and what others read of it in CAP.</summary>
internal static partial class CapScene
{
    public const string Reading = """{ "kind": "reading", "pauseMinutes": 60 }""";

    public static readonly XNamespace Caps = "urn:oasis:names:tc:emergency:cap:1.2", Atom = "http://www.w3.org/2005/Atom";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<Sta> Open(Engine engine) =>
        Sta.Start(engine, settings => (settings["Sensing:PublicUrl"], settings["Operations:CapContact"]) = ("https://city.example/", "02-120 & <a>"), new TestClock(new DateTimeOffset(2026, 7, 19, 0, 0, 0, TimeSpan.Zero)));

    public static string Public(string rule) => rule.Replace("\"each\"", "\"isPublic\": true, \"each\"", StringComparison.Ordinal);

    public static async Task<XElement> Feed(this Sta sta, string query = "?data=simulated")
    {
        var response = await sta.City.Client.GetAsync("/cap/feed" + query, Cancel);
        Assert.Equal((HttpStatusCode.OK, "application/atom+xml"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return XElement.Parse(await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The messages of the feed, when there are so many, or as many as there are; in the order in which they were said.</summary>
    public static async Task<IReadOnlyList<XElement>> Messages(this Sta sta, int? count, string query = "?data=simulated")
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var links = (await sta.Feed(query)).Elements(Atom + "entry").Select(entry => new Uri((string)entry.Element(Atom + "link")!.Attribute("href")!)).ToList();
            if (count is null || links.Count == count)
            {
                var messages = new List<XElement>();
                foreach (var link in links)
                {
                    Assert.Equal("city.example", link.Host);
                    messages.Add(XElement.Parse(await sta.Message(link.AbsolutePath)));
                }

                return [.. messages.OrderBy(message => message.Say("sent"), StringComparer.Ordinal).ThenBy(message => message.Say("identifier"), StringComparer.Ordinal)];
            }

            Assert.False(patience.IsCancellationRequested, $"the feed has {links.Count} messages, not {count}");
            await Task.Delay(50, Cancel);
        }
    }

    public static async Task<string> Message(this Sta sta, string path)
    {
        var response = await sta.City.Client.GetAsync(path, Cancel);
        Assert.Equal((HttpStatusCode.OK, "application/cap+xml"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    public static string? Say(this XElement message, string element) => (string?)message.Element(Caps + element);

    public static string? Tell(this XElement message, string element, int info = 0) => (string?)message.Elements(Caps + "info").ElementAt(info).Element(Caps + element);

    public static IReadOnlyList<string> References(this XElement message) => (message.Say("references") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static string Name(this XElement message) => $"{message.Say("sender")},{message.Say("identifier")},{message.Say("sent")}";

    /// <summary>What the standard asks and its schema does not see.</summary>
    public static void Lint(XElement message)
    {
        var sent = DateTimeOffset.Parse(message.Say("sent")!, null);
        Assert.DoesNotMatch(@"[\s,<&]", message.Say("identifier")! + message.Say("sender"));
        Assert.Equal(message.Say("msgType") != "Alert", message.References().Count > 0);
        Assert.Equal(message.Say("status") != "Actual", message.Say("note") is not null);
        Assert.Equal(["ko-KR", "en-US"], message.Elements(Caps + "info").Select(info => (string?)info.Element(Caps + "language")));
        Assert.All(message.Elements(Caps + "info"), info => Assert.InRange(DateTimeOffset.Parse((string)info.Element(Caps + "expires")!, null), sent.AddSeconds(1), sent.AddHours(6)));
        Assert.All(message.Elements(Caps + "info"), info => Assert.NotEmpty(info.Elements(Caps + "area")));
        Assert.All(message.Descendants().Where(each => each.Name.LocalName is "sent" or "effective" or "onset" or "expires"), time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$", time.Value));
        Assert.All(message.Descendants(Caps + "polygon"), polygon =>
        {
            var pairs = polygon.Value.Split(' ');
            Assert.InRange(pairs.Length, 4, 101);
            Assert.Equal(pairs[0], pairs[^1]);
            Assert.All(pairs, pair => Assert.Matches(@"^37\.\d+,12[67]\.?\d*$", pair));
        });
        Assert.DoesNotMatch(Unfilled(), message.Value);
    }

    /// <summary>Every message is one by the schema of OASIS, in the eyes of libxml2. Skipped, and says why, where one of them is absent.</summary>
    public static async Task Validate(IReadOnlyList<string> messages)
    {
        var schema = SharedData.Find("cap/CAP-v1.2.xsd");
        var folder = Directory.CreateTempSubdirectory("madang-cap-");
        try
        {
            for (var number = 0; number < messages.Count; number++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{number}.xml"), messages[number], new UTF8Encoding(false), Cancel);
            }

            using var lint = Start(["--nonet", "--noout", "--schema", schema, .. Directory.GetFiles(folder.FullName)]);
            var said = lint.StandardError.ReadToEndAsync(Cancel);
            await lint.WaitForExitAsync(Cancel);
            Assert.True(lint.ExitCode == 0, string.Join('\n', (await said).Split('\n').Where(line => !line.EndsWith(" validates", StringComparison.Ordinal)).Take(20)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(IEnumerable<string> words)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("xmllint", words) { RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("xmllint is not here (Debian: libxml2-utils).");
            throw;
        }
    }

    /// <summary>A place in words that nothing was put in.</summary>
    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Unfilled();
}
