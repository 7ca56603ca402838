using System.ComponentModel.DataAnnotations;

namespace Madang.Server;

/// <summary>What the server bears; configuration section <c>Server</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>The largest request body, in megabytes; a larger one is answered with 413. Default 16.</summary>
    [Range(1, 1024)]
    public int MaxBodyMegabytes { get; set; } = 16;

    /// <summary>How many requests a second one remote address may make in the long run (ten times as many at once); 0 for no limit. Default 200. This machine has no limit.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 200;
}
