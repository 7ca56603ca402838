using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>A page of entities, with all that was expanded.</summary>
internal sealed record Page(RowShape Shape, IReadOnlyList<EntityRow> Rows, Total? Count, Next? Next);

/// <summary>How many entities there are, whatever the page holds; an estimate where counting would cost too much.</summary>
internal sealed record Total(long Number, bool IsEstimate);

/// <summary>The option that leads on to the page behind: <c>$skiptoken</c>, or <c>$skip</c> where a place cannot be named by its keys.</summary>
internal sealed record Next(string Option, string Value);

/// <summary>Where a collection hangs: what one navigation of one entity leads to.</summary>
internal sealed record Parent(Navigation Navigation, long Id);

/// <summary>One request being answered, in one snapshot.</summary>
internal sealed record Reading(ReadScope Read, Engine Engine, Budget Budget, bool ExactCount)
{
    /// <summary>What was found out for one place of the question, such as the shapes that a function tests; the same for each parent of an expansion.</summary>
    public Dictionary<object, object?> Known { get; } = new(ReferenceEqualityComparer.Instance);
}

/// <summary>How many entities an answer may still hold.</summary>
internal sealed class Budget(int left)
{
    private int left = left;

    public void Spend(int entities)
    {
        left -= entities;
        if (left < 0)
        {
            throw new InvalidInputException("$expand", "the answer would hold more entities than this server gives at once; lower $top, here or inside $expand");
        }
    }
}
