using Madang.DemoCity.World;

namespace Madang.DemoCity.City;

/// <summary>A sensor that stands in the city, with its Datastreams in the order of <see cref="Measure.All"/>.</summary>
internal sealed record Standing(DemoSensor Sensor, long[] Streams)
{
    /// <summary>The last reading that the city had when the simulation began; null when it had none.</summary>
    public DateTimeOffset? Last { get; init; }
}
