using Madang.Kernel;

namespace Madang.Operations.Incidents;

/// <summary>What may stand in the words that people and systems write.</summary>
internal static class IncidentText
{
    /// <summary>A line that must be there.</summary>
    public static string Line(string? text, string field, int longest) =>
        Optional(text, field, longest) ?? throw new InvalidInputException(field, $"is required: at most {longest} characters");

    /// <summary>A line that may be left out; blank is left out.</summary>
    public static string? Optional(string? text, string field, int longest) => Plain(text, field, longest, _ => false);

    /// <summary>A text of several lines that must be there.</summary>
    public static string Text(string? text, string field) => OptionalText(text, field) ?? throw new InvalidInputException(field, $"is required: at most {IncidentDesk.LongestText} characters");

    /// <summary>A text of several lines that may be left out.</summary>
    public static string? OptionalText(string? text, string field) => Plain(text, field, IncidentDesk.LongestText, letter => letter is '\n' or '\r');

    public static (double? Longitude, double? Latitude) Point(double? longitude, double? latitude)
    {
        if (longitude is null != latitude is null)
        {
            throw new InvalidInputException(longitude is null ? "longitude" : "latitude", "is needed beside the other");
        }

        return (longitude is null or (>= -180 and <= 180) ? longitude : throw new InvalidInputException("longitude", "is degrees from -180 to 180"), latitude is null or (>= -90 and <= 90) ? latitude : throw new InvalidInputException("latitude", "is degrees from -90 to 90"));
    }

    public static IncidentKind Kind(string? kind) => IncidentKind.Find(kind) ?? throw new InvalidInputException("kind", "is one of " + string.Join(", ", IncidentKind.All.Select(each => each.Code)));

    public static IncidentStage Stage(IncidentKind kind, string? stage, string field = "stage") =>
        kind.FindStage(stage) ?? throw new InvalidInputException(field, $"is a stage of {kind.Code}: " + string.Join(", ", kind.Stages.Select(each => each.Code)));

    /// <summary>Whole microseconds, as they are stored.</summary>
    public static DateTimeOffset Cut(DateTimeOffset at, string field) =>
        at >= IsoTime.Earliest && at < IsoTime.Latest ? IsoTime.FromMicros(at.ToMicros()) : throw new InvalidInputException(field, "is a time of the years 1800 to 2199");

    private static string? Plain(string? text, string field, int longest, Func<char, bool> isLineEnd) =>
        string.IsNullOrWhiteSpace(text) ? null
        : text.Length <= longest && !text.Any(letter => char.IsControl(letter) && !isLineEnd(letter)) ? text.Trim()
        : throw new InvalidInputException(field, $"is a text of at most {longest} characters");
}
