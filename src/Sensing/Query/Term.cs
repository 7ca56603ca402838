using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>
/// A value in SQL, in each form it can take: a result may be a number in one row and text in the next, so each form is an
/// expression that is NULL where the value is of another kind.
/// </summary>
internal sealed record Term
{
    /// <summary>An expression of type double.</summary>
    public string? Number { get; init; }

    /// <summary>An expression of type text.</summary>
    public string? Text { get; init; }

    /// <summary>An expression that is 1, 0 or NULL.</summary>
    public string? Truth { get; init; }

    /// <summary>Microseconds; <c>End</c> is null where the value can only be an instant.</summary>
    public (string Start, string? End)? Time { get; init; }

    /// <summary>A stretch of time in microseconds.</summary>
    public string? Duration { get; init; }

    /// <summary>A day, as days since 1970-01-01.</summary>
    public string? Day { get; init; }

    /// <summary>A time of day in microseconds since midnight.</summary>
    public string? Clock { get; init; }

    /// <summary>A shape on the map.</summary>
    public GeoTerm? Geo { get; init; }

    /// <summary>An expression that an index knows, and that equals <see cref="Text"/> wherever that is a text of at most <see cref="MostIndexed"/> letters.</summary>
    public string? Indexed { get; init; }

    /// <summary>The longest text that is looked up by <see cref="Indexed"/>.</summary>
    public const int MostIndexed = 200;

    /// <summary>The text itself where it is a constant.</summary>
    public string? Said { get; init; }

    /// <summary>A condition (SQL boolean), for what comparisons and tests give.</summary>
    public string? Condition { get; init; }

    /// <summary>A condition that is true when there is no value; null where the forms themselves tell.</summary>
    public string? Missing { get; init; }

    /// <summary>The constant <c>null</c>.</summary>
    public bool IsNull { get; init; }

    /// <summary>What the value can be, for messages.</summary>
    public string Kinds => string.Join(" or ", Named().DefaultIfEmpty("null"));

    /// <summary>The conditions under which there is no value of any kind.</summary>
    public string IsMissing => Missing ?? (Forms() is { Count: > 0 } forms ? string.Join(" AND ", forms.Select(form => $"{form} IS NULL")) : Geo?.IsUnknown ?? "1 = 0");

    /// <summary>The forms that compare as they are, each beside the same form of another term.</summary>
    public IEnumerable<(string? Left, string? Right)> Beside(Term other) =>
        [(Number, other.Number), (Text, other.Text), (AsTruth, other.AsTruth), (Duration, other.Duration), (Day, other.Day), (Clock, other.Clock)];

    /// <summary>This term as a condition.</summary>
    public string AsCondition(string what) =>
        Condition ?? (Truth is { } truth ? $"({truth} = 1)" : throw new InvalidInputException("$filter", $"{what} is {Kinds}, where true or false is needed"));

    /// <summary>This term as 1, 0 or NULL.</summary>
    public string? AsTruth => Truth ?? (Condition is { } condition ? $"CASE WHEN {condition} THEN 1 ELSE 0 END" : null);

    private List<string> Forms() => [.. new[] { Number, Text, Truth, Time?.Start, Duration, Day, Clock }.OfType<string>()];

    private IEnumerable<string> Named() =>
        new[]
        {
            (Number, "a number"), (Text, "text"), (Truth ?? Condition, "true/false"), (Time?.Start, "a time"), (Duration, "a duration"),
            (Day, "a date"), (Clock, "a time of day"), (Geo is null ? null : "", "a shape"),
        }.Where(form => form.Item1 is not null).Select(form => form.Item2);
}
