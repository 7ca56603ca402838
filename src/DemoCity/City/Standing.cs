using Madang.DemoCity.World;

namespace Madang.DemoCity.City;

/// <summary>A sensor that stands in the city, with its Datastreams in the order of the measures of its kind.</summary>
internal sealed record Standing(DemoSensor Sensor, long[] Streams)
{
    /// <summary>The last reading that the city had when the simulation began; null when it had none.</summary>
    public DateTimeOffset? Last { get; init; }
}
