using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Query;

/// <summary>Where a page begins: behind the entity whose sort keys a <c>$skiptoken</c> tells, and <c>$skip</c> further.</summary>
internal sealed class Cursor
{
    private readonly string about;
    private readonly bool byToken;

    private Cursor(string about, IReadOnlyList<object?>? keys, long skip) => (this.about, Keys, Skip, byToken) = (about, keys, skip, keys is not null);

    /// <summary>The keys of the last entity before the page; null at the beginning.</summary>
    public IReadOnlyList<object?>? Keys { get; }

    public long Skip { get; }

    /// <summary>How many keys the place that a query goes on from is told by; null where it begins at the beginning, or at a word that is not its own.</summary>
    public static int? KeysOf(QueryOptions query, EntitySet set, Parent? parent) => query.SkipToken is { } token ? SkipToken.Find(token, About(query, set, parent))?.Keys.Count : null;

    public static Cursor Of(QueryOptions query, EntitySet set, Parent? parent, Ordering order)
    {
        var about = About(query, set, parent);
        if (query.SkipToken is not { } token)
        {
            return new Cursor(about, null, query.Skip);
        }

        if (query.Skip > 0)
        {
            throw new InvalidInputException("$skip", "does not go together with $skiptoken");
        }

        var (keys, skip) = SkipToken.Read(token, about, order.Keys.Count);
        return new Cursor(about, keys, skip);
    }

    /// <summary>The way on behind the entity with these keys; where they are too long for an address, as many entities further than this page.</summary>
    public Next Next(IReadOnlyList<object?> keys, int given)
    {
        if (SkipToken.Write(about, keys, 0) is { } token)
        {
            return new Next("$skiptoken", token);
        }

        return byToken ? new Next("$skiptoken", SkipToken.Write(about, Keys!, Skip + given)!) : new Next("$skip", (Skip + given).ToString(CultureInfo.InvariantCulture));
    }

    private static string About(QueryOptions query, EntitySet set, Parent? parent) =>
        string.Create(CultureInfo.InvariantCulture, $"{set.Name} of {parent?.Navigation.From.Set}.{parent?.Navigation.Name} {parent?.Id}\n{query.Written.GetValueOrDefault("$filter")}\n{query.Written.GetValueOrDefault("$orderby")}");
}
