using System.ComponentModel.DataAnnotations;

namespace Madang.Sensing;

/// <summary>Where MQTT listens and what it bears; configuration section <c>Mqtt</c>. Over WebSocket it is always there, at <c>/mqtt</c> of the web server.</summary>
public sealed class MqttOptions
{
    /// <summary>Where MQTT listens without TLS, as <c>HOST:PORT</c> (1883 is usual): an address, <c>localhost</c>, or <c>*</c> for every network. Default: nowhere.</summary>
    public string? Listen { get; set; }

    /// <summary>Where MQTT listens with TLS (8883 is usual); needs <see cref="Certificate"/>. Default: nowhere.</summary>
    public string? ListenTls { get; set; }

    /// <summary>The file of the server's certificate: PEM with its chain, or PKCS #12 (<c>.pfx</c>, <c>.p12</c>). Read again when it changes.</summary>
    public string? Certificate { get; set; }

    /// <summary>The PEM file of its private key, where the certificate's own file does not hold it.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>The password of a PKCS #12 file or of the key; better in the environment, as <c>MADANG__Mqtt__CertificatePassword</c>.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>The most connections at once. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>The most connections at once of one remote address; this machine has no such limit. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>How many seconds a connection may take to say who it is. Default 10.</summary>
    [Range(1, 300)]
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>The longest keep-alive, in seconds, and that of a client of 5.0 who asks for none. Default 3,600.</summary>
    [Range(10, 65_535)]
    public int MaxKeepAliveSeconds { get; set; } = 3_600;

    /// <summary>The largest packet, in KiB; a larger one ends the connection. Default 1,024.</summary>
    [Range(1, 262_143)]
    public int MaxPacketKilobytes { get; set; } = 1_024;

    /// <summary>How many messages of one connection may wait for their acknowledgement (the Receive Maximum of 5.0); then nothing more is read from it. Default 500.</summary>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; set; } = 500;

    /// <summary>The most subscriptions of one session. Default 200.</summary>
    [Range(1, 100_000)]
    public int MaxSubscriptions { get; set; } = 200;

    /// <summary>The longest topic, in characters. Default 1,024.</summary>
    [Range(32, 65_535)]
    public int MaxTopicLength { get; set; } = 1_024;

    /// <summary>The most messages that wait in one session to be delivered. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int SessionMessages { get; set; } = 1_000;

    /// <summary>The most KiB that wait in one session to be delivered. Default 1,024.</summary>
    [Range(1, 1_048_576)]
    public int SessionKilobytes { get; set; } = 1_024;

    /// <summary>The most sessions that are kept for clients who are away. Default 10,000.</summary>
    [Range(0, 1_000_000)]
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>The most hours that a session is kept for a client who is away. Default 24.</summary>
    [Range(0, 8_760)]
    public int SessionHours { get; set; } = 24;

    /// <summary>How many changes may wait to be told to subscribers. Default 100,000.</summary>
    [Range(100, 10_000_000)]
    public int WaitingChanges { get; set; } = 100_000;
}
