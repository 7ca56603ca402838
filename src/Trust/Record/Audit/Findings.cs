using System.Globalization;

namespace Madang.Trust.Record.Audit;

/// <summary>What an audit finds, in the order of finding; of each kind only so many are told, and the rest counted.</summary>
internal sealed class Findings
{
    private const int MostOfAKind = 20;

    private readonly List<AuditFinding> found = [];
    private readonly Dictionary<string, int> counts = [];

    public bool IsEmpty => found.Count == 0;

    public IReadOnlyList<AuditFinding> All =>
    [
        .. found,
        .. counts.Where(count => count.Value > MostOfAKind).Select(count => new AuditFinding(count.Key, string.Create(CultureInfo.InvariantCulture, $"and {count.Value - MostOfAKind} more of the same"))),
    ];

    public void Add(string code, FormattableString text)
    {
        counts[code] = counts.GetValueOrDefault(code) + 1;
        if (counts[code] <= MostOfAKind)
        {
            found.Add(new AuditFinding(code, FormattableString.Invariant(text)));
        }
    }
}
