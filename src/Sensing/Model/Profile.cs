namespace Madang.Sensing.Model;

/// <summary>
/// One face of the model: what clients of one root address know of it. The store and the rules are the same behind all of
/// them; a set, property or relation that a profile does not name is not there for its clients, in links, bodies and queries
/// alike. Some clients and certification tools stop at a set they do not know, so each part of the standard has its own root.
/// </summary>
internal sealed class Profile
{
    /// <summary>SensorThings 1.1, Part 1: Sensing with MultiDatastreams (OGC 18-088).</summary>
    public static readonly Profile V11 = new("/sta/v1.1", SensorThingsModel.Sensing, _ => true);

    /// <summary>SensorThings 1.0 (OGC 15-078r6): there only Things have <c>properties</c>.</summary>
    public static readonly Profile V10 = new("/sta/v1.0", SensorThingsModel.Sensing, each => each.Property.Name != "properties" || each.Set == SensorThingsModel.Things);

    /// <summary>SensorThings 1.1 with Part 2, Tasking Core (OGC 17-079r1).</summary>
    public static readonly Profile Tasking = new("/sta/tasking/v1.1", [.. SensorThingsModel.Sensing, .. SensorThingsModel.Tasking], _ => true);

    /// <summary>Every profile.</summary>
    public static readonly IReadOnlyList<Profile> All = [V11, V10, Tasking];

    private Profile(string root, IReadOnlyList<EntitySet> sets, Predicate<(EntitySet Set, Property Property)> shows)
    {
        Root = root;
        var names = sets.Select(set => set.Name).ToHashSet();
        Sets =
        [
            .. sets.Select(set => set with
            {
                Properties = [.. set.Properties.Where(property => shows((set, property)))],
                Navigations = [.. set.Navigations.Where(navigation => names.Contains(navigation.Target)).Select(navigation => navigation with { Profile = this })],
            }),
        ];
    }

    /// <summary>The path of the service root, without a slash at its end.</summary>
    public string Root { get; }

    /// <summary>The sets, in the order of the root document.</summary>
    public IReadOnlyList<EntitySet> Sets { get; }

    public bool Knows(EntitySet set) => Find(set.Name) is not null;

    public EntitySet? Find(string name) => Sets.FirstOrDefault(set => set.Name == name);

    /// <summary>This profile's face of a set.</summary>
    public EntitySet Of(EntitySet set) => Find(set.Name) ?? throw new ArgumentException($"{Root} does not know {set.Name}.", nameof(set));
}
