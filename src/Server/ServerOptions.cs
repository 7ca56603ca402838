using System.ComponentModel.DataAnnotations;

namespace Madang.Server;

/// <summary>What the server bears; configuration section <c>Server</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>The largest request body, in megabytes; a larger one is answered with 413. Default 16.</summary>
    [Range(1, 1024)]
    public int MaxBodyMegabytes { get; set; } = 16;
}
