using System.ComponentModel.DataAnnotations;

namespace Madang.Trust;

/// <summary>How people sign in; configuration section <c>Accounts</c>.</summary>
public sealed class AccountsOptions
{
    /// <summary>
    /// The address by which people know this city, such as <c>https://madang.example</c>: links in letters begin with it, and
    /// cookies are marked Secure behind a proxy that ends TLS. Default: where the server listens.
    /// </summary>
    [RegularExpression(@"https?://[^/\s]+", ErrorMessage = "must be an address without a path, such as https://madang.example")]
    public string? PublicAddress { get; set; }

    /// <summary>True when anybody may open an account at <c>/join</c>. Default false; the demo sets it.</summary>
    public bool Join { get; set; }

    /// <summary>After how many minutes without a request a session ends. Default 60 (NIST SP 800-63B-4, AAL2: at most one hour).</summary>
    [Range(5, 1440)]
    public int IdleMinutes { get; set; } = 60;

    /// <summary>How many hours a session lives at most. Default 12 (NIST SP 800-63B-4, AAL2: at most 24).</summary>
    [Range(1, 720)]
    public int SessionHours { get; set; } = 12;

    /// <summary>
    /// Who needs a second factor: <c>roles</c> (default), so that a person's roles sleep in a session that was begun with one factor
    /// alone; <c>none</c>, which the demo sets. What everybody may and the own account never ask for one.
    /// </summary>
    [RegularExpression("roles|none", ErrorMessage = "must be roles or none")]
    public string SecondFactor { get; set; } = "roles";

    /// <summary>The mail server, <c>host</c> or <c>host:port</c> (587 unless said), spoken to with STARTTLS. Without one letters are files in <see cref="MailFolder"/>.</summary>
    [RegularExpression(@"[\w.-]+(:\d{1,5})?", ErrorMessage = "must be host or host:port")]
    public string? MailServer { get; set; }

    /// <summary>Whether the mail server must speak TLS (STARTTLS). Default true; false only for a server on the same machine.</summary>
    public bool MailTls { get; set; } = true;

    /// <summary>The name to sign in with at the mail server; none when not set.</summary>
    public string? MailName { get; set; }

    /// <summary>The password for <see cref="MailName"/>.</summary>
    public string? MailPassword { get; set; }

    /// <summary>Who letters come from. Default <c>madang@localhost</c>.</summary>
    [Required]
    public string MailFrom { get; set; } = "madang@localhost";

    /// <summary>Where letters are put as <c>.eml</c> files when there is no <see cref="MailServer"/>. Default: <c>mail</c> below the data folder.</summary>
    public string? MailFolder { get; set; }

    /// <summary>Other places where people already have an account: OAuth 2 or OpenID Connect, code flow with PKCE.</summary>
    public IReadOnlyList<ExternalProvider> External { get; set; } = [];
}
