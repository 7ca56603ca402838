using System.CommandLine;

namespace Madang.Server.Commands;

/// <summary>The options that every command with a server has, and the settings they stand for.</summary>
internal sealed class HostingOptions
{
    private readonly Option<string?> data = new("--data") { Description = "The folder that holds the city's data; made when absent. Default: ./data", HelpName = "DIR" };
    private readonly Option<string?> postgres = new("--postgres") { Description = "Keep the data in PostgreSQL: an Npgsql connection string, \"Host=…;Database=…;Username=…\"", HelpName = "CONN" };
    private readonly Option<string?> urls = new("--urls") { Description = $"Where to listen; several are separated by ';'. Default: {CityHost.DefaultUrls}", HelpName = "URLS" };

    public void AddTo(Command command)
    {
        command.Add(data);
        command.Add(postgres);
        command.Add(urls);
    }

    /// <summary>Only what was said: the rest comes from the environment, appsettings.json and defaults.</summary>
    public Dictionary<string, string?> Read(ParseResult parsed)
    {
        var settings = new Dictionary<string, string?>();
        Add("Storage:Data", parsed.GetValue(data));
        Add("Storage:Postgres", parsed.GetValue(postgres));
        Add("urls", parsed.GetValue(urls));
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
