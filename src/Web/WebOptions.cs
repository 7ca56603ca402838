using System.ComponentModel.DataAnnotations;

namespace Madang.Web;

/// <summary>How the pages are made; configuration section <c>Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>The address by which readers know this server, such as <c>https://madang.example</c>; pages name themselves by it. Default: what each request says in its Host, which only a proxy in front can vouch for.</summary>
    [RegularExpression(@"https?://[^/\s]+", ErrorMessage = "Web:Origin must be an address without a path: https://madang.example")]
    public string? Origin { get; set; }

    /// <summary>
    /// The address of a MapLibre style for the ground of the map, absolute or beginning with a slash; its host is then allowed in the pages' content
    /// security policy. Default: none, a plain ground, so that a page asks no other host.
    /// </summary>
    [RegularExpression(@"(https?://|/)\S+", ErrorMessage = "Web:MapStyle must be an address: https://… or /…")]
    public string? MapStyle { get; set; }
}
