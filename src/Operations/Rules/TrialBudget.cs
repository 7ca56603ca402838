using Madang.Kernel;

namespace Madang.Operations.Rules;

/// <summary>How much one trial may read. It is counted while reading: what datastreams say of how often they speak is their own word.</summary>
/// <param name="most">The most readings or steps; what judges by itself has no end.</param>
internal sealed class TrialBudget(long most = TrialBudget.Most)
{
    /// <summary>A year of 10-minute readings of 380 datastreams.</summary>
    public const long Most = 20_000_000;

    private long spent;

    /// <exception cref="InvalidInputException">It is more than one question may cost.</exception>
    public void Spend(int steps)
    {
        if (Interlocked.Add(ref spent, steps) > most)
        {
            throw new InvalidInputException("to", $"gives more than {most:N0} readings or steps; choose a shorter time or a narrower scope");
        }
    }
}
