using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Trust;

namespace Madang.Sensing.Query;

/// <summary>
/// Turns a filter's tree into a parameterised SQL condition. A comparison that walks along relations becomes an EXISTS over
/// them, so that a path through a to-many relation means "for at least one".
/// </summary>
internal sealed class FilterTranslator(SqlText sql, EntitySet set, string alias, Func<string, string, string> seen, TimeProvider clock)
{
    private const int MostSql = 50_000, MostValues = 200;

    /// <summary>A filter that sees what <see cref="Caller.Current"/> does.</summary>
    public FilterTranslator(SqlText sql, EntitySet set, string alias, Visibility visibility, TimeProvider clock)
        : this(sql, set, alias, visibility.Condition, clock)
    {
    }

    public string Condition(Expression expression)
    {
        switch (expression)
        {
            case Binary { Operator: "and" } and:
                return $"({Condition(and.Left)} AND {Condition(and.Right)})";
            case Binary { Operator: "or" } or:
                return $"({Condition(or.Left)} OR {Condition(or.Right)})";
            case Unary { Operator: "not" } not:
                return $"(NOT coalesce({Condition(not.Operand)}, FALSE))";
            default:
                var walk = new Walk();
                var condition = Translate(expression, walk).AsCondition($"what stands at position {expression.Position + 1}");
                return walk.Tables.Count == 0
                    ? condition
                    : $"EXISTS (SELECT 1 FROM {string.Join(", ", walk.Tables)} WHERE {string.Join(" AND ", walk.Joins)} AND {condition})";
        }
    }

    /// <summary>The ids of the entities behind the one relation that all paths of a comparison begin with, for which it is true; to stand in an <c>IN</c>.</summary>
    public string Reached(Expression comparison)
    {
        var walk = new Walk();
        var condition = Translate(comparison, walk).AsCondition($"what stands at position {comparison.Position + 1}");
        return $"SELECT {walk.First}.id FROM {string.Join(", ", walk.Tables)} WHERE {string.Join(" AND ", walk.Joins.Skip(1))} AND {condition}";
    }

    /// <summary>The SQL sort keys of one key of <c>$orderby</c>; relations may be walked only where they lead to one entity.</summary>
    public IEnumerable<string> SortKeys(OrderKey key)
    {
        var walk = new Walk { ToOneOnly = true };
        var term = TranslateKey(key, walk);
        var keys = Columns.SortKeys(term).ToList();
        if (keys.Count == 0)
        {
            throw new InvalidInputException("$orderby", "cannot sort by this");
        }

        return walk.Tables.Count == 0 ? keys : keys.Select(sort => $"(SELECT {sort} FROM {string.Join(", ", walk.Tables)} WHERE {string.Join(" AND ", walk.Joins)})");
    }

    private Term TranslateKey(OrderKey key, Walk walk)
    {
        try
        {
            return Translate(key.By, walk);
        }
        catch (InvalidInputException wrong) when (wrong.Field == "$filter")
        {
            throw new InvalidInputException("$orderby", wrong.Reason, wrong.Status);
        }
    }

    /// <summary>No part of a statement may grow beyond reason, however its tree is built.</summary>
    private Term Translate(Expression expression, Walk walk)
    {
        var term = TranslatePart(expression, walk);
        return (term.Number?.Length ?? 0) + (term.Text?.Length ?? 0) + (term.Condition?.Length ?? 0) + (term.Time?.Start.Length ?? 0) + (term.Duration?.Length ?? 0) + (term.Day?.Length ?? 0) + (term.Clock?.Length ?? 0) <= MostSql
            ? term
            : throw new InvalidInputException("$filter", $"what stands at position {expression.Position + 1} is too large; ask a simpler question");
    }

