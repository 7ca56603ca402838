using System.Text.RegularExpressions;

namespace Madang.Sensing.Doors;

/// <summary>Reads a mapping and says by line and key what is wrong with it, before anything comes through it.</summary>
internal static partial class DoorMapReader
{
    public const int MostMeasures = 100, MostPlaces = 5_000;

    private static readonly string[] Encodings = ["utf-8", "cp949"];

    public static DoorMap Read(string yaml)
    {
        var root = YamlPart.Read(yaml);
        var format = Format(root);
        var missing = Missing(root, new MissingMarks([""], []));
        var map = new DoorMap
        {
            Name = Name().IsMatch(root.Text("name")) && root.Text("name") != "new" ? root.Text("name") : throw root.Fail("name", "must be small Latin letters, digits and hyphens, such as s-dot, at most 50, and not 'new'"),
            About = root.Text("about", ""),
            IsOpen = root.Flag("open", true),
            Format = format,
            Device = Device(root.Get("device"), format),
            Time = Time(root.Find("time"), format),
            Measures = [.. root.Items("measures").Select(part => Measure(part, format, missing, root.Flag("create", false)))],
            Making = Making(root, format),
        };
        if (map.Measures.Count is 0 or > MostMeasures)
        {
            throw root.Fail("measures", map.Measures.Count == 0 ? "is missing: say what the payload measures" : $"are more than {MostMeasures}");
        }

        if (map.Measures.GroupBy(measure => measure.Measure).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw root.Fail("measures", $"name '{twice.Key}' twice");
        }

        root.NothingElse();
        return map;
    }

    private static PayloadFormat Format(YamlPart root)
    {
        var format = root.Text("format");
        if (format is not ("json" or "csv"))
        {
            throw root.Fail("format", $"'{format}' is neither json nor csv");
        }

        var isCsv = format == "csv";
        foreach (var other in isCsv ? (string[])["records"] : ["delimiter", "header"])
        {
            if (root.Has(other))
            {
                throw root.Fail(other, $"means nothing for {format}");
            }
        }

        var encoding = root.Text("encoding", "utf-8");
        var delimiter = root.Text("delimiter", ",");
        var records = root.Text("records", "$");
        return new PayloadFormat(
            isCsv,
            Encodings.Contains(encoding) && (isCsv || encoding == "utf-8") ? encoding == "cp949" : throw root.Fail("encoding", isCsv ? $"'{encoding}' is not one of {string.Join(", ", Encodings)}" : "JSON is always utf-8"),
            delimiter.Length == 1 && delimiter[0] is not ('"' or '\r' or '\n') ? delimiter[0] : throw root.Fail("delimiter", "must be one character"),
            root.Flag("header", true),
            JsonPath.TryParse(records) is { IsFromRoot: true } path ? path : throw root.Fail("records", $"'{records}' is not a path such as $.data[*] or $"));
    }

    private static DevicePlace Device(YamlPart part, PayloadFormat format)
    {
        var device = new DevicePlace(From(part, "from", format), part.Text("property", "serial"));
        if (!PropertyName().IsMatch(device.Property))
        {
            throw part.Fail("property", "must be the name of a property of a Thing, such as serial");
        }

        part.NothingElse();
        return device;
    }

    private static TimePlace Time(YamlPart? part, PayloadFormat format)
    {
        if (part is null)
        {
            return new TimePlace(null, TimePlace.Iso, TimeZoneInfo.Utc);
        }

        var (written, zone) = (part.Text("format", TimePlace.Iso), part.Text("zone", "Asia/Seoul"));
        var time = new TimePlace(
            From(part, "from", format), written, TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) ? known : throw part.Fail("zone", $"'{zone}' is not a time zone, such as Asia/Seoul"));
        if (written is not (TimePlace.Iso or TimePlace.Unix or TimePlace.UnixMillis) && !DateFormat().IsMatch(written))
        {
            throw part.Fail("format", $"'{written}' is neither iso, unix, unix-ms nor a format with a year such as yyyyMMddHHmm");
        }

