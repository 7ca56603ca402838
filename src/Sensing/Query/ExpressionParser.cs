using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>
/// A hand-written precedence parser. From loose to tight: or, and, not, comparisons, in, add and sub, mul div divby and mod, minus
/// (OData 4.01 ABNF, and OGC 18-088 table 21).
/// </summary>
internal sealed partial class ExpressionParser(string option, IReadOnlyList<Token> tokens)
{
    private const int MaxDepth = 60, MostIndexDigits = 9;
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"], Sums = ["add", "sub"], Products = ["mul", "div", "divby", "mod"];

    private int at;
    private int depth;

    private Token Current => tokens[at];

    public static Expression Parse(string option, string text)
    {
        var parser = new ExpressionParser(option, new Lexer(option, text).Read());
        var expression = parser.Or();
        return parser.Current.Kind == TokenKind.End ? expression : throw parser.Unexpected("the end, 'and' or 'or'");
    }

    public static List<OrderKey> ParseOrder(string text)
    {
        var parser = new ExpressionParser("$orderby", new Lexer("$orderby", text).Read());
        var keys = new List<OrderKey>();
        do
        {
            var by = parser.Sum();
            var descending = parser.TakeName("desc");
            _ = descending || parser.TakeName("asc");
            keys.Add(new OrderKey(by, descending));
        }
        while (parser.TakeSymbol(","));

        return parser.Current.Kind == TokenKind.End && keys.Count <= 10 ? keys : throw parser.Unexpected("',' , 'asc', 'desc' or the end (at most ten keys)");
    }

    /// <summary>A path alone, cut at its slashes: <c>properties/'lamp-id'</c>.</summary>
    public static List<string> ParsePath(string option, string text)
    {
        var parser = new ExpressionParser(option, new Lexer(option, text).Read());
        return parser.Current.Kind == TokenKind.Name && parser.NameOrCall() is PathExpression path && parser.Current.Kind == TokenKind.End
            ? [.. path.Segments]
            : throw new InvalidInputException(option, $"'{text}' is not a name, nor a path of names such as properties/a");
    }

    private Expression Or() => LeftToRight(And, ["or"]);

    private Expression And() => LeftToRight(Not, ["and"]);

    private Expression Not()
    {
        var position = Current.Position;
        if (!TakeName("not"))
        {
            return Comparison();
        }

        using (Deeper())
        {
            return new Unary("not", Not(), position);
        }
    }

    private Expression Comparison()
    {
        var left = Sum();
        var position = Current.Position;
        if (TakeName("in"))
        {
            Expect("(");
            return new OneOf(left, Arguments(), position);
        }

        return TakeAny(Comparisons) is { } comparison ? new Binary(comparison, left, Sum(), position) : left;
    }

    private Expression Sum() => LeftToRight(Product, Sums);

    private Expression Product() => LeftToRight(Minus, Products);

    private Expression Minus()
    {
        var position = Current.Position;
        if (!TakeSymbol("-"))
        {
            return Primary();
        }

        using (Deeper())
        {
            return Minus() switch
            {
                Literal { Value: double number } => new Literal(-number, position),
                Literal { Value: TimeSpan duration } => new Literal(-duration, position),
                var operand => new Unary("-", operand, position),
            };
        }
    }

    private Expression LeftToRight(Func<Expression> operand, string[] operators)
    {
        var left = operand();
        while (true)
        {
            var position = Current.Position;
            if (TakeAny(operators) is not { } found)
            {
                return left;
            }

            left = new Binary(found, left, operand(), position);
        }
    }

    private Expression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Text or TokenKind.Number or TokenKind.Constant:
                at++;
                return new Literal(token.Value, token.Position);
            case TokenKind.Name:
                return NameOrCall();
            case TokenKind.Symbol when token.Text == "(":
                at++;
                using (Deeper())
                {
                    var inner = Or();
                    Expect(")");
                    return inner;
                }

            default:
                throw Unexpected("a property, a constant, a function or '('");
        }
    }

    private Expression NameOrCall()
    {
        var token = Current;
        at++;
        switch (token.Text)
        {
            case "true" or "false":
                return new Literal(token.Text == "true", token.Position);
            case "null":
                return new Literal(null, token.Position);
        }

        if (TakeSymbol("("))
        {
            return new Call(token.Text, Arguments(), token.Position);
        }

        var segments = new List<string> { token.Text };
        while (true)
        {
            if (TakeSymbol("/"))
            {
                segments.Add(Segment());
                at++;
            }
            else if (TakeSymbol("["))
            {
                segments.Add(Current.Kind == TokenKind.Number && Current.Text.Length <= MostIndexDigits && Current.Text.All(char.IsAsciiDigit) ? $"[{Current.Text}]" : throw Unexpected("a whole number after '['"));
                at++;
                Expect("]");
            }
            else
            {
                return new PathExpression(segments, token.Position);
            }
        }
    }

    /// <summary>A name, or the key of a JSON object in quotes where it is no name: <c>properties/'lamp-id'</c>.</summary>
    private string Segment() => Current switch
    {
        { Kind: TokenKind.Name or TokenKind.Number } => Current.Text,
        { Kind: TokenKind.Text, Value: string { Length: > 0 } key } when key[0] != '[' && !key.AsSpan().ContainsAny('"', '\\') && !key.Any(char.IsControl) => key,
        { Kind: TokenKind.Text } => throw new InvalidInputException(option, $"the key {Current.Text} at position {Current.Position + 1} is empty, begins with '[', or holds '\"', '\\' or a control character; such keys cannot be asked for"),
        _ => throw Unexpected("a name, or a key in quotes, after '/'"),
    };

    private List<Expression> Arguments()
    {
        var arguments = new List<Expression>();
        if (TakeSymbol(")"))
        {
            return arguments;
        }

        using (Deeper())
        {
            do
            {
                arguments.Add(Or());
            }
            while (TakeSymbol(","));
        }

        Expect(")");
        return arguments;
    }

    private bool TakeName(string name) => Take(TokenKind.Name, name);

    private bool TakeSymbol(string symbol) => Take(TokenKind.Symbol, symbol);

    private bool Take(TokenKind kind, string text)
    {
        if (Current.Kind != kind || Current.Text != text)
        {
            return false;
        }

        at++;
        return true;
    }

    private string? TakeAny(string[] names) => Array.Find(names, TakeName);

    private void Expect(string symbol)
    {
        if (!TakeSymbol(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    private InvalidInputException Unexpected(string wanted) =>
        new(option, $"expected {wanted} at position {Current.Position + 1}{(Current.Kind == TokenKind.End ? ", where it ends" : $", found '{Current.Text}'")}");

    private Depth Deeper() => ++depth <= MaxDepth ? new Depth(this) : throw new InvalidInputException(option, $"is nested deeper than {MaxDepth}");

    private readonly struct Depth(ExpressionParser parser) : IDisposable
    {
        public void Dispose() => parser.depth--;
    }
}
