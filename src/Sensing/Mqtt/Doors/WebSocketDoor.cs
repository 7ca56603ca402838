using System.Net.WebSockets;
using Madang.Kernel;
using Madang.Sensing.Mqtt.Broker;
using Madang.Trust;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Mqtt.Doors;

/// <summary>MQTT over WebSocket, at <c>/mqtt</c> with the sub-protocol <c>mqtt</c> (MQTT 5.0, clause 6). Who it is says the CONNECT, or a key in the web request; a session's cookie says nothing here.</summary>
internal static class WebSocketDoor
{
    public const string Path = "/mqtt";

    private const string Protocol = "mqtt", Bearer = "Bearer ";

    /// <summary>How long the other side may take to close, in seconds.</summary>
    private const int ClosingSeconds = 2;

    public static async Task Handle(HttpContext context, PostOffice office)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw new CityRuleException("upgrade-required", "MQTT is spoken here over WebSocket, with the sub-protocol mqtt.", StatusCodes.Status426UpgradeRequired);
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            throw new InvalidInputException("Sec-WebSocket-Protocol", "must offer mqtt");
        }

        var authorization = context.Request.Headers.Authorization.ToString();
        var peer = new Peer(
            context.Connection.RemoteIpAddress, StandingCallers.IsNear(context.Request), authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..] : null);
        var socket = await context.WebSockets.AcceptWebSocketAsync(Protocol);
        await using var stream = new WebSocketBytes(socket);
        await office.Serve(StreamPipe.Of(stream), peer);
        await Close(socket);
    }

    private static async Task Close(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(ClosingSeconds));
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // It is gone already.
            socket.Abort();
        }
    }
}
