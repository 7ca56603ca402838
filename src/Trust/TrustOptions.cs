using System.ComponentModel.DataAnnotations;
using Madang.Trust.Record.Retention;

namespace Madang.Trust;

/// <summary>Who may come in beside people and keys, and where the record is kept; configuration section <c>Trust</c>.</summary>
public sealed class TrustOptions
{
    /// <summary>Lets every process on the server's own machine do everything without saying who it is. For a laptop, and for nothing else. Default false.</summary>
    public bool Open { get; set; }

    /// <summary>A secret of at least 24 characters that lets a caller write everything from anywhere (<c>Authorization: Bearer …</c>); a key of the city's own that stands in no table.</summary>
    [MinLength(24)]
    public string? WriteKey { get; set; }

    /// <summary>How many requests a second one remote address may make in the long run, ten times as many at once, where no operator set another limit; 0 for no limit. Default 200. This machine has no limit.</summary>
    [Range(0, 1_000_000)]
    public int AddressRequestsPerSecond { get; set; } = 200;

    /// <summary>The same for a person who signed in. Default 50.</summary>
    [Range(0, 1_000_000)]
    public int AccountRequestsPerSecond { get; set; } = 50;

    /// <summary>
    /// The folder of the record's log: checkpoint, tiles, public key. Beside it, as <c>….secret</c>, lie its keys. Default
    /// <c>audit</c> below the data folder; with PostgreSQL <c>./audit</c>.
    /// </summary>
    public string? RecordFolder { get; set; }

    /// <summary>The name of the log in its checkpoints, such as <c>city.example/record</c>; taken when the key is made. Default <c>madang.local/</c> and a random number.</summary>
    [RegularExpression(@"[^\s+]{1,200}", ErrorMessage = "must be a name without spaces and plus signs, such as city.example/record")]
    public string? RecordOrigin { get; set; }

    /// <summary>How many entries may wait to be recorded before callers are refused with 503. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int RecordQueueLimit { get; set; } = 100_000;

    /// <summary>Witnesses on other machines that are asked to sign the record's checkpoints: each an address and a public key, <c>https://witness.example witness.example/1+0123abcd+BA…</c>.</summary>
    public IReadOnlyList<string> Witnesses { get; set; } = [];

    /// <summary>How many days entries about logins, accounts and personal data are kept. The law asks for a year, and for two where 50,000 persons or sensitive data are concerned (개인정보의 안전성 확보조치 기준, article 8). Default 730.</summary>
    [Range(RetentionRule.AccessDays, MostDays, ErrorMessage = "must be at least 365 days: the law asks for a year (개인정보의 안전성 확보조치 기준, article 8), and 100 years at most")]
    public int KeepPersonalDays { get; set; } = 2 * RetentionRule.AccessDays;

    /// <summary>How many days entries about permissions (roles, keys, providers, departments) are kept. The law asks for three years (the same, article 5). Default 1,095.</summary>
    [Range(RetentionRule.GrantDays, MostDays, ErrorMessage = "must be at least 1095 days: the law asks for three years (개인정보의 안전성 확보조치 기준, article 5), and 100 years at most")]
    public int KeepGrantDays { get; set; } = RetentionRule.GrantDays;

    /// <summary>How many days entries about Observations that devices sent are kept. They are about no person. Default 90.</summary>
    [Range(1, MostDays)]
    public int KeepIngestDays { get; set; } = 90;

    /// <summary>How many days all other entries are kept; at least a year, since what officials do may be access to personal data. Default 730.</summary>
    [Range(RetentionRule.AccessDays, MostDays, ErrorMessage = "must be at least 365 days: the law asks for a year (개인정보의 안전성 확보조치 기준, article 8), and 100 years at most")]
    public int KeepOtherDays { get; set; } = 2 * RetentionRule.AccessDays;

    private const int MostDays = 36_500;
}
