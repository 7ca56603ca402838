using Madang.Server;
using Madang.Storage;

await using var city = CityHost.Build(args);
await city.PrepareStore(CancellationToken.None);
await city.RunAsync();
