using System.Xml.Linq;
using Madang.Operations;
using Madang.Operations.Cap;
using NetTopologySuite.Geometries;

namespace Madang.Tests.Operations.Cap;

/// <summary>Whatever happens to an alert, what is said of it is right by the standard, and a function of its story and of the clock.</summary>
public sealed class CapPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 0, 0, 0, 300, TimeSpan.Zero);

    private static readonly CapAuthor Author = new("city.example", "120", "https://city.example", TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul"));

    private static readonly IReadOnlyList<CapPlace> Area = [new(new("종로구", "Jongno-gu"), CapShape.Rings(new Point(126.98, 37.57).Buffer(0.02, 64)), null, "11110"), new(new("여\u0001기 <&>", "here ]]>"), [], new Coordinate(126.98, 37.57), null)];

    [Fact]
    public void Messages_of_random_stories_hold_when_they_are_given_out_and_name_only_what_was()
    {
        var all = Stories().ToList();
        foreach (var (given, texts) in all)
        {
            Assert.All(given.Skip(1), message => Assert.NotEmpty(message.References));
            Assert.All(given, message => Assert.All(message.References, name => Assert.Contains(given, each => each.Identifier == name.Identifier && each.Sent == name.Sent && each.Sent <= message.Sent && each != message)));
            Assert.Equal(given.Count, given.Select(message => message.Identifier).Distinct().Count());
            Assert.All(given, (message, number) => Assert.Equal(number == 0, message.Kind == CapKind.Alert));
            Assert.Equal(given.Select(message => message.Sent).Order(), given.Select(message => message.Sent));
            Assert.All(texts, text => CapScene.Lint(XElement.Parse(text)));
        }

        Assert.InRange(all.Sum(story => story.Texts.Count), 500, 10_000);
    }

    [Fact]
    public Task Messages_of_random_stories_are_valid_by_the_schema_of_the_standard() => CapScene.Validate([.. Stories().SelectMany(story => story.Texts).Where((_, number) => number % 3 == 0)]);

    private static IEnumerable<(List<CapMessage> Given, List<string> Texts)> Stories()
    {
        var random = new Random(20260719);
        for (var story = 1; story <= 300; story++)
        {
            var chain = Chain(story, random);
            var (lines, now) = (new List<CapLine>(), Start);
            var (given, texts) = (new List<CapMessage>(), new List<string>());
            while (lines.Count < 12)
            {
                // Time goes on by seconds or by days, and the publisher looks in between, or late.
                now += random.Next(4) == 0 ? TimeSpan.FromHours(random.Next(30)) : TimeSpan.FromSeconds(random.Next(4_000));
                Happen(lines, random, now);
                now += random.Next(5) == 0 ? TimeSpan.FromHours(random.Next(20)) : TimeSpan.FromSeconds(random.Next(3));
                if (random.Next(3) > 0)
                {
                    chain = Publish(chain with { Lines = [.. lines] }, now, given, texts);
                }
            }

            yield return (given, texts);
        }
    }

    [Fact]
    public void Said_at_once_or_one_by_one_it_is_the_same_while_it_goes_on()
    {
        var random = new Random(7);
        for (var story = 1; story <= 100; story++)
        {
            var (lines, now, chain) = (new List<CapLine>(), Start, Chain(story, random));
            var (given, late) = (new List<CapMessage>(), new List<CapMessage>());
            for (var number = 0; number < 8; number++)
            {
                now += TimeSpan.FromMinutes(random.Next(20));
                Happen(lines, random, now);
                chain = Publish(chain with { Lines = [.. lines] }, now.AddSeconds(2), given, []);
            }

            Publish(Chain(story, random) with { Lines = [.. lines] }, now.AddSeconds(2), late, []);
            // Of one that is over before anything was given out, nothing is any more.
            Assert.Equal(given is [.., { Kind: CapKind.Cancel }] ? [] : given.Select(Told), late.Select(Told));
        }

        static string Told(CapMessage message) => $"{message.Identifier} {message.Kind} {message.Saying.News} {string.Join(' ', message.References.Select(name => name.Identifier))}";
    }

    [Fact]
    public void A_story_tells_the_public_what_is_new_and_nothing_else()
    {
        CapLine[] lines =
        [
            Line(1, AlertAct.Raised, 1, 80), Line(2, AlertAct.Acknowledged, 1, null), Line(3, AlertAct.Corrected, 1, 80), Line(4, AlertAct.Corrected, 1, 85), Line(5, AlertAct.Corrected, 2, 200), Line(6, AlertAct.Upgraded, 2, 200),
            Line(7, AlertAct.Corrected, 0, 10), Line(8, AlertAct.Lifted, 0, 10), Line(9, AlertAct.Corrected, 0, 12),
        ];

        Assert.Equal([(1, CapNews.Raised, 1), (4, CapNews.Corrected, 1), (6, CapNews.Upgraded, 2), (8, CapNews.Lifted, 2)], CapStory.Of(lines, false).Select(saying => (saying.Line!.Value, saying.News, saying.Level)));
        Assert.Equal([1L, 6, 8], CapStory.Of(lines, true).Select(saying => saying.Line!.Value));

        static CapLine Line(long id, AlertAct act, int level, double? value) => new(id, Start.AddMinutes(id), act, level, value, value is null ? null : Start, null);
    }

    private static CapChain Publish(CapChain chain, DateTimeOffset now, List<CapMessage> given, List<string> texts)
    {
        var (due, renewAt) = CapPlan.Of(chain, now, (number, sent) => Author.Name(chain.Alert, number, sent));
        var said = chain.Said.ToList();
        for (var index = 0; index < due.Count; index++)
        {
            var (message, text) = Author.Write(chain, due[index], chain.Number + index + 1, Area);
            Assert.True(message.Sent <= now && message.Expires > now, "a message lies in the past or in the future");
            given.Add(message);
            texts.Add(text);
            said.Insert(0, (new CapReference(message.Sender, message.Identifier, message.Sent), message.Expires));
        }

        Assert.True(renewAt is null || renewAt > now || chain.Lines[^1].Id > chain.Line, "a renewal is due and was not said");
        return chain with { Said = said, Number = chain.Number + due.Count, Line = chain.Lines[^1].Id };
    }

    private static CapChain Chain(int alert, Random random)
    {
        var rules = RuleDesk.Shipped.Values.ToList();
        return new CapChain
        {
            Alert = alert, Rule = rules[alert % rules.Count] with { IsPublic = true }, Subject = "city", SubjectName = new("시 <전체>", "The whole & city"), IsSimulated = random.Next(2) == 0, IsStorm = alert % 5 == 0, Lines = [], Members = ["1", "2"], Line = 0, Number = 0, Said = [],
        };
    }

    /// <summary>The next line of a story, as the ledger of alerts writes them.</summary>
    private static void Happen(List<CapLine> lines, Random random, DateTimeOffset now)
    {
        var level = lines.Count == 0 ? 0 : lines[^1].Level;
        var act = lines.Count == 0 ? AlertAct.Raised : level == 0 ? AlertAct.Corrected
            : random.Next(8) switch { 0 => AlertAct.Lifted, 1 => random.Next(2) == 0 ? AlertAct.Withdrawn : AlertAct.Folded, 2 => AlertAct.Corrected, _ => level == 1 ? AlertAct.Upgraded : AlertAct.Downgraded };
        var next = act switch { AlertAct.Raised or AlertAct.Downgraded => 1, AlertAct.Upgraded => 2, AlertAct.Corrected => level, _ => 0 };
        var hasValue = act is not (AlertAct.Withdrawn or AlertAct.Folded);
        lines.Add(new CapLine(lines.Count + 1, now, act, next, hasValue ? random.Next(1, 300) : null, hasValue ? now.AddMinutes(-1) : null, act == AlertAct.Folded ? "77" : null));
    }
}