        part.NothingElse();
        return time;
    }

    private static MeasurePlace Measure(YamlPart part, PayloadFormat format, MissingMarks usual, bool isMade)
    {
        var code = part.Text("measure");
        var kind = part.Text("kind", "number");
        var range = part.Items("range");
        var unit = part.Find("unit");
        var measure = new MeasurePlace
        {
            From = From(part, "from", format),
            Measure = Code().IsMatch(code) ? code : throw part.Fail("measure", $"'{code}' is no code such as pm25"),
            Kind = kind switch { "number" => MeasureKind.Number, "text" => MeasureKind.Text, "truth" => MeasureKind.Truth, _ => throw part.Fail("kind", $"'{kind}' is not number, text or truth") },
            Scale = part.Number("scale") ?? 1,
            Offset = part.Number("offset") ?? 0,
            Least = range.Count > 0 ? range[0].ScalarNumber() : null,
            Most = range.Count > 1 ? range[1].ScalarNumber() : null,
            Values = part.Find("values") is { } values ? values.Entries().ToDictionary(entry => entry.Key, entry => entry.Value.Scalar()) : [],
            Missing = Missing(part, usual),
            Name = part.Text("name", code),
            NameEn = part.Text("name_en", ""),
            Unit = unit is null ? ("", "", "") : (unit.Text("name", ""), unit.Text("symbol"), unit.Text("definition", "")),
            Definition = part.Text("definition", ""),
        };
        if (part.Has("range") && (range.Count != 2 || measure.Least > measure.Most))
        {
            throw part.Fail("range", "must be [least, greatest], after scale and offset");
        }

        if (measure.Scale == 0)
        {
            throw part.Fail("scale", "must not be 0");
        }

        foreach (var key in ((string[])["scale", "offset", "range"]).Where(key => measure.Kind != MeasureKind.Number && part.Has(key)))
        {
            throw part.Fail(key, "is for numbers alone");
        }

        if (isMade && measure.Kind == MeasureKind.Number && unit is null)
        {
            throw part.Fail("unit", "is missing: with create, say in which unit the numbers are");
        }

        unit?.NothingElse();
        part.NothingElse();
        return measure;
    }

    private static DeviceMaking? Making(YamlPart root, PayloadFormat format)
    {
        if (!root.Flag("create", false))
        {
            foreach (var key in ((string[])["thing", "sensor", "location", "cadence_seconds"]).Where(root.Has))
            {
                throw root.Fail(key, "stands without create: true");
            }

            return null;
        }

        var (thing, sensor, location) = (root.Get("thing"), root.Get("sensor"), root.Find("location"));
        var places = location?.Find("places")?.Entries() ?? [];
        var making = new DeviceMaking
        {
            Name = thing.Text("name").Contains("{device}", StringComparison.Ordinal) ? thing.Text("name") : throw thing.Fail("name", "must hold {device}, so that devices can be told apart"),
            Description = thing.Text("description", ""),
            Properties = thing.Find("properties") is { } properties ? properties.Entries().ToDictionary(entry => entry.Key, entry => entry.Value.Scalar()) : [],
            Sensor = (sensor.Text("name"), sensor.Text("description", ""), sensor.Text("metadata", "")),
            Longitude = location is null || !location.Has("longitude") ? null : From(location, "longitude", format),
            Latitude = location is null || !location.Has("latitude") ? null : From(location, "latitude", format),
            Places = places.Count <= MostPlaces ? places.ToDictionary(entry => entry.Key, entry => Point(location!.Find("places")!, entry.Key)) : throw location!.Fail("places", $"are more than {MostPlaces}"),
            Otherwise = location is not null && location.Has("otherwise") ? Point(location, "otherwise") : null,
            CadenceSeconds = root.Number("cadence_seconds") switch { null => null, var seconds and >= 1 and <= 86_400 => (int)seconds, _ => throw root.Fail("cadence_seconds", "must be 1 to 86400") },
        };
        if (location is not null && making.Longitude is null != making.Latitude is null)
        {
            throw location.Fail("needs both longitude and latitude");
        }

        thing.NothingElse();
        sensor.NothingElse();
        location?.NothingElse();
        return making;
    }

    private static GeoPoint Point(YamlPart part, string key) => part.Items(key) is [var longitude, var latitude] && longitude.ScalarNumber() is >= -180 and <= 180 && latitude.ScalarNumber() is >= -90 and <= 90
        ? new GeoPoint((double)longitude.ScalarNumber(), (double)latitude.ScalarNumber())
        : throw part.Fail(key, "must be [longitude, latitude] in degrees");

    private static MissingMarks Missing(YamlPart part, MissingMarks usual)
    {
        if (!part.Has("missing"))
        {
            return usual;
        }

        var marks = part.Items("missing").Select(item => item.Scalar()).Append("").Distinct().ToList();
        return new MissingMarks(marks, [.. marks.Select(YamlPart.Decimal).OfType<decimal>()]);
    }

    private static Place From(YamlPart part, string key, PayloadFormat format)
    {
        var written = part.Text(key).Trim();
        if (format.IsCsv)
        {
            return format.HasHeader || (int.TryParse(written, out var column) && column is > 0 and <= 1_000) ? new Place(written, null) : throw part.Fail(key, "must be the number of a column, from 1: there is no header");
        }

        return JsonPath.TryParse(written) is { IsEach: false } path ? new Place(written, path) : throw part.Fail(key, $"'{written}' is not a path such as pm25, values[0].raw or $.gateway");
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,49}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex Code();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,62}$")]
    private static partial Regex PropertyName();

    [GeneratedRegex("yy.*M.*d|yy.*D")]
    private static partial Regex DateFormat();
}
