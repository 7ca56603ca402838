using System.ComponentModel.DataAnnotations;

namespace Madang.Trust;

/// <summary>A place where people already have an account, one of <see cref="AccountsOptions.External"/>.</summary>
public sealed class ExternalProvider
{
    /// <summary>A short word of lower-case letters, digits and hyphens that never changes: accounts are linked to it, and it stands in addresses.</summary>
    [Required, RegularExpression("[a-z0-9-]{1,32}")]
    public string Name { get; set; } = "";

    /// <summary>What people call it; the button says "Sign in with …". Default: <see cref="Name"/>.</summary>
    public string? Title { get; set; }

    /// <summary>The address people are sent to (OpenID Connect: <c>authorization_endpoint</c>).</summary>
    [Required, Url]
    public string AuthorizationEndpoint { get; set; } = "";

    /// <summary>Where a code is turned into an access token.</summary>
    [Required, Url]
    public string TokenEndpoint { get; set; } = "";

    /// <summary>Where the person is asked for: JSON with <c>sub</c>, and with <c>name</c>, <c>email</c> and <c>email_verified</c> where known.</summary>
    [Required, Url]
    public string UserInfoEndpoint { get; set; } = "";

    /// <summary>The name of this city at the provider.</summary>
    [Required]
    public string ClientId { get; set; } = "";

    /// <summary>The secret of this city at the provider.</summary>
    [Required]
    public string ClientSecret { get; set; } = "";

    /// <summary>What is asked for, separated by blanks. Default <c>openid profile email</c>.</summary>
    [Required]
    public string Scope { get; set; } = "openid profile email";

    /// <summary>True when somebody unknown who comes from there with a confirmed address gets an account. Default false: only accounts that were linked sign in.</summary>
    public bool MakesPeople { get; set; }
}
