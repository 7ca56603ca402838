using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>What links in messages begin with: a message was sent to no address, so it is <c>Sensing:PublicUrl</c>, or where the web server listens.</summary>
internal sealed class LinkRoot(IOptions<SensingOptions> options, IServer server)
{
    private string? text;

    /// <summary>Without a slash at its end; known once the server listens.</summary>
    public string Text => text ??= options.Value.PublicUrl?.TrimEnd('/') ?? Listening();

    private string Listening()
    {
        var first = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(address => !address.Contains("unix:", StringComparison.Ordinal)) ?? "http://localhost";
        foreach (var any in (string[])["[::]", "0.0.0.0", "127.0.0.1", "*", "+"])
        {
            first = first.Replace($"://{any}", "://localhost", StringComparison.Ordinal);
        }

        return first.TrimEnd('/');
    }
}
