using System.ComponentModel.DataAnnotations;

namespace Madang.Trust;

/// <summary>Who may come in beside people and keys; configuration section <c>Trust</c>.</summary>
public sealed class TrustOptions
{
    /// <summary>Lets every process on the server's own machine do everything without saying who it is. For a laptop, and for nothing else. Default false.</summary>
    public bool Open { get; set; }

    /// <summary>A secret of at least 24 characters that lets a caller write everything from anywhere (<c>Authorization: Bearer …</c>); a key of the city's own that stands in no table.</summary>
    [MinLength(24)]
    public string? WriteKey { get; set; }
}
