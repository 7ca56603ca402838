using System.Globalization;
using Madang.Kernel;

namespace Madang.Sensing.Batch;

/// <summary>How much one batch may ask.</summary>
internal static class BatchLimits
{
    /// <summary>Refuses a batch of more requests than <see cref="SensingOptions.MaxBatch"/>.</summary>
    public static void Demand(int requests, int most)
    {
        if (requests > most)
        {
            throw new InvalidInputException("body", string.Create(CultureInfo.InvariantCulture, $"holds more than {most} requests; send them in several batches"), 413);
        }
    }
}
