using System.Collections.Concurrent;
using System.Reflection;
using Madang.Tests.Hosts;
using Xunit.v3;

[assembly: Patience]

namespace Madang.Tests.Hosts;

/// <summary>Cancels a test that goes on for too long, so that one that waits for what never comes fails by its name and the others go on.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PatienceAttribute : BeforeAfterTestAttribute
{
    /// <summary>Several times what the slowest test takes on a machine that is busy.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3 + (KillRounds.Number / 3));

    private readonly ConcurrentDictionary<string, Timer> running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        running[test.UniqueID] = new Timer(_ => context.CancelCurrentTest(), null, Longest, Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (running.TryRemove(test.UniqueID, out var timer))
        {
            timer.Dispose();
        }
    }
}
