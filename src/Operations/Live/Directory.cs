using System.Text;

namespace Madang.Operations.Live;

/// <summary>Describes a Thing by its readings, for the map and for the catalogue of sensors. Pure, as <see cref="Composer"/> is.</summary>
internal static class Directory
{
    /// <summary>Longer numbers than this are put in order as words.</summary>
    private const int Digits = 10;

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

    public static Described Describe(ThingReadings told, CityData data, DateTimeOffset? clock)
    {
        var (stream, district, state) = (told.First, told.Readings[0].District?.Code, Composer.StateOf(told.Readings, clock));
        Reading[] current = [.. told.Readings.Where(reading => Composer.IsCurrent(reading, clock))];
        return new Described(
            told, new StationNow(stream.Thing, stream.ThingName, stream.Longitude, stream.Latitude, district, state) { NameEn = stream.NameEn }, Line(told.Readings, data, clock, state),
            told.Readings.Select(reading => reading.At).Where(at => at <= clock).Max(), current.Length == told.Readings.Length ? told.Readings : current)
        { Lasts = (clock, Until(told.Readings, clock)) };
    }

    private static SensorNow Line(Reading[] streams, CityData data, DateTimeOffset? clock, SensorState state)
    {
        var stream = streams[0].Stream;
        var heard = streams.Select(reading => reading.At).Max();
        return new SensorNow(
            stream.Thing, stream.ThingName, data, stream.Source, stream.Owner, stream.Longitude, stream.Latitude, streams[0].District?.Code, state,
            clock is null || heard is null || clock - heard > CityNow.DormantAfter, heard,
            [.. streams.Select(reading => new SensorReading(reading.Stream.Datastream, reading.Stream.Measure, reading.Stream.Unit, reading.At, reading.Number, Composer.IsCurrent(reading, clock), reading.Stream.Cadence) { Findings = FindingSet.Of(reading.Findings) })
                .OrderBy(reading => Measures.Rank(reading.Measure)).ThenBy(reading => reading.Measure, StringComparer.Ordinal)])
        { NameEn = stream.NameEn, OwnerEn = stream.OwnerEn, Findings = FindingSet.Union(streams.Select(reading => reading.Findings)) };
    }

    /// <summary>The next moment of the clock at which time alone changes what is said: a reading is not after the clock any more, or has grown too old for something.</summary>
    private static DateTimeOffset Until(Reading[] streams, DateTimeOffset? clock)
    {
        var (window, late) = (streams.Max(reading => reading.Window), streams.Max(reading => reading.LateUntil));
        return streams.Select(reading => reading.At).OfType<DateTimeOffset>()
            .SelectMany(at => (DateTimeOffset[])[at, .. streams.Select(reading => reading.Window).Append(window).Append(late).Append(CityNow.DormantAfter).Distinct().Select(age => at + age + TimeSpan.FromTicks(1))])
            .Where(moment => moment > clock).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }
}
