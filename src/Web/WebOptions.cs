using System.ComponentModel.DataAnnotations;

namespace Madang.Web;

/// <summary>How the pages are made; configuration section <c>Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>
    /// The address of a MapLibre style for the ground of the map, absolute or beginning with a slash; its host is then allowed in the pages' content
    /// security policy. Default: none, a plain ground, so that a page asks no other host.
    /// </summary>
    [RegularExpression(@"(https?://|/)\S+", ErrorMessage = "Web:MapStyle must be an address: https://… or /…")]
    public string? MapStyle { get; set; }
}
