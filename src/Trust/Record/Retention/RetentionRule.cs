namespace Madang.Trust.Record.Retention;

/// <summary>How long entries of some actions are kept.</summary>
/// <param name="Word">A short word for the kind.</param>
/// <param name="LeastDays">The fewest days: what the law asks for.</param>
/// <param name="Days">The days that this city keeps them; null for ever.</param>
/// <param name="Beginnings">What the actions begin with; the longest that fits decides, and none fits everything.</param>
internal sealed record RetentionRule(string Word, int LeastDays, Func<TrustOptions, int?> Days, IReadOnlyList<string> Beginnings)
{
    /// <summary>
    /// The record's own word for what was destroyed. Without these entries nobody could tell destruction from tampering, so
    /// they stay.
    /// </summary>
    public const string Destroy = "record.destroy";

    /// <summary>개인정보의 안전성 확보조치 기준, article 8 (1): what was done in a system of personal data, at least a year; two years with 50,000 persons or sensitive data.</summary>
    public const int AccessDays = 365;

    /// <summary>The same, article 5 (3): which permissions were given, changed and taken away, at least three years.</summary>
    public const int GrantDays = 3 * 365;

    public static IReadOnlyList<RetentionRule> All { get; } =
    [
        new("destruction", int.MaxValue, _ => null, [Destroy]),
        new("grants", GrantDays, options => options.KeepGrantDays, ["role.", "key.", "provider.", "department.", "person.lock", "person.unlock", "person.invite"]),
        new("personal", AccessDays, options => options.KeepPersonalDays, ["login", "logout", "session.", "account.", "person.", "people.", "personal.", "record."]),
        new("ingest", 1, options => options.KeepIngestDays, ["observations.write", "observations.create"]),
        new("other", AccessDays, options => options.KeepOtherDays, [""]),
    ];

    public static RetentionRule Of(string action) =>
        All.SelectMany(rule => rule.Beginnings, (rule, beginning) => (rule, beginning)).Where(one => action.StartsWith(one.beginning, StringComparison.Ordinal)).MaxBy(one => one.beginning.Length).rule;
}
