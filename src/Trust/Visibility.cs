using Madang.Trust.Access;
using Madang.Trust.Record.Keeper;

namespace Madang.Trust;

/// <summary>A table whose rows belong to providers, and so may be hidden from a caller.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Hidden">The condition that a row, known by an alias, belongs to one of the providers in a list of ids.</param>
public sealed record OwnedTable(string Name, Func<string, string, string> Hidden);

/// <summary>
/// The one place that says which rows a caller may see. Every query over an entity puts this condition into its WHERE, so
/// that what may not be seen is absent from lists, counts, filters and expansions alike.
/// </summary>
public sealed class Visibility
{
    private readonly Dictionary<string, OwnedTable?> tables;
    private readonly Callers callers;
    private readonly Tally tally;

    internal Visibility(IEnumerable<OwnedTable> owned, IEnumerable<PublicTable> open, Callers callers, Tally tally)
    {
        (this.callers, this.tally) = (callers, tally);
        tables = owned.Select(table => (table.Name, Table: (OwnedTable?)table)).Concat(open.Select(table => (table.Name, Table: (OwnedTable?)null))).ToDictionary(table => table.Name, table => table.Table);
    }

    /// <summary>
    /// A SQL condition over the rows of <paramref name="entity"/> (a table's name) known as <paramref name="alias"/>, for
    /// <see cref="Caller.Current"/>. What works for nobody, such as the computing of the city's figures, sees what the public sees.
    /// </summary>
    public string Condition(string entity, string alias)
    {
        ArgumentException.ThrowIfNullOrEmpty(alias);
        if (!tables.TryGetValue(entity, out var table))
        {
            throw new ArgumentException($"Nobody said who may see the rows of '{entity}'.", nameof(entity));
        }

        if (table is not null && Caller.Told is { ReadsHidden: true } insider && Caller.PathRead is { } path)
        {
            // Whoever reads more than the public does is recorded, whether what he finds was hidden or not.
            tally.Note(insider.Entry("restricted.read", Act.Read, Kinds.Thing) with { Kind = entity, Thing = path });
        }

        // The ids are numbers of the house's own, never a caller's words.
        var viewer = Caller.Told ?? callers.Public;
        return table is null || (Caller.PathRead is null ? viewer.HiddenIds : viewer.UnreadIds) is not { } ids ? "1 = 1" : $"NOT ({table.Hidden(alias, ids)})";
    }

    /// <summary>The condition that <see cref="Caller.Current"/> may also read a row that he writes to; null when there is none that he may write to and not read.</summary>
    public string? ReadCondition(string entity, string alias)
    {
        ArgumentException.ThrowIfNullOrEmpty(alias);
        var viewer = Caller.Told ?? callers.Public;
        return tables.GetValueOrDefault(entity) is { } table && viewer.UnreadIds is { } ids && ids != viewer.HiddenIds ? $"NOT ({table.Hidden(alias, ids)})" : null;
    }
}

/// <summary>A table all of whose rows are public.</summary>
/// <param name="Name">The table's name.</param>
public sealed record PublicTable(string Name);
