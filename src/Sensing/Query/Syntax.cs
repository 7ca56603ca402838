namespace Madang.Sensing.Query;

/// <summary>The tree that a <c>$filter</c> or <c>$orderby</c> becomes: OData 4 expressions as OGC 18-088, 9.3.3.5 uses them.</summary>
internal abstract record Expression(int Position);

/// <summary>A constant: double, string, bool, DateTimeOffset, TimeInterval, DateOnly, TimeOnly, TimeSpan, Geometry, or null.</summary>
internal sealed record Literal(object? Value, int Position) : Expression(Position);

/// <summary>A path such as <c>Datastream/Thing/properties/owner</c>, cut at its slashes.</summary>
internal sealed record PathExpression(IReadOnlyList<string> Segments, int Position) : Expression(Position)
{
    public override string ToString() => string.Join('/', Segments);
}

/// <summary><c>and, or, eq, ne, gt, ge, lt, le, add, sub, mul, div, divby, mod</c>.</summary>
internal sealed record Binary(string Operator, Expression Left, Expression Right, int Position) : Expression(Position);

/// <summary><c>name in ('a','b')</c>.</summary>
internal sealed record OneOf(Expression Left, IReadOnlyList<Expression> Values, int Position) : Expression(Position);

/// <summary><c>not</c>, or <c>-</c> before a number.</summary>
internal sealed record Unary(string Operator, Expression Operand, int Position) : Expression(Position);

/// <summary>A function by its name, <c>substringof</c> or <c>geo.distance</c>.</summary>
internal sealed record Call(string Function, IReadOnlyList<Expression> Arguments, int Position) : Expression(Position);

/// <summary>One key of <c>$orderby</c>.</summary>
internal sealed record OrderKey(Expression By, bool Descending);

/// <summary>One item of <c>$expand</c>: a navigation with the options that apply behind it.</summary>
internal sealed record ExpandItem(string Navigation, QueryOptions Options);

/// <summary>The query options of a request, or of one expanded navigation.</summary>
internal sealed record QueryOptions
{
    public Expression? Filter { get; init; }

    public IReadOnlyList<OrderKey> OrderBy { get; init; } = [];

    public IReadOnlyList<string>? Select { get; init; }

    public IReadOnlyList<ExpandItem> Expand { get; init; } = [];

    public int? Top { get; init; }

    public long Skip { get; init; }

    public bool Count { get; init; }

    /// <summary>The place behind the page before (<c>$skiptoken</c>).</summary>
    public string? SkipToken { get; init; }

    /// <summary>The caller would rather wait than have an estimate (<c>Prefer: count=exact</c>).</summary>
    public bool ExactCount { get; init; }

    /// <summary>How a page is written: entities (null), <c>dataArray</c>, <c>CSV</c> or <c>GeoJSON</c>.</summary>
    public string? ResultFormat { get; init; }

    /// <summary>What is computed instead of entities (<c>$apply</c>).</summary>
    public Apply? Apply { get; init; }

    /// <summary>About how many Observations stand for all (<c>$thin</c>).</summary>
    public int? Thin { get; init; }

    /// <summary>The options as they were written, by name, for the next link.</summary>
    public IReadOnlyDictionary<string, string> Written { get; init; } = new Dictionary<string, string>();
}
