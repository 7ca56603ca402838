using System.Reflection;
using Madang.Storage;
using Madang.Tests.Sensing;
using Madang.Tests.Sensing.Conformance;

namespace Madang.Tests.Laws;

public sealed class ConformanceTests
{
    [Fact]
    public async Task The_server_announces_exactly_the_requirements_that_are_tested()
    {
        var tested = typeof(ConformanceTests).Assembly.GetTypes().Select(type => type.GetCustomAttribute<RequirementAttribute>()?.Uri).OfType<string>().ToList();
        await using var sta = await Sta.Start(Engine.Sqlite);
        async Task<IEnumerable<string>> Announced(string root) => (await sta.Get(root))["serverSettings"]!["conformance"]!.AsArray().Select(uri => (string)uri!);

        Assert.Equal(tested.Count, tested.Distinct().Count());
        Assert.Equal(tested.Where(uri => uri.StartsWith(Requirements.Sensing, StringComparison.Ordinal)).Order(), (await Announced("/sta/v1.1")).Order());
        Assert.Equal(tested.Order(), (await Announced("/sta/tasking/v1.1")).Order());
    }
}
