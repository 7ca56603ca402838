namespace Madang.Sensing.Doors;

/// <summary>How a vendor's own payload becomes Observations: what a YAML mapping says. The keys are described in <c>docs/operating/device-doors.md</c>.</summary>
internal sealed record DoorMap
{
    public required string Name { get; init; }

    /// <summary>What comes through here, in a sentence for operators.</summary>
    public string About { get; init; } = "";

    /// <summary>False shuts the door: what comes is refused with 409.</summary>
    public bool IsOpen { get; init; } = true;

    public required PayloadFormat Format { get; init; }

    public required DevicePlace Device { get; init; }

    public required TimePlace Time { get; init; }

    public required IReadOnlyList<MeasurePlace> Measures { get; init; }

    /// <summary>What is made when a device is first heard; null when only known devices are heard.</summary>
    public DeviceMaking? Making { get; init; }
}

/// <summary>How a payload is cut into records: JSON has <paramref name="Records"/>, CSV the rest.</summary>
internal sealed record PayloadFormat(bool IsCsv, bool IsCp949, char Delimiter, bool HasHeader, JsonPath Records);

/// <summary>Where a value stands in a record: a column of CSV, or a path of JSON.</summary>
internal sealed record Place(string Written, JsonPath? Path);

/// <summary>The device's own key, and the property of a Thing that holds the same.</summary>
internal sealed record DevicePlace(Place From, string Property);

/// <summary>When it was measured. Without <paramref name="From"/> it is the moment of arrival.</summary>
internal sealed record TimePlace(Place? From, string Format, TimeZoneInfo Zone)
{
    /// <summary>True when the payload says itself when it was measured; else it is the moment of arrival.</summary>
    public bool IsOwn => From is not null;

    public const string Iso = "iso", Unix = "unix", UnixMillis = "unix-ms";
}

/// <summary>What the cells of a measure are.</summary>
internal enum MeasureKind
{
    Number,
    Text,
    Truth,
}

/// <summary>One measure: value = raw × scale + offset, judged by <see cref="Least"/> and <see cref="Most"/> after that.</summary>
internal sealed record MeasurePlace
{
    public required Place From { get; init; }

    /// <summary>The code that the ObservedProperty of a Datastream says in <c>properties.measure</c>.</summary>
    public required string Measure { get; init; }

    public MeasureKind Kind { get; init; }

    public decimal Scale { get; init; } = 1;

    public decimal Offset { get; init; }

    public decimal? Least { get; init; }

    public decimal? Most { get; init; }

    /// <summary>What a raw text means, for what is no number: <c>0: off</c>. Empty when it is kept as it comes.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    public required MissingMarks Missing { get; init; }

    public required string Name { get; init; }

    public string NameEn { get; init; } = "";

    /// <summary>Name, symbol and definition; an unknown symbol is empty. A known Datastream in another unit is not written to.</summary>
    public (string Name, string Symbol, string Definition) Unit { get; init; } = ("", "", "");

    public string Definition { get; init; } = "";
}

/// <summary>What stands where nothing was measured. -9999 also means -9999.0.</summary>
internal sealed record MissingMarks(IReadOnlyList<string> Texts, IReadOnlyList<decimal> Numbers)
{
    public bool Are(in Cell cell) => cell.IsNumber ? Numbers.Contains(cell.Number) : Texts.Contains(cell.Text.Trim());
}

/// <summary>What is made for a device that is heard for the first time.</summary>
internal sealed record DeviceMaking
{
    /// <summary>A template: <c>{device}</c> stands for the device's key.</summary>
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Templates too.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public required (string Name, string Description, string Metadata) Sensor { get; init; }

    public Place? Longitude { get; init; }

    public Place? Latitude { get; init; }

    /// <summary>Known places by the device's key, in degrees.</summary>
    public IReadOnlyDictionary<string, GeoPoint> Places { get; init; } = new Dictionary<string, GeoPoint>();

    /// <summary>A stand-in for devices of which nobody says where they are: it is on no map. Without one they are not made.</summary>
    public GeoPoint? Otherwise { get; init; }

    /// <summary>How often a device speaks, in seconds; null when it does not say.</summary>
    public int? CadenceSeconds { get; init; }
}

/// <summary>A point in degrees (WGS 84).</summary>
internal readonly record struct GeoPoint(double Longitude, double Latitude);
