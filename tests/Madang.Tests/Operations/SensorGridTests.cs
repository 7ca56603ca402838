using FsCheck;
using FsCheck.Fluent;
using Madang.Operations;
using Madang.Operations.Live;

namespace Madang.Tests.Operations;

/// <summary>Squares of a city find every sensor in a box, wherever it lies, and few beside it.</summary>
public sealed class SensorGridTests
{
    [Fact]
    public void Every_sensor_in_a_box_is_found_once() => Prop.ForAll(Places().ArrayOf().ToArbitrary(), Places().ToArbitrary(), Gen.Elements(0, 0.004, 0.01, 0.3, 359).ToArbitrary(), (places, middle, reach) =>
    {
        SensorNow[] sensors = [.. places.Select((place, thing) => Sensor(thing, place.X, place.Y)), Sensor(places.Length, null, null)];

        var found = new SensorGrid(sensors).Near(middle.X, middle.Y, reach).ToList();

        Assert.Equal(found.Distinct(), found);
        Assert.Empty(Enumerable.Range(0, places.Length).Where(line => Math.Abs(places[line].X - middle.X) <= reach && Math.Abs(places[line].Y - middle.Y) <= reach).Except(found));
        Assert.All(found, line => Assert.True(Math.Abs(places[line].X - middle.X) <= reach + 0.01 && Math.Abs(places[line].Y - middle.Y) <= reach + 0.01));
    }).QuickCheckThrowOnFailure();

    private static Gen<(double X, double Y)> Places() => Gen.Choose(-500, 500).Two().Select(pair => (pair.Item1 / 1_000.0, pair.Item2 / 1_000.0));

    private static SensorNow Sensor(long thing, double? longitude, double? latitude) => new(thing, "", CityData.Real, null, null, longitude, latitude, null, SensorState.Silent, false, null, []);
}
