using System.ComponentModel.DataAnnotations;

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
}
