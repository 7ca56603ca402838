using System.Globalization;
using Madang.Kernel;
using Madang.Trust;

namespace Madang.Web;

/// <summary>What was asked, as it was typed: days are the city's.</summary>
public sealed record RecordAsked
{
    /// <inheritdoc cref="RecordQuery.Who"/>
    public string? Who { get; init; }

    /// <inheritdoc cref="RecordQuery.Thing"/>
    public string? Thing { get; init; }

    /// <inheritdoc cref="RecordQuery.Kind"/>
    public string? Kind { get; init; }

    /// <summary>The beginning of the action, or <see cref="Everything"/>.</summary>
    public string? Action { get; init; }

    /// <inheritdoc cref="RecordQuery.Purpose"/>
    public string? Purpose { get; init; }

    /// <inheritdoc cref="RecordQuery.Result"/>
    public string? Result { get; init; }

    /// <summary>The first day.</summary>
    public string? From { get; init; }

    /// <summary>The last day.</summary>
    public string? Until { get; init; }

    /// <inheritdoc cref="RecordQuery.Before"/>
    public string? Before { get; init; }

    /// <inheritdoc cref="RecordQuery.Entry"/>
    public string? Entry { get; init; }

    /// <summary>The action that stands for all of them; without any, stored Observations, which are most of a record, are left out.</summary>
    internal const string Everything = "*";

    /// <summary>The same as a question to the record.</summary>
    internal RecordQuery Query(TimeZoneInfo zone) => new()
    {
        Who = Filled(Who), Thing = Filled(Thing), Kind = Filled(Kind), Action = Action == Everything ? null : Filled(Action), Without = Filled(Action) is null && Filled(Entry) is null ? "observations." : null, Purpose = Filled(Purpose), Result = Filled(Result),
        From = Day(zone, From, "from", 0), Until = Day(zone, Until, "until", 1), Before = Filled(Before), Entry = Number(Entry),
    };

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static long? Number(string? text) => Filled(text) is not { } typed ? null
        : long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException("entry", "is the number of an entry");

    private static DateTimeOffset? Day(TimeZoneInfo zone, string? text, string field, int plus)
    {
        if (Filled(text) is not { } typed)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1971 or > 9000)
        {
            throw new InvalidInputException(field, "is a day such as 2026-11-22");
        }

        var midnight = day.AddDays(plus).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }
}
