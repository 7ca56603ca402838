using System.Globalization;
using System.Text.RegularExpressions;
using Madang.Import.City;
using Madang.Import.Files;
using Madang.Import.Maps;
using Madang.Kernel;

namespace Madang.Import.Observations;

/// <summary>A cell that cannot be taken.</summary>
internal sealed record Trouble(string Column, string Value, string Reason);

/// <summary>Reads stations, times and numbers out of rows, as the map says. Every column the map names must be in the header.</summary>
internal sealed partial class RowReader
{
    private readonly ObservationMap map;
    private readonly Dictionary<string, int> columns = [];
    private readonly HashSet<string> empty;
    private readonly TimeZoneInfo zone;

    public RowReader(ObservationMap map, string[] header)
    {
        this.map = map;
        empty = [.. map.File.Empty, ""];
        zone = TimeZoneInfo.FindSystemTimeZoneById(map.Time?.Zone ?? "UTC");
        var named = Named(map).Distinct().ToList();
        var missing = named.Where(column => !header.Contains(column)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidInputException("map", $"the file has no column {string.Join(", ", missing.Select(column => $"'{column}'"))}; it has {string.Join(", ", header.Select(column => $"'{column}'"))}. Nothing was stored");
        }

        foreach (var column in named)
        {
            columns[column] = Array.IndexOf(header, column);
            if (Array.LastIndexOf(header, column) != columns[column])
            {
                throw new InvalidInputException("line 1", $"the column '{column}' is there twice; nothing was stored");
            }
        }
    }

    /// <summary>The station's natural key; null when a cell of it is empty.</summary>
    public string? KeyOf(CsvRow row, out Trouble? trouble)
    {
        trouble = null;
        foreach (var column in map.Thing.Key)
        {
            if (empty.Contains(Cell(row, column)))
            {
                trouble = new(column, Cell(row, column), "the row does not say which station it is of");
                return null;
            }
        }

        return string.Join('/', map.Thing.Key.Select(column => Cell(row, column)));
    }

    public StationRow? StationOf(CsvRow row, string key, out Trouble? trouble)
    {
        var place = PlaceOf(row, key, out trouble);
        return place is not { } at ? null : new StationRow(
            key, Fill(map.Thing.Name, row), Fill(map.Thing.Description, row), [.. map.Thing.Properties.Select(property => KeyValuePair.Create(property.Key, Fill(property.Value, row)))],
            at.Longitude, at.Latitude, at.Note, at.Unknown);
    }

    public TimeInterval? TimeOf(CsvRow row, out Trouble? trouble)
    {
        var time = map.Time!;
        var text = string.Join(' ', time.Columns.Select(column => Cell(row, column)));
        trouble = null;
        if (!DateTime.TryParseExact(text, time.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            trouble = new(string.Join(' ', time.Columns), text, $"is not a time written as {time.Format}");
            return null;
        }

        // A day is as long as the zone makes it: 23 or 25 hours where clocks are changed.
        var start = time.Period == "day" ? local.Date : local;
        if (Instant(start) is { } from && (time.Period == "day" ? Instant(start.AddDays(1)) : from) is { } to && from >= IsoTime.Earliest && to < IsoTime.Latest)
        {
            return time.Period switch { "day" => new(from, to), "hour" => new(from, from.AddHours(1)), _ => new(from) };
        }

        trouble = new(string.Join(' ', time.Columns), text, $"is no time that {time.Zone} ever had");
        return null;
    }

    /// <summary>The number of a cell; null when the cell is empty, and then there is no trouble, or when it holds no number.</summary>
    public decimal? NumberOf(CsvRow row, MeasureMap measure, out Trouble? trouble)
    {
        var text = Cell(row, measure.Column);
        trouble = null;
        if (empty.Contains(text))
        {
            return null;
        }

        try
        {
            if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return (measure.Scale == 1 && measure.Offset == 0) ? number : (number * measure.Scale) + measure.Offset;
            }
        }
        catch (OverflowException)
        {
            // Told below like any other cell that holds no number.
        }

        trouble = new(measure.Column, text, "is not a number");
        return null;
    }

    private (double Longitude, double Latitude, string? Note, bool Unknown)? PlaceOf(CsvRow row, string key, out Trouble? trouble)
    {
        trouble = null;
        if (map.Location.Longitude is { } longitude)
        {
            return Degrees(row, longitude, 180, ref trouble) is { } x && Degrees(row, map.Location.Latitude!, 90, ref trouble) is { } y ? (x, y, null, false) : null;
        }

        if (map.Location.Places.TryGetValue(key, out var place))
        {
            return (place[0], place[1], map.Location.PlacesNote, false);
        }

        if (map.Location.Otherwise is [var otherX, var otherY])
        {
            return (otherX, otherY, map.Location.OtherwiseNote, true);
        }

        trouble = new(string.Join(' ', map.Thing.Key), key, "has no place: it is not in 'location.places' of the map, and there is no 'otherwise'");
        return null;
    }

    private double? Degrees(CsvRow row, string column, double most, ref Trouble? trouble)
    {
        if (double.TryParse(Cell(row, column), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most)
        {
            return degrees;
        }

        trouble = new(column, Cell(row, column), $"is not a number of degrees from -{most} to {most}");
        return null;
    }

    private DateTimeOffset? Instant(DateTime local) => zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local));

    private string Cell(CsvRow row, string column) => row.Cells[columns[column]].Trim();

    private string Fill(string template, CsvRow row) => Placeholder().Replace(template, match => Cell(row, match.Groups["column"].Value));

    private static IEnumerable<string> Named(ObservationMap map) =>
    [
        .. map.Thing.Key, .. map.Time?.Columns ?? [], .. map.Measures.Select(measure => measure.Column),
        .. new[] { map.Location.Longitude, map.Location.Latitude }.OfType<string>(),
        .. map.Thing.Properties.Values.Append(map.Thing.Name).Append(map.Thing.Description).SelectMany(template => Placeholder().Matches(template)).Select(match => match.Groups["column"].Value),
    ];

    [GeneratedRegex(@"\{(?<column>[^{}]+)\}")]
    private static partial Regex Placeholder();
}
