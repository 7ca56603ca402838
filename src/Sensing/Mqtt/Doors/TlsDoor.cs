using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Madang.Kernel;
using Madang.Sensing.Mqtt.Broker;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Doors;

/// <summary>MQTT inside TLS, with the certificate of <see cref="MqttOptions"/>, which is read again when its file changes.</summary>
internal sealed partial class TlsDoor(PostOffice office, IOptions<MqttOptions> options, TimeProvider clock, ILogger<TlsDoor> log) : ConnectionHandler, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private SslStreamCertificateContext? context;
    private DateTime written;
    private long lookedAt;

    /// <summary>Reads the certificate; one that cannot be used stops the start.</summary>
    public void Prepare()
    {
        try
        {
            context = Load();
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("Mqtt:Certificate", $"cannot be used: {exception.Message}");
        }
    }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        MqttHandler.KeepAlive(connection);
        await using var stream = new SslStream(new DuplexStream(connection.Transport), leaveInnerStreamOpen: false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ConnectSeconds));
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = Current(), EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateRevocationCheckMode = X509RevocationMode.NoCheck }, patience.Token);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException)
        {
            MqttMeters.Rejected.Add(1);
            NoHandshake(log, exception.Message);
            return;
        }

        await office.Serve(StreamPipe.Of(stream), MqttHandler.PeerOf(connection));
    }

    public void Dispose() => context = null;

    private SslStreamCertificateContext Current()
    {
        lock (gate)
        {
            if (clock.GetElapsedTime(lookedAt) > Look)
            {
                lookedAt = clock.GetTimestamp();
                Renew();
            }

            return context!;
        }
    }

    /// <summary>A new certificate that cannot be read leaves the old one in its place, and stands in the log.</summary>
    private void Renew()
    {
        try
        {
            if (File.GetLastWriteTimeUtc(options.Value.Certificate!) != written)
            {
                context = Load();
            }
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            NotRenewed(log, exception);
        }
    }

    private SslStreamCertificateContext Load()
    {
        var (file, key, password) = (options.Value.Certificate, options.Value.CertificateKey, options.Value.CertificatePassword);
        if (string.IsNullOrWhiteSpace(file))
        {
            throw new InvalidInputException("Mqtt:Certificate", "is required where MQTT listens with TLS (Mqtt:ListenTls, --mqtts)");
        }

        written = File.GetLastWriteTimeUtc(file);
        lookedAt = clock.GetTimestamp();
        var chain = new X509Certificate2Collection();
        if (Path.GetExtension(file).ToLowerInvariant() is ".pfx" or ".p12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
            var own = chain.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException($"{file} holds no private key.");
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }

        chain.ImportFromPemFile(file);
        var certificate = password is null ? X509Certificate2.CreateFromPemFile(file, key) : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "An MQTT connection did not come to an understanding on TLS: {Reason}")]
    private static partial void NoHandshake(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new certificate for MQTT cannot be used; the old one stays.")]
    private static partial void NotRenewed(ILogger log, Exception exception);
}
