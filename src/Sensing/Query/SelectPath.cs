using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Query;

/// <summary>One name of <c>$select</c>: a property or relation, or a part of a property (<c>unitOfMeasurement/symbol</c>), as OData 4.01, part 2, 5.1.4 has it for complex and open values.</summary>
internal readonly record struct SelectPath(string Name, IReadOnlyList<string> Inside)
{
    public static SelectPath Of(string written)
    {
        if (!written.Contains('/', StringComparison.Ordinal))
        {
            return new(written, []);
        }

        var path = ExpressionParser.ParsePath("$select", written);
        return path.Exists(segment => segment[0] == '[')
            ? throw new InvalidInputException("$select", $"'{written}': an element of a list cannot be selected alone", 501)
            : new(path[0], path[1..]);
    }

    /// <summary>Refuses what is no name of the set, and a part of what has none.</summary>
    public static void Check(EntitySet set, string written)
    {
        var (name, inside) = Of(written);
        if (set.FindNavigation(name) is not null)
        {
            if (inside.Count > 0)
            {
                throw new InvalidInputException("$select", $"'{written}' leads along a relation; $expand={name}($select=…) selects there");
            }

            return;
        }

        if (written == "@iot.selfLink")
        {
            return;
        }

        var property = set.FindProperty(name) ?? throw new InvalidInputException("$select", $"'{name}' is no property or relation of {set.Type}");
        if (inside.Count > 0 && !IsOpen(property))
        {
            throw new InvalidInputException("$select", $"'{written}': '{name}' has no parts that can be selected alone");
        }
    }

    private static bool IsOpen(Property property) => property.Kind is PropertyKind.Object or PropertyKind.Array or PropertyKind.Any or PropertyKind.Place or PropertyKind.Result;
}
