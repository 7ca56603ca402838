namespace Madang.Trust.Access;

/// <summary>One thing that is allowed: an act on a kind of thing, in a department (null: everywhere) or of one provider alone, in a role and for a purpose.</summary>
internal sealed record Permission(Act Act, string Kind, long? Department, long? Provider, string Role, string Purpose)
{
    /// <summary>True when it reaches what the provider brought in; what is the city's own is reached by what holds everywhere.</summary>
    public bool Reaches(House house, long? provider) => (Department, Provider) switch
    {
        (null, null) => true,
        (_, { } own) => provider is { } asked && house.IsWithin(asked, own),
        ({ } department, null) => provider is { } asked && house.Providers.TryGetValue(asked, out var found) && house.StandsUnder(found.Department, department),
    };

    public bool ReachesDepartment(House house, long? department) =>
        Provider is null && (Department is not { } own || (department is { } asked && house.StandsUnder(asked, own)));
}
