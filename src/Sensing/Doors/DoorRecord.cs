using System.Text.Json;

namespace Madang.Sensing.Doors;

/// <summary>One record of a payload: what one device said of one moment.</summary>
internal abstract class DoorRecord
{
    /// <summary>Why it is no record of this format; null when it is one.</summary>
    public string? Trouble { get; init; }

    public abstract Cell Find(Place place);

    /// <summary>A payload that holds this record alone, in UTF-8.</summary>
    public abstract byte[] Alone();
}

/// <summary>A line of CSV.</summary>
internal sealed class CsvRecord(string? header, string line, string[] cells, Dictionary<string, int> columns) : DoorRecord
{
    public override Cell Find(Place place) => columns.TryGetValue(place.Written, out var column) && column < cells.Length ? Cell.Of(cells[column]) : default;

    public override byte[] Alone() => System.Text.Encoding.UTF8.GetBytes(header is null ? line : $"{header}\n{line}");
}

/// <summary>An element of JSON.</summary>
internal sealed class JsonRecord(PayloadFormat format, JsonElement root, JsonElement record) : DoorRecord
{
    public override Cell Find(Place place) => Cell.Of(place.Path!.Find(place.Path.IsFromRoot ? root : record));

    public override byte[] Alone()
    {
        try
        {
            return Write();
        }
        catch (InvalidOperationException)
        {
            // It holds half of a surrogate pair, which cannot be written again: the whole payload stands for it, as it came.
            return System.Text.Encoding.UTF8.GetBytes(root.GetRawText());
        }
    }

    private byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (format.Records.IsEach)
            {
                format.Records.WriteWith(json, root, record);
            }
            else
            {
                root.WriteTo(json);
            }
        }

        return stream.ToArray();
    }
}
