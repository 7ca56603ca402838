using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>What <c>$apply</c> computes from Observations: a filter, groups, and what is said of each group (a part of OData Aggregation 4.0).</summary>
internal sealed record Apply(Expression? Filter, IReadOnlyList<GroupKey> Groups, IReadOnlyList<Aggregate> Aggregates);

/// <summary>A property along to-one relations, or stretches of time: <see cref="Bucket"/> wide.</summary>
internal sealed record GroupKey(string Name, PathExpression? By, TimeSpan? Bucket);

/// <summary><c>result with average as mean</c>, or <c>$count as n</c>.</summary>
internal sealed record Aggregate(string Method, string Alias);

/// <content><c>$apply</c>: <c>filter(…)/groupby((Datastream/@iot.id,bucket(phenomenonTime,PT1H)),aggregate(result with average as mean,$count as n))</c>.</content>
internal sealed partial class ExpressionParser
{
    private static readonly string[] Methods = ["average", "min", "max", "sum", "countdistinct", "count"];

    public static Apply ParseApply(string text)
    {
        var parser = new ExpressionParser("$apply", new Lexer("$apply", text).Read());
        var apply = parser.Transformations();
        var names = apply.Groups.Select(group => group.Name).Concat(apply.Aggregates.Select(aggregate => aggregate.Alias)).ToList();
        if (names.Distinct().Count() < names.Count)
        {
            throw new InvalidInputException("$apply", "gives two columns the same name");
        }

        return parser.Current.Kind == TokenKind.End ? apply : throw parser.Unexpected("the end");
    }

    private Apply Transformations()
    {
        Expression? filter = null;
        while (TakeName("filter"))
        {
            Expect("(");
            var next = Or();
            Expect(")");
            Expect("/");
            filter = filter is null ? next : new Binary("and", filter, next, next.Position);
        }

        if (TakeName("aggregate"))
        {
            return new Apply(filter, [], Aggregates());
        }

        if (!TakeName("groupby"))
        {
            throw Unexpected("filter(…)/, aggregate(…) or groupby((…),aggregate(…))");
        }

        Expect("(");
        Expect("(");
        var groups = List(Group, 5);
        Expect(")");
        var aggregates = new List<Aggregate>();
        if (TakeSymbol(","))
        {
            aggregates = TakeName("aggregate") ? Aggregates() : throw Unexpected("aggregate(…)");
        }

        Expect(")");
        return new Apply(filter, groups, aggregates);
    }

    private GroupKey Group()
    {
        var expression = NameOrCall();
        return expression switch
        {
            PathExpression path => new GroupKey(path.ToString(), path, null),
            Call { Function: "bucket", Arguments: [PathExpression { Segments: ["phenomenonTime"] }, var width] } => new GroupKey("phenomenonTime", null, Width(width)),
            _ => throw new InvalidInputException("$apply", $"what stands at position {expression.Position + 1} is no group: a property such as Datastream/@iot.id, or bucket(phenomenonTime,PT1H)"),
        };
    }

    private static TimeSpan Width(Expression width)
    {
        var said = width switch
        {
            Literal { Value: TimeSpan duration } => duration,
            Literal { Value: string text } when Durations.TryParse(text, out var duration) => duration,
            PathExpression { Segments: [var word] } when Durations.TryParse(word, out var duration) => duration,
            _ => TimeSpan.Zero,
        };
        return said >= TimeSpan.FromSeconds(1) && said <= TimeSpan.FromDays(1) && TimeSpan.TicksPerDay % said.Ticks == 0
            ? said
            : throw new InvalidInputException("$apply", $"the width at position {width.Position + 1} must divide a day evenly and be at least a second: PT10M, PT1H, PT6H, P1D");
    }

    private List<Aggregate> Aggregates()
    {
        Expect("(");
        var aggregates = List(Aggregate, 20);
        Expect(")");
        return aggregates;
    }

    private Aggregate Aggregate()
    {
        if (TakeName("$count"))
        {
            return new Aggregate("$count", Alias());
        }

        if (!TakeName("result") || !TakeName("with"))
        {
            throw Unexpected("'result with METHOD as NAME' or '$count as NAME'");
        }

        var method = TakeAny(Methods) ?? throw Unexpected(string.Join(", ", Methods));
        return new Aggregate(method, Alias());
    }

    private string Alias()
    {
        var name = TakeName("as") && Current.Kind == TokenKind.Name && Current.Text.All(character => char.IsLetterOrDigit(character) || character == '_') ? Current.Text : throw Unexpected("'as' and a name of letters, digits and _");
        at++;
        return name;
    }

    private List<T> List<T>(Func<T> item, int most)
    {
        var items = new List<T>();
        do
        {
            items.Add(items.Count < most ? item() : throw new InvalidInputException(option, $"names more than {most} things in one list"));
        }
        while (TakeSymbol(","));

        return items;
    }
}
