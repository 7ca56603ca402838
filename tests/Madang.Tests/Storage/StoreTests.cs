using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Storage;

public sealed class StoreTests
{
    [Theory, BothEngines]
    public async Task What_was_written_is_there_after_a_restart(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await city.Services.GetRequiredService<IDatabase>().Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL)", transaction: scope.Transaction);
                await scope.Connection.ExecuteAsync("INSERT INTO notes (text) VALUES ('한강')", transaction: scope.Transaction);
            },
            TestContext.Current.CancellationToken);

        await city.Restart();

        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(TestContext.Current.CancellationToken);
        Assert.Equal("한강", await read.Connection.ExecuteScalarAsync<string>("SELECT text FROM notes", transaction: read.Transaction));
    }
}
