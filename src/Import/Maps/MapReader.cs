using System.Text.RegularExpressions;
using Madang.Import.Files;
using Madang.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Madang.Import.Maps;

/// <summary>Reads a map and says by line and key what is wrong with it, before anything else happens.</summary>
internal static partial class MapReader
{
    private static readonly string[] Periods = ["day", "hour", "instant"];

    public static ObservationMap ReadObservations(string path)
    {
        var map = Read<ObservationMap>(path);
        new Check(Path.GetFileName(path)).Observations(map);
        return map;
    }

    public static PlacesMap ReadPlaces(string path) => Read<PlacesMap>(path);

    private static T Read<T>(string path)
        where T : new()
    {
        var name = Path.GetFileName(path);
        try
        {
            using var text = new StreamReader(path);
            var reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
            return reader.Deserialize<T?>(text) ?? throw new InvalidInputException(name, "is empty");
        }
        catch (YamlException broken)
        {
            var key = UnknownKey().Match(broken.Message);
            var reason = key.Success ? $"there is no key '{key.Groups["key"].Value}' here" : broken.InnerException?.Message ?? broken.Message;
            throw new InvalidInputException($"{name}, line {broken.Start.Line}", reason);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--map", missing.Message);
        }
    }

    [GeneratedRegex("Property '(?<key>[^']+)' not found")]
    private static partial Regex UnknownKey();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex Code();

    private sealed class Check(string file)
    {
        public void Observations(ObservationMap map)
        {
            Must(Name().IsMatch(map.Id), "id", "must be small Latin letters, digits and hyphens, such as seoul-air");
            Must(TextFile.FindEncoding(map.File.Encoding) is not null, "file.encoding", $"'{map.File.Encoding}' is not one of {string.Join(", ", TextFile.Encodings)}");
            Must(map.File.Delimiter.Length == 1, "file.delimiter", "must be one character");
            Must(map.Source.Text.Length > 0, "source.text", "is missing: say where the data comes from");
            Must(map.Thing.Key.Count > 0, "thing.key", "is missing: the columns that name a station");
            Must(map.Thing.Name.Length > 0, "thing.name", "is missing");
            Location(map);
            if (map.Measures.Count > 0)
            {
                Time(map.Time ?? throw Wrong("time", "is missing: measures need a time"));
                Must(map.Sensor is { Name.Length: > 0 }, "sensor.name", "is missing: say what measured");
            }
            else
            {
                Must(map.Time is null, "time", "stands without measures");
            }

            for (var index = 0; index < map.Measures.Count; index++)
            {
                Measure(map.Measures[index], $"measures[{index}]");
            }

            Must(map.Measures.DistinctBy(measure => measure.Measure).Count() == map.Measures.Count, "measures", "name a measure twice");
        }

        private void Location(ObservationMap map)
        {
            var at = map.Location;
            Must(at.Longitude is null == at.Latitude is null, "location", "needs both longitude and latitude");
            Must(at.Longitude is not null || at.Otherwise is not null || at.Places.Count > 0, "location", "is missing: columns (longitude, latitude), or places, or otherwise");
            Must(map.Measures.Count == 0 || at.Longitude is not null || at.Otherwise is not null, "location.otherwise", "is missing: an Observation needs a place, so stations that are not in 'places' need one too");
            foreach (var (key, place) in at.Places.Append(new("otherwise", at.Otherwise ?? [0, 0])))
            {
                Must(place is [>= -180 and <= 180, >= -90 and <= 90], $"location.{key}", "must be [longitude, latitude] in degrees");
            }
        }

        private void Time(TimeMap time)
        {
            Must(time.Columns.Count > 0, "time.columns", "is missing");
            Must(time.Format.Length > 0, "time.format", "is missing, such as yyyyMMdd");
            Must(Periods.Contains(time.Period), "time.period", $"'{time.Period}' is not one of {string.Join(", ", Periods)}");
            Must(TimeZoneInfo.TryFindSystemTimeZoneById(time.Zone, out _), "time.zone", $"'{time.Zone}' is not a time zone, such as Asia/Seoul");
        }

        private void Measure(MeasureMap measure, string at)
        {
            Must(measure.Column.Length > 0, $"{at}.column", "is missing");
            Must(Code().IsMatch(measure.Measure), $"{at}.measure", "must be a code such as pm25");
            Must(measure.Name.Length > 0, $"{at}.name", "is missing");
            Must(measure.Unit.Symbol.Length > 0, $"{at}.unit.symbol", "is missing");
            Must(measure.Scale != 0, $"{at}.scale", "must not be 0");
        }

        private void Must(bool condition, string key, string reason)
        {
            if (!condition)
            {
                throw Wrong(key, reason);
            }
        }

        private InvalidInputException Wrong(string key, string reason) => new($"{file}, {key}", reason);
    }
}
