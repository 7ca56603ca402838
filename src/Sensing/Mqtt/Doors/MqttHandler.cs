using System.Net;
using System.Net.Sockets;
using Madang.Sensing.Mqtt.Broker;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Madang.Sensing.Mqtt.Doors;

/// <summary>A connection of Kestrel's socket transport that speaks MQTT, plain.</summary>
internal sealed class MqttHandler(PostOffice office) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        KeepAlive(connection);
        return office.Serve(connection.Transport, PeerOf(connection));
    }

    public static Peer PeerOf(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        return new Peer(address, address is null || IPAddress.IsLoopback(address), null);
    }

    /// <summary>A client that asks for no keep-alive and whose network vanishes would hold its place for ever; the system's own probes find it out.</summary>
    public static void KeepAlive(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && connection.RemoteEndPoint is IPEndPoint)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
    }
}
