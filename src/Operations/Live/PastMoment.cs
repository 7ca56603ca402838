using System.Globalization;
using Madang.Kernel;

namespace Madang.Operations.Live;

/// <summary>The end of ten minutes of the last day, as it is asked for.</summary>
/// <param name="Edition">What is so now: which stations there are.</param>
/// <param name="Measure">The measure's code.</param>
/// <param name="At">The last moment of the ten minutes; in those of now, the data's clock.</param>
/// <param name="Id">Changes when the answer may have.</param>
internal sealed record PastMoment(Edition Edition, string Measure, DateTimeOffset At, string Id)
{
    /// <summary>Steps so near to now that a reading which comes in may still belong to them without being late.</summary>
    private const int Young = 2;

    public static PastMoment Find(Edition edition, string measure, DateTimeOffset time, string past)
    {
        var step = DayCurves.StepOf(time);
        if (edition.Snapshot.AsOf is not { } now || DayCurves.StepOf(now) is var last && (step > last || step <= last - DayCurves.Most))
        {
            throw new InvalidInputException("time", edition.Snapshot.AsOf is { } known
                ? $"must lie in the last day of these data, from {Write(DayCurves.StepOf(known) - DayCurves.Most + 1)} until {Write(DayCurves.StepOf(known) + 1)}"
                : "lies in no day that is known: nothing is heard now");
        }

        var end = DayCurves.StartOf(step + 1).AddTicks(-1);
        var version = last - step <= Young ? edition.Id : past;
        return new(edition, measure, end < now ? end : now, string.Create(CultureInfo.InvariantCulture, $"{version}-{step}"));
    }

    private static string Write(long step) => IsoTime.Write(DayCurves.StartOf(step));
}
