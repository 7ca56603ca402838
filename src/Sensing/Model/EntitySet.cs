using System.Text.Json;

namespace Madang.Sensing.Model;

/// <summary>What a property holds, and so how it is stored, compared and written.</summary>
internal enum PropertyKind
{
    /// <summary><c>@iot.id</c>, a 64-bit integer.</summary>
    Id,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A JSON object.</summary>
    Object,

    /// <summary>A JSON array.</summary>
    Array,

    /// <summary>Any JSON value, kept as it came.</summary>
    Any,

    /// <summary>A GeoJSON geometry (or, with another encoding, any JSON), with its shape and box beside it.</summary>
    Place,

    /// <summary>An instant.</summary>
    Instant,

    /// <summary>An instant or an interval, in two columns.</summary>
    Interval,

    /// <summary>An Observation's result: number, text, boolean, JSON or null.</summary>
    Result,

    /// <summary>A Datastream's observedArea, computed from its features.</summary>
    Area,
}

/// <summary>A property of an entity, by its name in the standard and the column it lies in.</summary>
internal sealed record Property(string Name, PropertyKind Kind, string Column)
{
    /// <summary>The column of an interval's end; null for an instant.</summary>
    public string? EndColumn { get; init; }

    /// <summary>A create or PUT without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>The server keeps it. What a client sends back of it counts for nothing beside what it changes; a PATCH of nothing else is refused.</summary>
    public bool Computed { get; init; }

    /// <summary>What is wrong with a text given for it; null when nothing is.</summary>
    public Func<string, string?>? Objection { get; init; }

    /// <summary>Makes of JSON given for it (and the field's name) what is stored; throws when it is not as it should be.</summary>
    public Func<JsonElement, string, string>? Stored { get; init; }

    /// <summary>The one value it can have: filled in where it is absent, refused where it is another.</summary>
    public string? Fixed { get; init; }

    /// <summary>The column may hold NULL.</summary>
    public bool Nullable { get; init; }

    /// <summary>True when an absent value is written as <c>null</c> and not left out.</summary>
    public bool WrittenWhenNull { get; init; }
}

/// <summary>A way from one entity to others: equal columns, or a link table between the two.</summary>
internal sealed record Navigation(string Name, string Target, bool Many, string ParentColumn, string ChildColumn)
{
    /// <summary>The profile whose faces of the sets it leads between.</summary>
    public Profile? Profile { get; init; }

    /// <summary>The name of the set it starts from, and its table.</summary>
    public (string Set, string Table) From { get; init; }

    /// <summary>The sort key of the children when nobody asks for another; <c>{c}</c> is the child, <c>{p}</c> the parent's id.</summary>
    public string? Order { get; init; }

    /// <summary>The link table, its column that holds the parent's id and its column that holds the child's.</summary>
    public (string Table, string Parent, string Child)? Link { get; init; }

    /// <summary>A further condition on the child <c>{c}</c> given the parent <c>{p}</c>, which leads to an index.</summary>
    public string? Hint { get; init; }

    /// <summary>A create without it is refused (to-one only), unless the server can find it out.</summary>
    public bool Required { get; init; }

    /// <summary>A column of the parent, and what it must hold for this relation to lead anywhere: an Observation has a Datastream or a MultiDatastream, never both.</summary>
    public (string Column, Predicate<object?> Leads)? When { get; init; }

    /// <summary>The way back to where this one starts from.</summary>
    public Navigation? Inverse(EntitySet target) => target.Navigations.FirstOrDefault(candidate => candidate.Target == From.Set && (Link is { } link
        ? candidate.Link is { } back && back.Table == link.Table
        : candidate.ParentColumn == ChildColumn && candidate.ChildColumn == ParentColumn));

    /// <summary>The condition that child <paramref name="c"/> belongs to parent <paramref name="p"/>.</summary>
    public string Join(string p, string c) => Link is { } link
        ? $"{c}.id IN (SELECT {link.Child} FROM {link.Table} WHERE {link.Parent} = {p}.id)"
        : $"{c}.{ChildColumn} = {p}.{ParentColumn}{(Hint is null ? "" : " AND " + Hint.Replace("{c}", c, StringComparison.Ordinal).Replace("{p}.id", p + ".id", StringComparison.Ordinal))}";

    /// <summary>The condition that child <paramref name="c"/> belongs to the parent whose <see cref="ParentColumn"/> is <paramref name="value"/>.</summary>
    public string JoinTo(string value, string c) => Link is { } link
        ? $"{c}.id IN (SELECT {link.Child} FROM {link.Table} WHERE {link.Parent} = {value})"
        : $"{c}.{ChildColumn} = {value}{(Hint is null ? "" : " AND " + Hint.Replace("{c}", c, StringComparison.Ordinal).Replace("{p}.id", value, StringComparison.Ordinal))}";
}

/// <summary>An entity set of the standard: its names, its table, its properties and ways.</summary>
internal sealed record EntitySet(string Name, string Type, string Table, IReadOnlyList<Property> Properties, IReadOnlyList<Navigation> Navigations)
{
    /// <summary>Its ways to other sets.</summary>
    public IReadOnlyList<Navigation> Navigations { get; init; } = [.. Navigations.Select(navigation => navigation with { From = (Name, Table) })];

    /// <summary>What to read rows from when it is not the table itself.</summary>
    public string? View { get; init; }

    /// <summary>A condition on the rows of a table that holds more than this set; <c>{t}</c> is the row.</summary>
    public string? Restriction { get; init; }

    /// <summary>The condition that row <paramref name="alias"/> of the table is of this set.</summary>
    public string Only(string alias) => Restriction?.Replace("{t}", alias, StringComparison.Ordinal) ?? "1 = 1";

    /// <summary>The table or view that queries read.</summary>
    public string Source => View ?? Table;

    /// <summary>A set is the same in every profile, whatever each shows of it.</summary>
    public bool Equals(EntitySet? other) => other?.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public Property? FindProperty(string name) => Properties.FirstOrDefault(property => property.Name == name || (name == "@iot.id" && property.Kind == PropertyKind.Id));

    public Navigation? FindNavigation(string name) => Navigations.FirstOrDefault(navigation => navigation.Name == name);
}
