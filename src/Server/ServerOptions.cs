using System.ComponentModel.DataAnnotations;

namespace Madang.Server;

/// <summary>What the server bears; configuration section <c>Server</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>The largest request body, in megabytes; a larger one is answered with 413. Default 16.</summary>
    [Range(1, 1024)]
    public int MaxBodyMegabytes { get; set; } = 16;

    /// <summary>
    /// The reverse proxies before this server, whose word for who asks is taken: addresses or networks such as
    /// <c>10.0.0.5</c> or <c>10.0.0.0/24</c>, and <c>unix</c> for whoever comes by a Unix socket. Default none.
    /// </summary>
    public IReadOnlyList<string> Proxies { get; set; } = [];
}
