using System.Reflection;
using Madang.Storage;
using Xunit.Sdk;
using Xunit.v3;

namespace Madang.Tests.Hosts;

/// <summary>The engines that every storage and API test runs on.</summary>
public static class Engines
{
    public static TheoryData<Engine> Both => [Engine.Sqlite, Engine.Postgres];
}

/// <summary>Short for <see cref="Engines.Both"/>: <c>[Theory, BothEngines]</c> on a test whose only argument is the engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothEnginesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Engine>(Engine.Sqlite), new TheoryDataRow<Engine>(Engine.Postgres)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
