using System.Diagnostics.CodeAnalysis;

namespace Madang.Trust;

/// <summary>
/// The one place that says which rows a caller may see. Every query over an entity puts this condition into its WHERE, so
/// that what may not be seen is absent from lists, counts, filters and expansions alike. Today everything stored is public.
/// </summary>
public sealed class Visibility
{
    /// <summary>A SQL condition over the rows of <paramref name="entity"/> (a table's name) known as <paramref name="alias"/>.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Callers hold an instance: the answer will depend on who asks.")]
    public string Condition(string entity, string alias)
    {
        ArgumentException.ThrowIfNullOrEmpty(entity);
        ArgumentException.ThrowIfNullOrEmpty(alias);
        return "1 = 1";
    }
}
