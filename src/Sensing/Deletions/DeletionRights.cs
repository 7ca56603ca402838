using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Deletions;

/// <summary>What a deletion may touch and what its filter sees: decided when it is previewed, kept with it, and the same as long as it runs.</summary>
/// <param name="Mine">The providers whose Observations may go; 0 stands for the city itself.</param>
/// <param name="Hidden">The providers whose entities the filter does not see.</param>
internal sealed record DeletionRights(IReadOnlyList<long> Mine, IReadOnlyList<long> Hidden)
{
    private const string Owned = "SELECT DISTINCT provider_id FROM datastreams";

    private const string Others =
        "SELECT DISTINCT provider_id FROM things UNION SELECT DISTINCT provider_id FROM locations UNION SELECT DISTINCT provider_id FROM sensors UNION SELECT DISTINCT provider_id FROM observed_properties UNION SELECT DISTINCT provider_id FROM features";

    private static readonly Dictionary<string, OwnedTable> Tables = Ownership.Tables.ToDictionary(table => table.Name);

    public string MineText => string.Join(',', Mine);

    public string HiddenText => string.Join(',', Hidden);

    public static DeletionRights Of(string mine, string hidden) => new(Ids(mine), Ids(hidden));

    /// <summary>The rights of <see cref="Caller.Current"/>. A preview tells what is there, so whoever may write and not read is refused.</summary>
    public static async Task<DeletionRights> Find(WriteScope scope)
    {
        var caller = Caller.Current;
        var mine = (await scope.Connection.QueryAsync<long?>(Owned, null, scope.Transaction)).Where(provider => caller.May(Act.Write, Kinds.Thing, provider)).ToList();
        if (mine.Exists(provider => !caller.MayRead(provider)))
        {
            throw new CityRuleException("forbidden", "A deletion shows what it would delete: it needs the right to read as well as to write.", 403);
        }

        if (mine.Count == 0)
        {
            throw new CityRuleException("nothing-to-delete", "There is no Datastream whose Observations this caller may delete.");
        }

        var hidden = (await scope.Connection.QueryAsync<long?>($"{Others} UNION {Owned}", null, scope.Transaction)).Where(provider => !caller.MayRead(provider)).OfType<long>();
        return new DeletionRights([.. mine.Select(provider => provider ?? 0).Order()], [.. hidden.Order()]);
    }

    /// <summary>True when <see cref="Caller.Current"/> may write and read all that this deletion may touch: then it is his to see, to start and to stop.</summary>
    public bool AreHis => Mine.Select(provider => provider == 0 ? (long?)null : provider).All(provider => Caller.Current.May(Act.Write, Kinds.Thing, provider) && Caller.Current.MayRead(provider));

    /// <summary>The condition that a Datastream is one of theirs.</summary>
    public string Theirs(string alias) => Mine.Count == 0 ? "1 = 0" : $"coalesce({alias}.provider_id, 0) IN ({MineText})";

    /// <summary>The condition that a row is seen by the filter.</summary>
    public string Seen(string table, string alias) => Hidden.Count == 0 || !Tables.TryGetValue(table, out var owned) ? "1 = 1" : $"NOT ({owned.Hidden(alias, HiddenText)})";

    private static List<long> Ids(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => long.Parse(id, CultureInfo.InvariantCulture))];
}
