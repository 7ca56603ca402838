using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.Extensions.Hosting;

namespace Madang.Sensing.Rollups;

/// <summary>Keeps the zone of the city's days with the data: days already summed up by one zone would be wrong in another.</summary>
internal sealed class RollupZone(IDatabase database, Buckets buckets) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.Write(
        async scope =>
        {
            var stored = await scope.Connection.QueryFirstOrDefaultAsync<string>("SELECT zone FROM rollup_zone", transaction: scope.Transaction);
            if (stored is null)
            {
                await scope.Connection.ExecuteAsync("INSERT INTO rollup_zone (zone) VALUES (@Id)", new { buckets.Zone.Id }, scope.Transaction);
            }
            else if (stored != buckets.Zone.Id)
            {
                throw new InvalidInputException("Sensing:TimeZone", $"is '{buckets.Zone.Id}', but this data was summed up by the days of '{stored}'; set it back");
            }
        },
        cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
