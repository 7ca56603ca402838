using System.Text.RegularExpressions;

namespace Madang.Tests.Laws;

/// <summary>The answers to OWASP ASVS 5.0.0 speak of every requirement once, count right, and cite what is there.</summary>
public sealed partial class SecurityDocTests
{
    private const string Folder = "docs/security", Met = "met";

    /// <summary>A table that keeps every law, for the tests that break each once.</summary>
    private const string Good = """
        | level | requirements | met | operator | n/a | not met |
        |---|---|---|---|---|---|
        | 1 | 1 | 1 | 0 | 0 | 0 |
        | 2 | 2 | 0 | 0 | 1 | 1 |

        | no | level | asks | state | answer |
        |---|---|---|---|---|
        | 1.1.1 | 1 | something | met | [here](practice.md), `SECURITY.md`, `SecurityDocTests.A_breach_is_seen` |
        | 1.1.2 | 2 | something else | n/a | There is none. |
        | 1.1.3 | 2 | a third thing | not met | Missing. |
        """;

    private static readonly string[] States = [Met, "operator", "n/a", "not met"];

    /// <summary>The standard's numbers and their levels, as far as the document promises to answer.</summary>
    private static Dictionary<string, string> Asked { get; } =
        File.ReadAllLines(Path.Combine(House.Root, "tests/Madang.Tests/Laws/asvs-5.0.0.txt")).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);

    [Fact]
    public void Every_requirement_is_answered_once_and_counted() => Keeps(Answers(Read("asvs.md"), Asked));

    [Theory]
    [InlineData("asvs.md")]
    [InlineData("practice.md")]
    public void What_is_cited_is_there(string name) => Keeps(Cites(Read(name)));

    [Fact]
    public void All_of_level_1_is_asked_for() => Assert.Equal(70, Asked.Count(one => one.Value == "1"));

    [Fact]
    public void A_good_table_is_good() => Assert.Empty(Breaches(Good));

    [Theory]
    [InlineData("| 1.1.2 | 2 |", "| 1.1.2 | 1 |", "1.1.2 is of level 2")]
    [InlineData("| 1.1.2 | 2 |", "| 1.1.4 | 2 |", "1.1.2 stands 0 times")]
    [InlineData("| 1.1.2 | 2 |", "| 1.1.4 | 2 |", "1.1.4 is not asked for")]
    [InlineData("| 1.1.3 | 2 |", "| 1.1.2 | 2 |", "1.1.2 stands 2 times")]
    [InlineData("| n/a |", "| perhaps |", "1.1.2 is 'perhaps'")]
    [InlineData("Missing. |", "Missing.", "no row of five cells")]
    [InlineData("| n/a | There", "| met | There", "1.1.2 is met by nothing")]
    [InlineData("| 2 | 2 | 0 |", "| 2 | 2 | 1 |", "level 2 is counted wrong")]
    [InlineData("`SECURITY.md`", "`docs/no-such.md`", "docs/no-such.md is not there")]
    [InlineData("practice.md", "no-such.md", "no-such.md is not there")]
    [InlineData(".A_breach_is_seen", ".Nothing_is_seen", "SecurityDocTests.Nothing_is_seen is no test")]
    public void A_breach_is_seen(string part, string other, string said) =>
        Assert.Contains(Breaches(Good.Replace(part, other, StringComparison.Ordinal)), breach => breach.Contains(said, StringComparison.Ordinal));

    private static IEnumerable<string> Breaches(string text) => Answers(text, new Dictionary<string, string> { ["1.1.1"] = "1", ["1.1.2"] = "2", ["1.1.3"] = "2" }).Concat(Cites(text));

    private static IEnumerable<string> Answers(string text, Dictionary<string, string> asked)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).Where(line => Numbered().IsMatch(line)).ToList();
        var rows = lines.Select(line => Row().Match(line)).Where(match => match.Success)
            .Select(match => new Answer(match.Groups["no"].Value, match.Groups["level"].Value, match.Groups["state"].Value, match.Groups["answer"].Value)).ToList();
        return lines.Where(line => !Row().IsMatch(line)).Select(line => $"This is no row of five cells: {line}")
            .Concat(asked.Keys.Where(number => rows.Count(row => row.Number == number) != 1).Select(number => $"{number} stands {rows.Count(row => row.Number == number)} times."))
            .Concat(rows.SelectMany(row => Judge(row, asked)))
            .Concat(asked.Values.Distinct().Where(level => !text.Contains(CountOf(level, rows), StringComparison.Ordinal)).Select(level => $"The level {level} is counted wrong; it must be: {CountOf(level, rows)}"));
    }

    private static IEnumerable<string> Judge(Answer row, Dictionary<string, string> asked)
    {
        if (!asked.TryGetValue(row.Number, out var level))
        {
            yield return $"{row.Number} is not asked for.";
        }
        else if (row.Level != level)
        {
            yield return $"{row.Number} is of level {level}.";
        }

        if (!States.Contains(row.State))
        {
            yield return $"{row.Number} is '{row.State}' and not one of {string.Join(", ", States)}.";
        }

        if (row.State == Met && !CitedPath().IsMatch(row.Text) && !CitedTest().IsMatch(row.Text) && !Link().IsMatch(row.Text))
        {
            yield return $"{row.Number} is met by nothing that is named.";
        }
    }

    private static IEnumerable<string> Cites(string text) =>
        CitedPath().Matches(text).Select(match => match.Groups["path"].Value)
            .Concat(Link().Matches(text).Select(match => $"{Folder}/{match.Groups["path"].Value}"))
            .Distinct().Where(path => !Path.Exists(Path.Combine(House.Root, path))).Select(path => $"{path} is not there.")
            .Concat(CitedTest().Matches(text).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value))
                .Distinct().Where(test => !IsTest(test.Class, test.Method)).Select(test => $"{test.Class}.{test.Method} is no test."));

    /// <summary>Looked for in the sources, because the tests with a browser are an assembly of their own.</summary>
    private static bool IsTest(string type, string method) => House.Sources.Any(source =>
        source.Path.StartsWith("tests/", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(source.Path) == type && Regex.IsMatch(source.Text, $@"public (async )?(Task|void) {method}\("));

    private static string CountOf(string level, List<Answer> rows)
    {
        var own = rows.Where(row => row.Level == level).ToList();
        return $"| {level} | {own.Count} | {string.Join(" | ", States.Select(state => own.Count(row => row.State == state)))} |";
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(House.Root, Folder, name));

    private static void Keeps(IEnumerable<string> breaches)
    {
        var all = breaches.Distinct().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    [GeneratedRegex(@"^\| *\d+\.\d+\.\d+\b")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\| (?<no>\d+\.\d+\.\d+) \| (?<level>\d) \| (?<asks>[^|]+) \| (?<state>[^|]+) \| (?<answer>[^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<path>(?:src|tests|docs|bench|maps)/[^`\s]+|[A-Z]+\.md|Directory\.\w+\.props)`")]
    private static partial Regex CitedPath();

    [GeneratedRegex(@"`(?<class>[A-Z]\w*Tests)\.(?<method>\w+)`")]
    private static partial Regex CitedTest();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#\s]+)\)")]
    private static partial Regex Link();

    private sealed record Answer(string Number, string Level, string State, string Text);
}
