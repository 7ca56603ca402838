using System.Net;
using System.Net.Sockets;
using Madang.Kernel;
using Madang.Sensing.Mqtt.Broker;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Doors;

/// <summary>Listens for MQTT where <see cref="MqttOptions"/> says, on Kestrel's socket transport, and ends every connection in good order when the server stops.</summary>
internal sealed partial class MqttDoor(IConnectionListenerFactory transport, MqttHandler plain, TlsDoor tls, PostOffice office, IOptions<MqttOptions> options, TimeProvider clock, ILogger<MqttDoor> log) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Farewell = TimeSpan.FromSeconds(5), Parting = TimeSpan.FromSeconds(2);

    private readonly List<IConnectionListener> listeners = [];
    private ITimer? timer;

    /// <summary>Where it listens, once it does; in the order of the options.</summary>
    public IReadOnlyList<EndPoint> EndPoints => [.. listeners.Select(listener => listener.EndPoint)];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        timer = clock.CreateTimer(_ => office.Sweep(), null, Second, Second);
        await Listen("Mqtt:Listen", options.Value.Listen, plain, cancellationToken);
        if (options.Value.ListenTls is not null)
        {
            tls.Prepare();
            await Listen("Mqtt:ListenTls", options.Value.ListenTls, tls, cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in listeners)
        {
            await listener.UnbindAsync(cancellationToken);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Farewell);
        await office.CloseAll(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await (timer?.DisposeAsync() ?? default);
        foreach (var listener in listeners)
        {
            await listener.DisposeAsync();
        }
    }

    /// <summary>The address in <c>HOST:PORT</c>: an address, <c>localhost</c>, or <c>*</c> for every network.</summary>
    internal static IPEndPoint ReadAddress(string option, string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon].Trim('[', ']');
        if (colon >= 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port))
        {
            if (host is "*" or "+" or "")
            {
                return new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
            }

            if (host == "localhost" || IPAddress.TryParse(host, out _))
            {
                return new IPEndPoint(host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host), port);
            }
        }

        throw new InvalidInputException(option, $"'{text}' is not of the form HOST:PORT, such as 127.0.0.1:1883, localhost:1883 or *:1883");
    }

    private async Task Listen(string option, string? text, ConnectionHandler handler, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var address = ReadAddress(option, text);
        try
        {
            var listener = await transport.BindAsync(address, cancel);
            listeners.Add(listener);
            Listening(log, listener.EndPoint, handler == tls ? "with TLS" : "without TLS");
            _ = Accept(listener, handler);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new InvalidInputException(option, $"cannot listen on {text}: {exception.Message}");
        }
    }

    private async Task Accept(IConnectionListener listener, ConnectionHandler handler)
    {
        try
        {
            while (await listener.AcceptAsync() is { } connection)
            {
                _ = Serve(connection, handler);
            }
        }
        catch (Exception exception)
        {
            Failed(log, listener.EndPoint, exception);
        }
    }

    private async Task Serve(ConnectionContext connection, ConnectionHandler handler)
    {
        // Off the thread that accepts.
        await Task.Yield();
        try
        {
            await handler.OnConnectedAsync(connection);
        }
        catch (Exception exception)
        {
            ServingFailed(log, exception);
        }
        finally
        {
            await End(connection);
        }
    }

    /// <summary>What was written still leaves, but whoever does not read is not waited for.</summary>
    private async Task End(ConnectionContext connection)
    {
        var end = connection.DisposeAsync().AsTask();
        try
        {
            await end.WaitAsync(Parting, clock);
        }
        catch (TimeoutException)
        {
            connection.Abort();
            await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "MQTT listens on {Address}, {How}.")]
    private static partial void Listening(ILogger log, EndPoint address, string how);

    [LoggerMessage(Level = LogLevel.Error, Message = "MQTT takes no more connections on {Address}.")]
    private static partial void Failed(ILogger log, EndPoint address, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "An MQTT connection could not be served.")]
    private static partial void ServingFailed(ILogger log, Exception exception);
}
