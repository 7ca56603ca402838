using Madang.Storage;
using Madang.Storage.Scripts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Hosts;

/// <summary>Storage alone, without a server, without delivery of facts: for tests of the store itself.</summary>
public static class Bare
{
    public static ServiceProvider Services(TestStore store, Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(store.Settings).Build());
        services.AddSingleton(TimeProvider.System).AddLogging().AddStorage();
        add?.Invoke(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    public static Task Prepare(ServiceProvider services) => services.GetRequiredService<SchemaScripts>().Apply(TestContext.Current.CancellationToken);
}
