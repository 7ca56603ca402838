using System.CommandLine;

namespace Madang.Server.Commands;

/// <summary>The options that every command with a server has, and the settings they stand for.</summary>
internal sealed class HostingOptions
{
    private readonly Option<string?> data = new("--data") { Description = "The folder that holds the city's data; made when absent. Default: ./data. Not together with --postgres", HelpName = "DIR" };
    private readonly Option<string?> postgres = new("--postgres") { Description = "Keep the data in PostgreSQL: an Npgsql connection string, \"Host=…;Database=…;Username=…\". Not together with --data", HelpName = "CONN" };
    private readonly Option<string?> urls = new("--urls") { Description = $"Where to listen; several are separated by ';'. Default: {CityHost.DefaultUrls}", HelpName = "URLS" };

    private readonly Option<string?> mqtt = new("--mqtt") { Description = "Where MQTT listens too, without TLS: 127.0.0.1:1883, or *:1883 for every network. Over WebSocket it is at /mqtt in any case", HelpName = "HOST:PORT" };
    private readonly Option<string?> mqtts = new("--mqtts") { Description = "Where MQTT listens with TLS: *:8883. Needs --mqtts-certificate", HelpName = "HOST:PORT" };
    private readonly Option<string?> certificate = new("--mqtts-certificate") { Description = "The certificate for --mqtts: PEM with its chain, or PKCS #12 (.pfx)", HelpName = "FILE" };
    private readonly Option<string?> certificateKey = new("--mqtts-key") { Description = "The private key of the certificate, where it lies in a file of its own", HelpName = "FILE" };

    private readonly Option<bool> open = new("--open") { Description = "Let every program on this machine read and write everything without a key. For a laptop; never where others have accounts" };

    public void AddTo(Command command)
    {
        command.Add(data);
        command.Add(postgres);
        command.Add(urls);
        command.Add(open);
        command.Add(mqtt);
        command.Add(mqtts);
        command.Add(certificate);
        command.Add(certificateKey);
        RefuseBoth(command, data, postgres);
    }

    /// <summary>With PostgreSQL nothing is kept in a folder: who names both believes something that is not so.</summary>
    public static void RefuseBoth(Command command, Option data, Option postgres) => command.Validators.Add(result =>
    {
        if (result.GetResult(data) is { Implicit: false } && result.GetResult(postgres) is { Implicit: false })
        {
            result.AddError("--data and --postgres exclude each other: with PostgreSQL nothing is kept in a folder");
        }
    });

    /// <summary>Only what was said: the rest comes from the environment, appsettings.json and defaults.</summary>
    public Dictionary<string, string?> Read(ParseResult parsed)
    {
        var settings = new Dictionary<string, string?>();
        Add("Storage:Data", parsed.GetValue(data));
        // A folder that was asked for is used, also where the environment names PostgreSQL.
        Add("Storage:Postgres", parsed.GetValue(data) is null ? parsed.GetValue(postgres) : "");
        Add("urls", parsed.GetValue(urls));
        Add("Trust:Open", parsed.GetValue(open) ? "true" : null);
        Add("Mqtt:Listen", parsed.GetValue(mqtt));
        Add("Mqtt:ListenTls", parsed.GetValue(mqtts));
        Add("Mqtt:Certificate", parsed.GetValue(certificate));
        Add("Mqtt:CertificateKey", parsed.GetValue(certificateKey));
        return settings;

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                settings[key] = value;
            }
        }
    }
}
