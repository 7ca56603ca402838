using System.Reflection;
using Madang.Kernel;
using Madang.Storage.Engines;
using Madang.Storage.Facts;
using Madang.Storage.Scripts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Madang.Storage;

/// <summary>Registers the store: engine, schema scripts, facts.</summary>
public static class StorageModule
{
    /// <summary>Adds the database chosen by <see cref="StorageOptions"/> and the delivery of facts.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration("Storage").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FactSignal>();
        services.AddSingleton<FactCursors>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<IDatabase>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            var signal = provider.GetRequiredService<FactSignal>();
            var clock = provider.GetRequiredService<TimeProvider>();
            IDatabase engine = string.IsNullOrWhiteSpace(options.Postgres) ? new SqliteDatabase(options, signal, clock) : new PostgresDatabase(options, signal, clock);
            return new WatchedDatabase(engine, provider.GetRequiredService<StoreHealth>());
        });
        services.AddSchema("storage", typeof(StorageModule).Assembly);
        services.AddSingleton<SchemaScripts>();
        services.AddSingleton<FactPump>();
        services.AddHostedService(provider => provider.GetRequiredService<FactPump>());
        return services;
    }

    /// <summary>Adds a module's numbered schema scripts: embedded resources <c>Schema/NNNN_name.sqlite.sql</c> and <c>.postgres.sql</c>.</summary>
    public static IServiceCollection AddSchema(this IServiceCollection services, string module, Assembly assembly) =>
        services.AddSingleton(new ModuleSchema(module, assembly));

    /// <summary>The names of the schema scripts that are registered, such as <c>storage/0001_facts</c>: what this Madang knows of a store.</summary>
    public static IReadOnlyCollection<string> SchemaScriptNames(this IServiceCollection services, Engine engine) =>
        [.. services.Select(service => service.ImplementationInstance).OfType<ModuleSchema>().SelectMany(module => SchemaScripts.Find(module, engine).Select(script => $"{module.Module}/{script.Name}"))];

    /// <summary>Delivers every <typeparamref name="TFact"/> to <typeparamref name="TReaction"/>; <paramref name="name"/> names its cursor and must never change.</summary>
    public static IServiceCollection AddReaction<TFact, TReaction>(this IServiceCollection services, string name)
        where TFact : IFact
        where TReaction : class, IReaction<TFact> =>
        services.AddSingleton(Subscription.For<TFact, TReaction>(name));

    /// <summary>Brings the schema up to date. The server calls it before it serves.</summary>
    public static Task PrepareStore(this IHost host, CancellationToken cancel) =>
        host.Services.GetRequiredService<SchemaScripts>().Apply(cancel);

    /// <summary>True when <paramref name="exception"/> means that the store was lost while it was read; a retry may succeed.</summary>
    public static bool IsOutage(Exception exception) => PostgresDatabase.WasLost(exception);

    /// <summary>True when <paramref name="exception"/> is the end of a read that ran into its time limit.</summary>
    public static bool IsQueryLimit(Exception exception) =>
        SqliteDatabase.WasInterrupted(exception) || PostgresDatabase.WasTimedOut(exception) || exception is OperationCanceledException;
}
