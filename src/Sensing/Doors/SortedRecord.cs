using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Doors;

/// <summary>What a record would become: the values that fit, and why the others do not.</summary>
internal sealed class SortedRecord(DoorRecord record, int number)
{
    /// <summary>The longest text that is taken for a device's key or a result.</summary>
    private const int LongestText = 200;

    public DoorRecord Record { get; } = record;

    /// <summary>From 1, in the order of the payload.</summary>
    public int Number { get; } = number;

    /// <summary>The device's own key; null when it could not be read.</summary>
    public string? Device { get; private set; }

    /// <summary>In microseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>What fits: the measure by its place in the mapping, and what came.</summary>
    public List<(int Measure, Cell Raw, Result Result)> Values { get; } = [];

    /// <summary>What does not, measure by measure.</summary>
    public List<(int Measure, string Reason)> Faults { get; } = [];

    /// <summary>Why nothing of it fits; null when something does, or when there was nothing to store.</summary>
    public string? Trouble { get; set; }

    public bool IsKept => Trouble is not null || Faults.Count > 0;

    /// <summary>Reads a record by its mapping; <paramref name="only"/> names the places of which something is still to be stored, null for all.</summary>
    public static SortedRecord Sort(DoorMap map, DoorRecord record, int number, DateTimeOffset arrived, IReadOnlyCollection<string>? only)
    {
        var sorted = new SortedRecord(record, number) { Trouble = record.Trouble };
        try
        {
            sorted.Trouble ??= sorted.FindDevice(map) ?? sorted.FindTime(map.Time, arrived);
            if (sorted.Trouble is null)
            {
                sorted.FindValues(map, only);
            }
        }
        catch (InvalidInputException broken)
        {
            sorted.Trouble = broken.Reason;
        }

        return sorted;
    }

    private string? FindDevice(DoorMap map)
    {
        var cell = Record.Find(map.Device.From);
        var text = cell.Text.Trim();
        if (!cell.IsThere || !cell.IsValue || text.Length == 0)
        {
            return $"{map.Device.From.Written}: there is no device's key";
        }

        if (text.Length > LongestText || text.Any(char.IsControl))
        {
            return $"{map.Device.From.Written}: '{cell.Short}' is no device's key";
        }

        Device = text;
        return null;
    }

    private string? FindTime(TimePlace place, DateTimeOffset arrived)
    {
        if (place.From is null)
        {
            Time = arrived.ToMicros();
            return null;
        }

        var cell = Record.Find(place.From);
        if (!cell.IsThere || !cell.IsValue || cell.Text.Trim().Length == 0)
        {
            return $"{place.From.Written}: there is no time";
        }

        if (DeviceTime.Read(place, cell) is not { } time || time < IsoTime.Earliest || time >= IsoTime.Latest)
        {
            return $"{place.From.Written}: '{cell.Short}' is no time as {place.Format}";
        }

        Time = time.ToMicros();
        return null;
    }

    private void FindValues(DoorMap map, IReadOnlyCollection<string>? only)
    {
        var anyThere = false;
        for (var index = 0; index < map.Measures.Count; index++)
        {
            var measure = map.Measures[index];
            var cell = only is null || only.Contains(measure.From.Written) ? Record.Find(measure.From) : default;
            anyThere |= cell.IsThere;
            if (!cell.IsThere || measure.Missing.Are(cell))
            {
                continue;
            }

            if (Convert(measure, cell, out var reason) is { } result)
            {
                Values.Add((index, cell, result));
            }
            else
            {
                Faults.Add((index, reason));
            }
        }

        Trouble = anyThere ? null : "none of the mapped measures is in it";
    }

    private static Result? Convert(MeasurePlace measure, in Cell cell, out string reason)
    {
        reason = "";
        if (!cell.IsValue)
        {
            reason = $"{measure.From.Written}: is no single value";
            return null;
        }

        switch (measure.Kind)
        {
            case MeasureKind.Text:
                var text = measure.Values.Count == 0 ? cell.Text : measure.Values.GetValueOrDefault(cell.Text.Trim());
                reason = text is null ? $"{measure.From.Written}: '{cell.Short}' is not one of {string.Join(", ", measure.Values.Keys)}" : text.Length > LongestText || text.Contains('\0', StringComparison.Ordinal) ? $"{measure.From.Written}: is too long a text" : "";
                return reason.Length == 0 ? new Result(ResultKind.Text, null, text) : null;
            case MeasureKind.Truth:
                var truth = measure.Values.GetValueOrDefault(cell.Text.Trim(), cell.Text.Trim()) switch { "true" or "1" => (bool?)true, "false" or "0" => false, _ => null };
                reason = $"{measure.From.Written}: '{cell.Short}' is neither true nor false";
                return truth is { } said ? new Result(ResultKind.Truth, said ? 1 : 0, null) : null;
            default:
                return ConvertNumber(measure, cell, out reason);
        }
    }

    private static Result? ConvertNumber(MeasurePlace measure, in Cell cell, out string reason)
    {
        if (!cell.IsNumber)
        {
            reason = $"{measure.From.Written}: '{cell.Short}' is not a number";
            return null;
        }

        decimal value;
        try
        {
            value = (cell.Number * measure.Scale) + measure.Offset;
        }
        catch (OverflowException)
        {
            reason = $"{measure.From.Written}: '{cell.Short}' is too great a number";
            return null;
        }

        if (value < measure.Least || value > measure.Most)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"{measure.From.Written}: {Plain(value)}{(measure.Unit.Symbol.Length > 0 ? " " : "")}{measure.Unit.Symbol} (raw {cell.Short}) is not between {measure.Least} and {measure.Most}");
            return null;
        }

        reason = "";
        return new Result(ResultKind.Number, (double)value, null);
    }

    /// <summary>Without the zeros that a decimal carries along: 23.40 is 23.4.</summary>
    internal static string Plain(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);
}
