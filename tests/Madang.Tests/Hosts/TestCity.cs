using Madang.Server;
using Madang.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Hosts;

/// <summary>
/// The whole server as it runs for a city, on an in-memory host with data of its own. <see cref="Client"/> counts as a
/// caller on this machine.
/// </summary>
public sealed class TestCity : IAsyncDisposable
{
    private readonly TestStore store;
    private readonly Action<IDictionary<string, string?>>? settings;
    private readonly Action<IServiceCollection>? services;
    private readonly bool ownsStore;
    private WebApplication? app;

    private TestCity(TestStore store, bool ownsStore, Action<IDictionary<string, string?>>? settings, Action<IServiceCollection>? services, TestClock? clock) =>
        (this.store, this.ownsStore, this.settings, this.services, Clock) = (store, ownsStore, settings, services, clock);

    public Engine Engine => store.Engine;

    public TestStore Store => store;

    /// <summary>The clock of the city, when the test brought one.</summary>
    public TestClock? Clock { get; }

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => App.Services;

    public TestServer Server => App.GetTestServer();

    private WebApplication App => app ?? throw new InvalidOperationException("The city is stopped.");

    /// <summary>Starts a city with empty data of its own.</summary>
    public static async Task<TestCity> Start(
        Engine engine, Action<IDictionary<string, string?>>? settings = null, TestClock? clock = null, Action<IServiceCollection>? services = null)
    {
        var store = await TestStore.CreateReady(engine);
        try
        {
            return await Start(store, ownsStore: true, settings, clock, services);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a city on data that the test keeps.</summary>
    public static Task<TestCity> Start(
        TestStore store, Action<IDictionary<string, string?>>? settings = null, TestClock? clock = null, Action<IServiceCollection>? services = null) =>
        Start(store, ownsStore: false, settings, clock, services);

    /// <summary>Stops the server and starts it again on the same data.</summary>
    public async Task Restart()
    {
        await Stop();
        await Run();
    }

    public async Task Stop()
    {
        if (app is { } running)
        {
            app = null;
            Client?.Dispose();
            await running.StopAsync();
            await running.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (ownsStore)
        {
            await store.DisposeAsync();
        }
    }

    private static async Task<TestCity> Start(
        TestStore store, bool ownsStore, Action<IDictionary<string, string?>>? settings, TestClock? clock, Action<IServiceCollection>? services)
    {
        var city = new TestCity(store, ownsStore, settings, services, clock);
        try
        {
            await city.Run();
            return city;
        }
        catch
        {
            await city.Stop();
            throw;
        }
    }

    private async Task Run()
    {
        var values = store.Settings;
        values["Trust:Open"] = "true";
        // Most tests sign in with a password, and are about what the roles may.
        values["Accounts:SecondFactor"] = "none";
        settings?.Invoke(values);
        app = CityHost.Build(values, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Logging.ClearProviders();
            if (Clock is { } clock)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            }

            // What makes guessing slow would make a hundred tests that sign in slow.
            builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1_000);
            services?.Invoke(builder.Services);
        });
        await app.PrepareCity(CancellationToken.None);
        await app.StartAsync();
        Client = app.GetTestClient();
    }
}
