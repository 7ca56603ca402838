using System.Globalization;

namespace Madang.Tests.Hosts;

/// <summary>How often a server is killed in a test of that: MADANG_KILL_ROUNDS, or 3, which fits into every run of all tests.</summary>
public static class KillRounds
{
    public static int Number { get; } = int.TryParse(Environment.GetEnvironmentVariable("MADANG_KILL_ROUNDS"), CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : 3;
}
