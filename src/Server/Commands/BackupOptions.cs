using System.CommandLine;
using System.Runtime.InteropServices;
using Madang.Kernel;
using Madang.Server.Hosting;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary>Where the city is and what opens its backup: the options that <c>backup</c> and <c>restore</c> share.</summary>
internal sealed class BackupOptions
{
    private const string PassphraseVariable = "MADANG_BACKUP_PASSPHRASE";

    private readonly Option<string?> data;
    private readonly Option<string?> postgres;
    private readonly Option<string?> key = new("--key") { Description = "A key file, made by ./madang backup --make-key", HelpName = "FILE" };
    private readonly Option<string?> passphrase = new("--passphrase-file") { Description = $"A file whose first line is a passphrase of {BackupKey.FewestLetters} letters or more. Default without --key: {PassphraseVariable} of the environment", HelpName = "FILE" };

    public BackupOptions(string dataHelp, string postgresHelp)
    {
        data = new Option<string?>("--data") { Description = dataHelp, HelpName = "DIR" };
        postgres = new Option<string?>("--postgres") { Description = postgresHelp, HelpName = "CONN" };
    }

    public void AddTo(Command command)
    {
        command.Add(data);
        command.Add(postgres);
        command.Add(key);
        command.Add(passphrase);
        HostingOptions.RefuseBoth(command, data, postgres);
        command.Validators.Add(result =>
        {
            if (result.GetResult(key) is not null && result.GetResult(passphrase) is not null)
            {
                result.AddError("--key and --passphrase-file exclude each other");
            }
        });
    }

    /// <summary>True when a place was named on the command line.</summary>
    public bool HasPlace(ParseResult parsed) => parsed.GetValue(data) is not null || parsed.GetValue(postgres) is not null;

    public BackupKey ReadKey(ParseResult parsed) => (parsed.GetValue(key), parsed.GetValue(passphrase), Environment.GetEnvironmentVariable(PassphraseVariable)) switch
    {
        ({ } file, _, _) => BackupKey.ReadFile(file),
        (_, { } file, _) => BackupKey.ReadPassphrase(file),
        (_, _, { Length: > 0 } words) => BackupKey.OfPassphrase(words, PassphraseVariable),
        _ => throw new InvalidInputException("--key", $"is missing: a backup is always encrypted. Make a key with ./madang backup --make-key FILE, or name a passphrase with --passphrase-file or {PassphraseVariable}"),
    };

    /// <summary>The places as a server with these options, this environment and this appsettings.json has them; and the schema scripts it knows.</summary>
    public (CityPlaces Places, IReadOnlyCollection<string> Scripts) ReadPlaces(ParseResult parsed)
    {
        var settings = new Dictionary<string, string?>();
        if (parsed.GetValue(data) is { } folder)
        {
            // A folder that was asked for is used, also where the environment names PostgreSQL.
            (settings["Storage:Data"], settings["Storage:Postgres"]) = (folder, "");
        }
        else if (parsed.GetValue(postgres) is { } connection)
        {
            settings["Storage:Postgres"] = connection;
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddCitySettings(settings);
        builder.Services.AddCity();
        var places = CityPlaces.Of(Bound<StorageOptions>(builder, "Storage"), Bound<TrustOptions>(builder, "Trust"), Bound<AccountsOptions>(builder, "Accounts"));
        return (places, builder.Services.SchemaScriptNames(places.Engine));
    }

    /// <summary>Does the work until Ctrl-C or SIGTERM, after which it cleans up; what an operator can mend is said in a line.</summary>
    public static async Task<int> Run(Func<CancellationToken, Task<int>> work, CancellationToken cancel)
    {
        // No host runs here that would hear signals.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("madang: stopped. Nothing was left behind.");
            return CommandLine.Stopped;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"madang: {failure.Message}");
            return CommandLine.BadInput;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static T Bound<T>(WebApplicationBuilder builder, string section)
        where T : new() => builder.Configuration.GetSection(section).Get<T>() ?? new T();
}
