using System.Collections.Frozen;

namespace Madang.Trust.Access;

/// <summary>
/// All departments, providers, grants, keys and limits as they stand at one moment. It never changes; a change makes another one,
/// so that who is asked while it changes answers by one of the two.
/// </summary>
internal sealed class House(IEnumerable<Department> departments, IEnumerable<Provider> providers, IEnumerable<Grant> grants, IEnumerable<DeviceKey> keys, IEnumerable<Limit> limits)
{
    /// <summary>Longer chains of parents or successors than this are a ring.</summary>
    public const int Deepest = 32;

    public static House Empty { get; } = new([], [], [], [], []);

    public FrozenDictionary<long, Department> Departments { get; } = departments.ToFrozenDictionary(department => department.Id);

    public FrozenDictionary<long, Provider> Providers { get; } = providers.ToFrozenDictionary(provider => provider.Id);

    public FrozenDictionary<string, DeviceKey> Keys { get; } = keys.ToFrozenDictionary(key => key.Id);

    public LimitTable Limits { get; } = new(limits);

    private readonly ILookup<string, Grant> grants = grants.ToLookup(grant => grant.Person);

    public Grant? FindGrant(long id) => grants.SelectMany(person => person).FirstOrDefault(grant => grant.Id == id);

    /// <summary>All that holds at a moment.</summary>
    public IEnumerable<Grant> ListGrants(DateTimeOffset at) => grants.SelectMany(person => person).Where(grant => grant.From <= at && (grant.To is not { } end || at < end));

    /// <summary>What a person is granted at a moment.</summary>
    public IEnumerable<Grant> GrantsOf(string person, DateTimeOffset at) => grants[person].Where(grant => grant.From <= at && (grant.To is not { } end || at < end));

    /// <summary>The department that does today what this one did: itself, or the last of its successors.</summary>
    public long Heir(long department)
    {
        for (var steps = 0; steps < Deepest && Departments.TryGetValue(department, out var known) && known is { ClosedAt: not null, Successor: { } next }; steps++)
        {
            department = next;
        }

        return department;
    }

    /// <summary>True when a department (or who came after it) is another one, or stands below it.</summary>
    public bool StandsUnder(long department, long above)
    {
        var top = Heir(above);
        long? at = Heir(department);
        for (var steps = 0; steps < Deepest && at is { } here; steps++)
        {
            if (here == top)
            {
                return true;
            }

            at = Departments.TryGetValue(here, out var known) && known.Parent is { } parent ? Heir(parent) : null;
        }

        return false;
    }

    /// <summary>True when a provider is another one, or a project of it.</summary>
    public bool IsWithin(long provider, long whole)
    {
        long? at = provider;
        for (var steps = 0; steps < Deepest && at is { } here; steps++)
        {
            if (here == whole)
            {
                return true;
            }

            at = Providers.TryGetValue(here, out var known) ? known.Parent : null;
        }

        return false;
    }
}
