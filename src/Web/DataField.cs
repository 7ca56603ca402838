namespace Madang.Web;

/// <summary>
/// A field of a form that writes data. Its name is the path of the member that it fills, as in <c>levels[0].from</c>: so what a
/// module refuses by the name of the member is told beside the field.
/// </summary>
/// <param name="Path">The path in the JSON of what is written.</param>
/// <param name="Kind">What is written there.</param>
/// <param name="Label">What stands above.</param>
public sealed record DataField(string Path, DataKind Kind, string Label)
{
    /// <summary>What can be chosen: what is written, and what is read.</summary>
    public IReadOnlyList<(string Value, string Words)> Options { get; init; } = [];

    /// <summary>What stands first of a choice and writes nothing; null without such a line.</summary>
    public string? Empty { get; init; }

    /// <summary>What helps to fill it in.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether the form cannot be sent without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True in a row that may stay empty: the browser does not ask for it, the server does once something of the row is filled in.</summary>
    public bool IsSpare { get; init; }

    /// <summary>The most letters.</summary>
    public int Longest { get; init; } = 500;

    /// <summary>The id on the page.</summary>
    public string Id => Path.Replace('.', '-').Replace("[", "-", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
}

/// <summary>What a field writes.</summary>
public enum DataKind
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>Whole numbers with spaces or commas between them, as a list.</summary>
    Wholes,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>One of the options.</summary>
    Choice,

    /// <summary>Any of the options, as a list of texts.</summary>
    Ticks,

    /// <summary>Any of the options, as a list of whole numbers.</summary>
    WholeTicks,

    /// <summary>Yes or no.</summary>
    Tick,
}

/// <summary>Fields that stand together.</summary>
/// <param name="Title">What stands above.</param>
/// <param name="Fields">The fields.</param>
public sealed record DataGroup(string Title, IReadOnlyList<DataField> Fields)
{
    /// <summary>True for one of several alike, of which those that are left empty are not written.</summary>
    public bool IsRow { get; init; }
}