    private Term TranslatePart(Expression expression, Walk walk) => expression switch
    {
        Literal literal => Columns.Constant(sql, literal.Value),
        PathExpression path => Path(path, walk),
        Unary { Operator: "-" } minus => Arithmetic.Minus(Translate(minus.Operand, walk), minus.Position),
        Unary not => new Term { Condition = $"(NOT coalesce({Translate(not.Operand, walk).AsCondition("what 'not' negates")}, FALSE))" },
        Binary { Operator: "and" or "or" } both => new Term
        {
            Condition = $"({Translate(both.Left, walk).AsCondition("the left side")} {both.Operator} {Translate(both.Right, walk).AsCondition("the right side")})",
        },
        Binary { Operator: "add" or "sub" or "mul" or "div" or "divby" or "mod" } sum => Arithmetic.Of(sql, sum, Translate(sum.Left, walk), Translate(sum.Right, walk)),
        Binary { Left: Call { Function: "geo.distance", Arguments.Count: 2 } far, Right: Literal { Value: double metres } } near
            when GeoFunctions.WithinDistance(sql, near.Operator, new Arguments(far, argument => Translate(argument, walk)), metres) is { } within => new Term { Condition = within },
        Binary comparison => new Term { Condition = Comparison.Of(comparison.Operator, Translate(comparison.Left, walk), Translate(comparison.Right, walk), comparison.Position) },
        OneOf oneOf => new Term { Condition = Among(oneOf, Translate(oneOf.Left, walk), walk) },
        Call call => Functions.Translate(sql, call, argument => Translate(argument, walk), clock),
        _ => throw new InvalidInputException("$filter", "cannot be understood"),
    };

    private string Among(OneOf oneOf, Term left, Walk walk)
    {
        if (oneOf.Values.Count is 0 or > MostValues || oneOf.Values.Any(value => value is not Literal))
        {
            throw new InvalidInputException("$filter", $"'in' at position {oneOf.Position + 1} takes 1 to {MostValues} constants");
        }

        return $"({string.Join(" OR ", oneOf.Values.Select(value => $"coalesce({Comparison.Of("eq", left, Translate(value, walk), oneOf.Position)}, FALSE)"))})";
    }

    private Term Path(PathExpression path, Walk walk)
    {
        var (at, current) = (set, alias);
        for (var index = 0; index < path.Segments.Count; index++)
        {
            var name = path.Segments[index];
            if (at.FindProperty(name) is { } property)
            {
                string[] inside = [.. path.Segments.Skip(index + 1)];
                var term = Columns.Of(sql, property, current, inside) with { Indexed = Columns.IndexOf(sql.Engine, at, property, current, inside) };
                return term.Geo is { } shape ? term with { Geo = shape with { Joined = () => walk.Joined($"{set.Source} {alias}") } } : term;
            }

            if (at.FindNavigation(name) is not { } navigation)
            {
                throw new InvalidInputException("$filter", $"'{name}' at position {path.Position + 1} is no property or relation of {at.Type}");
            }

            if (navigation.Many && walk.ToOneOnly)
            {
                throw new InvalidInputException("$orderby", $"'{name}' leads to many {navigation.Target}; sorting needs one value");
            }

            (at, current) = (navigation.Target(), walk.Follow(navigation, current, sql, seen));
        }

        throw new InvalidInputException("$filter", $"'{path}' at position {path.Position + 1} is a relation; add a property after '/'");
    }

    /// <summary>The relations that one comparison follows.</summary>
    private sealed class Walk
    {
        private readonly Dictionary<(string From, string Navigation), string> known = [];

        public bool ToOneOnly { get; init; }

        /// <summary>What stands for the entity behind the first step; the first of <see cref="Joins"/> ties it to where the walk began.</summary>
        public string First { get; private set; } = "";

        public List<string> Tables { get; } = [];

        public List<string> Joins { get; } = [];

        public (string Tables, string Joins) Joined(string first) => (string.Join(", ", [first, .. Tables]), Joins.Count == 0 ? "1 = 1" : string.Join(" AND ", Joins));

        public string Follow(Navigation navigation, string from, SqlText sql, Func<string, string, string> seen)
        {
            if (known.TryGetValue((from, navigation.Name), out var alias))
            {
                return alias;
            }

            if (Tables.Count == 6)
            {
                throw new InvalidInputException("$filter", "one comparison may follow at most six relations");
            }

            var target = navigation.Target();
            alias = sql.Alias();
            First = Tables.Count == 0 ? alias : First;
            Tables.Add($"{target.Source} {alias}");
            Joins.Add(navigation.Join(from, alias));
            Joins.Add(seen(target.Table, alias));
            known.Add((from, navigation.Name), alias);
            return alias;
        }
    }
}
