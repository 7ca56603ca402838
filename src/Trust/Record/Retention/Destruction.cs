using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Kernel;

namespace Madang.Trust.Record.Retention;

/// <summary>
/// What an entry <c>record.destroy</c> says: that so many entries of one action, in these places and from before a moment,
/// are gone; or that these bundles of entries are.
/// </summary>
/// <param name="Kind">The action of the entries; <see cref="Bundles"/> for bundles.</param>
/// <param name="First">The first place, or the first bundle.</param>
/// <param name="Last">The last one.</param>
/// <param name="Count">How many.</param>
/// <param name="Before">The moment (microseconds) before which all of them were; null for bundles.</param>
internal sealed partial record Destruction(string Kind, long First, long Last, long Count, long? Before)
{
    /// <summary>The kind that stands for whole files of entries, whose rows were destroyed before.</summary>
    public const string Bundles = "tile/entries";

    /// <summary>What every such entry has in it, and no other one: a quotation mark within a text is escaped.</summary>
    private static readonly byte[] Mark = Encoding.UTF8.GetBytes($"\"action\":\"{RetentionRule.Destroy}\"");

    public RecordEntry Entry() => new(RetentionRule.Destroy)
    {
        Who = RecordEntry.Local, Kind = Kind, Purpose = "retention",
        Thing = string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}: {Count}{(Before is { } before ? " before " + IsoTime.Write(IsoTime.FromMicros(before)) : "")}"),
    };

    public static bool IsOne(ReadOnlySpan<byte> leaf) => leaf.IndexOf(Mark) >= 0;

    /// <summary>Reads an entry, and when it was written; null when it says nothing that could be understood.</summary>
    public static (Destruction What, long At)? TryRead(ReadOnlyMemory<byte> leaf)
    {
        using var json = JsonDocument.Parse(leaf);
        if (Text(json, "action") != RetentionRule.Destroy || Text(json, "kind") is not { } kind || Form().Match(Text(json, "thing") ?? "") is not { Success: true } form
            || !IsoTime.TryParse(Text(json, "at"), out var at) || form.Groups["before"].Success == (kind == Bundles))
        {
            return null;
        }

        DateTimeOffset before = default;
        return kind == Bundles || IsoTime.TryParse(form.Groups["before"].Value, out before)
            ? (new Destruction(kind, Number("first"), Number("last"), Number("count"), kind == Bundles ? null : before.ToMicros()), at.ToMicros())
            : null;
        long Number(string group) => long.Parse(form.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static string? Text(JsonDocument json, string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex("^(?<first>[0-9]{1,18})-(?<last>[0-9]{1,18}): (?<count>[0-9]{1,18})( before (?<before>\\S+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
