using System.Globalization;
using System.Text;

namespace Madang.Sensing.Ingest;

/// <summary>What became of one Observation: its id, or why it was refused.</summary>
internal readonly record struct Outcome(long Id, Refusal? Refusal);

/// <summary>
/// The outcomes of a request as they are kept with its Idempotency-Key: a line for each run of consecutive ids
/// (<c>first+count</c>) and for each refusal (<c>field TAB reason</c>).
/// </summary>
internal static class OutcomeText
{
    public static string Write(Outcome[] outcomes)
    {
        var text = new StringBuilder();
        for (var index = 0; index < outcomes.Length;)
        {
            text.Append(text.Length > 0 ? "\n" : "");
            if (outcomes[index].Refusal is { } refusal)
            {
                text.Append(refusal.Field).Append('\t').Append(refusal.Reason);
                index++;
                continue;
            }

            var run = 1;
            while (index + run < outcomes.Length && outcomes[index + run] is { Refusal: null } next && next.Id == outcomes[index].Id + run)
            {
                run++;
            }

            text.Append(CultureInfo.InvariantCulture, $"{outcomes[index].Id}+{run}");
            index += run;
        }

        return text.ToString();
    }

    public static Outcome[] Read(string text) => [.. text.Split('\n').SelectMany(ReadLine)];

    private static IEnumerable<Outcome> ReadLine(string line)
    {
        if (line.Split('\t', 2) is [var field, var reason])
        {
            return [new Outcome(0, new Refusal(field, reason))];
        }

        var plus = line.IndexOf('+', StringComparison.Ordinal);
        var first = long.Parse(line.AsSpan(0, plus), CultureInfo.InvariantCulture);
        return Enumerable.Range(0, int.Parse(line.AsSpan(plus + 1), CultureInfo.InvariantCulture)).Select(step => new Outcome(first + step, null));
    }
}
