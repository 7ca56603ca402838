using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>The arguments of one function call, each translated once; a wrong one is named by its place.</summary>
internal sealed class Arguments(Call call, Func<Expression, Term> translate)
{
    private readonly Dictionary<int, Term> known = [];

    public Call Call { get; } = call;

    public int Count => Call.Arguments.Count;

    public Term this[int index] => known.TryGetValue(index, out var term) ? term : known[index] = translate(Call.Arguments[index]);

    public string Text(int index) => this[index].Text ?? throw Wrong(index, "text");

    public string Number(int index) => this[index].Number ?? throw Wrong(index, "a number");

    public string Whole(int index) => $"CAST({Number(index)} AS INTEGER)";

    /// <summary>A time; an interval may also be written as text, <c>'start/end'</c>.</summary>
    public (string Start, string? End) Time(int index) =>
        this[index].Time ?? (TimeInterval.TryParse(this[index].Said, out var said) ? Columns.Constant(said) : throw Wrong(index, "a time or interval"));

    public GeoTerm Geo(int index) => this[index].Geo ?? throw Wrong(index, "a shape: location, feature, observedArea or geography'…'");

    /// <summary>A constant text.</summary>
    public string Said(int index, string wanted) => this[index].Said ?? throw Wrong(index, wanted);

    public InvalidInputException Wrong(int index, string wanted) =>
        new("$filter", $"argument {index + 1} of '{Call.Function}' at position {Call.Position + 1} must be {wanted}, and is {this[index].Kinds}");
}
