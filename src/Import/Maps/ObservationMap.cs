namespace Madang.Import.Maps;

/// <summary>How the columns of a city's file become Things, Datastreams and Observations; a YAML file beside the data.</summary>
internal sealed class ObservationMap
{
    /// <summary>The natural name of this data set; every Thing's <c>importId</c> begins with it, so it must never change.</summary>
    public string Id { get; set; } = "";

    public FileMap File { get; set; } = new();

    public SourceMap Source { get; set; } = new();

    public ThingMap Thing { get; set; } = new();

    public LocationMap Location { get; set; } = new();

    public TimeMap? Time { get; set; }

    public SensorMap? Sensor { get; set; }

    /// <summary>None: the file holds stations only.</summary>
    public List<MeasureMap> Measures { get; set; } = [];
}

internal sealed class FileMap
{
    /// <summary><c>utf-8</c> (default), <c>cp949</c> or <c>latin1</c>.</summary>
    public string Encoding { get; set; } = "utf-8";

    public string Delimiter { get; set; } = ",";

    /// <summary>What stands in a cell that holds no value. An empty cell is always one.</summary>
    public List<string> Empty { get; set; } = [];
}

internal sealed class SourceMap
{
    public string Text { get; set; } = "";

    public string? Licence { get; set; }
}

internal sealed class ThingMap
{
    /// <summary>The columns that together name one station for ever.</summary>
    public List<string> Key { get; set; } = [];

    /// <summary>A template: <c>{column}</c> stands for the cell of that column.</summary>
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>Templates too.</summary>
    public Dictionary<string, string> Properties { get; set; } = [];
}

/// <summary>Where the stations stand: columns of the file, or a table in the map because the file does not say it.</summary>
internal sealed class LocationMap
{
    public string? Longitude { get; set; }

    public string? Latitude { get; set; }

    /// <summary>Places by the station's key: [longitude, latitude].</summary>
    public Dictionary<string, double[]> Places { get; set; } = [];

    /// <summary>What is to be known about the places of the table, such as that they are approximate.</summary>
    public string? PlacesNote { get; set; }

    /// <summary>The place of every other station.</summary>
    public double[]? Otherwise { get; set; }

    public string? OtherwiseNote { get; set; }
}

internal sealed class TimeMap
{
    /// <summary>One column, or several whose cells are joined by a space.</summary>
    public List<string> Columns { get; set; } = [];

    /// <summary>As .NET writes date formats: <c>yyyyMMdd</c>, <c>yyyy-MM-dd HH:mm</c>.</summary>
    public string Format { get; set; } = "";

    /// <summary>An IANA zone.</summary>
    public string Zone { get; set; } = "Asia/Seoul";

    /// <summary><c>day</c>, <c>hour</c> or <c>instant</c>.</summary>
    public string Period { get; set; } = "instant";
}

internal sealed class SensorMap
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>A text, or the address of one.</summary>
    public string Metadata { get; set; } = "";
}

internal sealed class MeasureMap
{
    public string Column { get; set; } = "";

    /// <summary>Madang's code of the measure, such as <c>pm25</c>.</summary>
    public string Measure { get; set; } = "";

    public string Name { get; set; } = "";

    public string NameEn { get; set; } = "";

    public UnitMap Unit { get; set; } = new();

    /// <summary>The address at which the measure is defined.</summary>
    public string Definition { get; set; } = "";

    /// <summary>Stored = cell × scale + offset.</summary>
    public decimal Scale { get; set; } = 1;

    public decimal Offset { get; set; }
}

internal sealed class UnitMap
{
    public string Name { get; set; } = "";

    public string Symbol { get; set; } = "";

    public string Definition { get; set; } = "";
}
