using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Tasking;

/// <summary>The values a component allows; each list empty when it does not limit.</summary>
internal sealed record AllowedValues(IReadOnlyList<string> Tokens, IReadOnlyList<double> Numbers, IReadOnlyList<(double From, double To)> Intervals, Regex? Pattern)
{
    /// <summary>Patterns come from clients: they run without backtracking, so that none can be made to run for ever.</summary>
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    public static AllowedValues Read(JsonElement? constraint, string path)
    {
        var (tokens, numbers, intervals, pattern) = (new List<string>(), new List<double>(), new List<(double, double)>(), (Regex?)null);
        if (constraint is not { } json)
        {
            return new AllowedValues(tokens, numbers, intervals, pattern);
        }

        foreach (var item in Items(Component.Member(json, "value", path), path + ".value"))
        {
            if (item.ValueKind == JsonValueKind.Number)
            {
                numbers.Add(item.GetDouble());
            }
            else
            {
                tokens.Add(Json.Text(item, path + ".value"));
            }
        }

        foreach (var item in Items(Component.Member(json, "interval", path), path + ".interval"))
        {
            var ends = Items(item, path + ".interval").ToList();
            intervals.Add(ends is [{ ValueKind: JsonValueKind.Number } from, { ValueKind: JsonValueKind.Number } to] && from.GetDouble() <= to.GetDouble()
                ? (from.GetDouble(), to.GetDouble())
                : throw new InvalidInputException(path + ".interval", "is an array of pairs of numbers, the smaller one first: [[0, 100]]"));
        }

        return new AllowedValues(tokens, numbers, intervals, Component.Member(json, "pattern", path) is { } written ? Compile(Json.Text(written, path + ".pattern"), path + ".pattern") : null);
    }

    public void CheckNumber(JsonElement value, string path)
    {
        var number = value.GetDouble();
        if (Numbers.Count + Intervals.Count > 0 && !Numbers.Contains(number) && !Intervals.Any(interval => number >= interval.From && number <= interval.To))
        {
            var allowed = Numbers.Select(each => each.ToString(CultureInfo.InvariantCulture)).Concat(Intervals.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.From} to {each.To}")));
            throw new InvalidInputException(path, $"{value.GetRawText()} is not allowed; allowed are {string.Join(", ", allowed)}");
        }
    }

    public void CheckText(string text, string path)
    {
        if (Tokens.Count > 0 && !Tokens.Contains(text))
        {
            throw new InvalidInputException(path, $"'{text}' is not allowed; allowed are {string.Join(", ", Tokens)}");
        }

        if (Pattern is not null && !Pattern.IsMatch(text))
        {
            throw new InvalidInputException(path, $"'{text}' does not match the pattern {Pattern}");
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement? json, string path) => json switch
    {
        null => default,
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw new InvalidInputException(path, "must be an array"),
    };

    private static Regex Compile(string pattern, string path)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException(path, $"is no pattern that can be used: {wrong.Message}");
        }
    }
}
