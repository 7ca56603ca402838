using System.ComponentModel.DataAnnotations;

namespace Madang.Trust;

/// <summary>Who may write, until accounts exist; configuration section <c>Trust</c>.</summary>
public sealed class TrustOptions
{
    /// <summary>
    /// A secret of at least 24 characters that lets a caller write from anywhere (<c>Authorization: Bearer …</c>). When it
    /// is not set, only callers on this machine may write.
    /// </summary>
    [MinLength(24)]
    public string? WriteKey { get; set; }
}
