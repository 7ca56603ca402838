using System.Text;

namespace Madang.Operations.Live;

/// <summary>Makes the catalogue of sensors out of readings. Pure, as <see cref="Composer"/> is.</summary>
internal static class Directory
{
    /// <summary>Longer numbers than this are put in order as words.</summary>
    private const int Digits = 10;

    /// <param name="world">The readings of one world.</param>
    /// <param name="bare">Its Things that have no Datastream.</param>
    /// <param name="data">Which world.</param>
    /// <param name="clock">Its clock.</param>
    public static List<SensorNow> List(IReadOnlyList<Reading> world, IReadOnlyList<SensorNow> bare, CityData data, DateTimeOffset? clock) =>
        [.. world.GroupBy(reading => reading.Stream.Thing).Select(streams => Describe([.. streams], data, clock)).Concat(bare).OrderBy(sensor => InOrder(sensor.Name), StringComparer.Ordinal).ThenBy(sensor => sensor.Thing)];

    /// <summary>A name with its numbers filled up with zeros, so that 센서 2 comes before 센서 10.</summary>
    public static string InOrder(string name)
    {
        if (!name.Any(char.IsAsciiDigit))
        {
            return name;
        }

        var key = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length;)
        {
            var end = i;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
            {
                end++;
            }

            key.Append(end > i ? name[i..end].PadLeft(Digits, '0') : name[i..(i + 1)]);
            i = Math.Max(end, i + 1);
        }

        return key.ToString();
    }

    private static SensorNow Describe(IReadOnlyList<Reading> streams, CityData data, DateTimeOffset? clock)
    {
        var stream = streams[0].Stream;
        var heard = streams.Select(reading => reading.At).OfType<DateTimeOffset>().Select(at => (DateTimeOffset?)at).Max();
        return new SensorNow(
            stream.Thing, stream.ThingName, data, stream.Source, stream.Owner, stream.Longitude, stream.Latitude, streams[0].District?.Code, Composer.StateOf(streams, clock),
            clock is null || heard is null || clock - heard > CityNow.DormantAfter, heard,
            [.. streams.Select(reading => new SensorReading(reading.Stream.Datastream, reading.Stream.Measure, reading.Stream.Unit, reading.At, reading.Number, Composer.IsCurrent(reading, clock), reading.Stream.Cadence) { Findings = FindingSet.Of(reading.Findings) })
                .OrderBy(reading => Measures.Rank(reading.Measure)).ThenBy(reading => reading.Measure, StringComparer.Ordinal)])
        { NameEn = stream.NameEn, OwnerEn = stream.OwnerEn, Findings = FindingSet.Union(streams.Select(reading => reading.Findings)) };
    }
}
