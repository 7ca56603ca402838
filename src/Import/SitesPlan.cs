namespace Madang.Import;

/// <summary>What a table of sites does not say about itself.</summary>
/// <param name="Kind">The kind of site, such as <c>station</c>.</param>
public sealed record SitesPlan(string Kind)
{
    /// <summary>Where the data come from; they are kept with the sites.</summary>
    public string? Source { get; init; }

    /// <summary>Their licence.</summary>
    public string? Licence { get; init; }

    /// <summary>The year they tell of.</summary>
    public int? BaseYear { get; init; }

    /// <summary><c>utf-8</c>, <c>cp949</c> or <c>latin1</c>; null to try the first and then the second.</summary>
    public string? Encoding { get; init; }

    /// <summary>True for sites that are made up.</summary>
    public bool Simulated { get; init; }

    /// <summary>Members (<c>name</c>, <c>name_en</c>, <c>code</c>, <c>longitude</c>, <c>latitude</c>, <c>address</c>, <c>capacity</c>) and the columns that hold them; a code may be made of several, joined by +. What is not named is recognised.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}

/// <summary>What an import of sites did, in numbers.</summary>
public sealed record SitesSummary(string Kind, int Rows, int Made, int Changed, int Unchanged, long Rejected, string? RejectedFile);
