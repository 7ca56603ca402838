using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Madang.Import.City;
using Madang.Import.Files;
using Madang.Import.Maps;
using Madang.Kernel;

namespace Madang.Import;

/// <summary>Brings a city's sites into a city, from a CSV table with coordinates, through its public interface. Rows that are no site are kept aside with the reason.</summary>
/// <param name="city">Reaches the city; its base address is the city's.</param>
/// <param name="key">The write key; null on the city's own machine.</param>
/// <param name="clock">For pauses and patience.</param>
public sealed class SitesImport(HttpClient city, string? key, TimeProvider clock)
{
    private const int InPiece = 1_000, LongestCode = 64, LongestText = 500;

    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private sealed record Row(string Code, string Name, string? NameEn, double Longitude, double Latitude, string? Address, int? Capacity);

    /// <summary>Sends the file; running it again changes nothing.</summary>
    /// <exception cref="InvalidInputException">The file or an option is wrong. Nothing was stored.</exception>
    /// <exception cref="ImportException">The city refuses or cannot be reached.</exception>
    public async Task<SitesSummary> Run(string file, SitesPlan plan, string rejected, CancellationToken cancel)
    {
        List<Row> rows;
        long refused;
        using (var aside = new RejectedRows(rejected))
        {
            rows = Read(file, plan, aside);
            refused = aside.Count;
        }

        var door = new CityDoor(city, key, clock);
        var target = $"/api/places/sites/{Uri.EscapeDataString(plan.Kind)}?data={(plan.Simulated ? "simulated" : "real")}{Option("source", plan.Source)}{Option("licence", plan.Licence)}";
        var (made, changed, unchanged) = (0, 0, 0);
        foreach (var piece in rows.Chunk(InPiece))
        {
            var answer = await door.Put(target, Write(piece, plan), cancel);
            (made, changed, unchanged) = (made + answer.GetProperty("made").GetInt32(), changed + answer.GetProperty("changed").GetInt32(), unchanged + answer.GetProperty("unchanged").GetInt32());
        }

        return new SitesSummary(plan.Kind, rows.Count + (int)refused, made, changed, unchanged, refused, refused > 0 ? rejected : null);
    }

    private static string Option(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    /// <summary>The encoding that was named, or the first of UTF-8 and CP949 that fits every byte.</summary>
    private static Encoding Fitting(string file, string? named)
    {
        foreach (var name in named is null ? ["utf-8", "cp949"] : (string[])[named])
        {
            var encoding = TextFile.FindEncoding(name) ?? throw new InvalidInputException("--encoding", $"'{name}' is not one of {string.Join(", ", TextFile.Encodings)}");
            try
            {
                TextFile.CountLines(file, encoding, name);
                return encoding;
            }
            catch (InvalidInputException) when (named is null && name == "utf-8")
            {
                // Then it is the other one, or the complaint is of that.
            }
        }

        throw new InvalidInputException("--encoding", "fits neither UTF-8 nor CP949; say which it is");
    }

    private static List<Row> Read(string file, SitesPlan plan, RejectedRows rejected)
    {
        using var table = new CsvRows(TextFile.OpenText(file, Fitting(file, plan.Encoding)), ",");
        var columns = new SiteColumns(table.Header, plan.Columns);
        var (rows, seen) = (new List<Row>(), new Dictionary<string, long>());
        foreach (var row in table.Read())
        {
            (Row? read, string column, string reason) = row.Trouble is { } trouble ? (null, "", trouble) : ReadOne(columns, row.Cells);
            if (read is { Code: var code } && !seen.TryAdd(code, row.Line))
            {
                (read, column, reason) = (null, "code", $"the same code as line {seen[code].ToString(CultureInfo.InvariantCulture)}: {code}");
            }

            if (read is null)
            {
                rejected.Add(row.Line, column, row.Trouble is null ? columns.Of(column, row.Cells) ?? "" : "", reason);
            }
            else
            {
                rows.Add(read);
            }
        }

        return rows;
    }

    private static (Row? Row, string Column, string Reason) ReadOne(SiteColumns columns, string[] cells)
    {
        if (columns.Of("name", cells) is not { Length: <= LongestText } name || name.Any(char.IsControl))
        {
            return (null, "name", $"there is no name, or none that is one line of at most {LongestText} characters");
        }

        foreach (var (member, most) in new[] { ("longitude", 180), ("latitude", 90) })
        {
            // A place at 0 degrees is one that nobody looked up.
            if (Number(columns.Of(member, cells)) is not { } degrees || Math.Abs(degrees) > most || degrees == 0)
            {
                return (null, member, $"is no {member} in degrees");
            }
        }

        var code = columns.CodeOf(cells);
        if (code.Length is 0 or > LongestCode)
        {
            return (null, "code", $"is longer than {LongestCode} characters");
        }

        int? capacity = int.TryParse(columns.Of("capacity", cells), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var people) && people >= 0 ? people : null;
        return (new Row(code, name, Line(columns.Of("name_en", cells)), Number(columns.Of("longitude", cells))!.Value, Number(columns.Of("latitude", cells))!.Value, Line(columns.Of("address", cells)), capacity), "", "");
    }

    private static string? Line(string? text) => text is null ? null : string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) is var line && line.Length > LongestText ? line[..LongestText] : line;

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static byte[] Write(Row[] rows, SitesPlan plan)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Written))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteStartArray("features");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                json.WriteString("type", "Feature");
                json.WriteStartObject("properties");
                json.WriteString("code", row.Code);
                json.WriteString("name", row.Name);
                Maybe(json, "name_en", row.NameEn);
                Maybe(json, "address", row.Address);
                Whole(json, "capacity", row.Capacity);
                Whole(json, "base_year", plan.BaseYear);
                json.WriteEndObject();
                json.WriteStartObject("geometry");
                json.WriteString("type", "Point");
                json.WriteStartArray("coordinates");
                json.WriteNumberValue(row.Longitude);
                json.WriteNumberValue(row.Latitude);
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Maybe(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void Whole(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }
}
